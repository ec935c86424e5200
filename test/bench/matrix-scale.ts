// The whole ordered matrix of 10,000 synthetic releases with 60 distinct snapshots a component, and its growth: once
// with twice the releases, once with twice the snapshots. Time should follow snapshots squared plus pairs.
import { openSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { VerdictTable } from '../../src/matrix/verdict-table.ts';
import type { Profile } from '../../src/model/profile.ts';
import type { Kernel, KernelComponent } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf } from '../support/shipped.ts';

/** The state of all profiles at once, as far as an upstream kernel has it. */
const EVERYTHING: Profile = {
  name: 'everything',
  summary: 'every component that 7.3.4 has',
  required: ['kho', 'kho-block', 'luo', 'luo-flb', 'luo-session', 'memblock', 'memfd', 'reserve-mem'],
  optional: ['kexec-metadata'],
  ignored: [],
};

/** Each component of each release has one of the snapshots, drawn without regard to the others. */
function synthetic(releases: number, snapshots: number): Kernel[] {
  const base = kernelOf(documentOf('7.3.4'));
  const variants = [...base.components].map(([id, { facts }]) => {
    const copies = Array.from({ length: snapshots }, (_, index) => ({
      facts: variant(facts, index),
      places: {},
    }));
    return [id, copies] as const;
  });
  let state = 1;
  const draw = (count: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % count;
  };
  return Array.from({ length: releases }, (_, index) => ({
    release: `7.${Math.floor(index / 100)}.${index % 100}`,
    components: new Map(variants.map(([id, copies]) => [id, copies[draw(copies.length)] as KernelComponent])),
  }));
}

/** Half of the variants have a marker of their own, the others a longer layout under a marker that they share. */
function variant(facts: KernelComponent['facts'], index: number): KernelComponent['facts'] {
  const copy = structuredClone(facts);
  const value = `${copy.marker?.macro}-v${index >> 1}`;
  if (copy.marker?.writes !== undefined) {
    copy.marker.writes = value;
    copy.marker.accepts = [{ value }];
  }
  copy.code = [{ function: 'variant', side: 'both', hash: String(index) }];
  return copy;
}

function measure(releases: number, snapshots: number): void {
  const kernels = synthetic(releases, snapshots);
  const start = performance.now();
  const letters = Buffer.from('XPR?-n=');
  let bytes = 0;
  const table = new VerdictTable(kernels, [EVERYTHING], { target: 'x86_64-4k' });
  for (let outgoing = 0; outgoing < releases; outgoing += 1) {
    const row = table.row(0, outgoing);
    for (let at = 0; at < row.length; at += 1) row[at] = letters[row[at] as number] as number;
    bytes += writeSync(sink, row);
  }
  const time = (performance.now() - start) / 1000;
  const memory = process.memoryUsage().rss / 2 ** 20;
  console.log(
    `${String(releases).padStart(6)} releases, ${String(snapshots).padStart(3)} snapshots: ${bytes} verdicts printed in ${time.toFixed(2)} s, ${memory.toFixed(0)} MB`,
  );
}

const sink = openSync('/dev/null', 'w');
measure(10_000, 60);
measure(5_000, 60);
measure(10_000, 30);
