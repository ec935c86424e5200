import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { capture } from '../../src/capture/capture.ts';
import { GateJudge } from '../../src/matrix/gate-judge.ts';
import { VerdictTable } from '../../src/matrix/verdict-table.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { PROFILES, type Profile } from '../../src/model/profile.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { rankOf } from '../../src/verdict/walk.ts';
import { edited, judge } from './shipped.ts';

// Kernels with what nobody has described: 7.3.4 and what a made tree shows besides.

/** Texts of files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** The least that is taken for a kernel's source with its code. */
export const LEAST_KERNEL = {
  Makefile: 'VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\nEXTRAVERSION =\n',
  'include/linux/kexec_handover.h':
    'int kho_add_subtree(const char *name, void *blob, unsigned long size);\n',
  'include/linux/types.h':
    'typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64;\n#define __packed __attribute__((packed))\n',
  'mm/memblock.c': 'int nothing;\n',
} as const;

/** Folders for made trees; `remove` them when the tests are done. */
export class MadeTrees {
  readonly #root = mkdtempSync(join(tmpdir(), 'luo-abi-made-'));
  #count = 0;

  /** A tree with these files and no others. */
  tree(files: Files): string {
    this.#count += 1;
    const folder = join(this.#root, `tree-${this.#count}`);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  captured(files: Files, config?: ReadonlyMap<string, string>): Promise<CaptureDocument> {
    return capture(this.tree({ ...LEAST_KERNEL, ...files }), config ? { config } : {});
  }

  /** 7.3.4 that has besides what a made tree shows of components that nobody has described. */
  async kernelWith(release: string, files: Files, config?: ReadonlyMap<string, string>): Promise<Kernel> {
    return kernelWithThoseOf(release, await this.captured(files, config));
  }
}

/** 7.3.4 with the inferred components and the callers of a document. */
export function kernelWithThoseOf(release: string, made: CaptureDocument): Kernel {
  const own = Object.entries(made.components).filter(([, { isInferred, callers }]) => isInferred || callers);
  return edited('7.3.4', (document) => {
    document.release = release;
    for (const [id, state] of own) document.components[id] = { ...state, available: 'buildable' };
  });
}

const JUDGING = { errata: [], reviews: [], erratumApplies: () => false, kernelNamed: () => undefined };

/** All doors: one pair, the table of very many, and the gate. */
export function bothDoors(outgoing: Kernel, incoming: Kernel, profile: string): string {
  const { verdict, effect } = judge({ outgoing, incoming, profile });
  const profiles = PROFILES.filter(({ name }) => name === profile);
  const table = new VerdictTable([outgoing, incoming], profiles, { target: 'x86_64-4k' });
  assert.equal(table.row(0, 0)[1], rankOf({ verdict, effect }), `${profile}: the table says another`);
  const gate = new GateJudge([outgoing, incoming], profiles, JUDGING);
  const gated = gate.judge({
    outgoing,
    incoming,
    profile: profiles[0] as Profile,
    target: 'x86_64-4k',
    passed: [],
  });
  assert.equal(gated.verdict, verdict, `${profile}: the gate says another`);
  return verdict;
}
