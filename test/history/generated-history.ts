import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edit, Tree } from '../accuracy/edit-declarations.ts';
import { editText, redefine, replaceMember, swap } from '../accuracy/edit-declarations.ts';
import type { MadeCommit } from './made-repository.ts';
import { edited } from './made-repository.ts';

// A history with known truth. Commits come in groups that belong together; the last commit of a group also makes the
// Makefile say the next release, so that nothing behind it can mend what is in the group.

/** What a commit is. */
export type CommitKind = 'cosmetic' | 'mended later' | 'mends' | 'not raised' | 'raised';

export const COMMIT_KINDS: readonly CommitKind[] = [
  'cosmetic',
  'mended later',
  'mends',
  'not raised',
  'raised',
];

/** What must be said of a commit. */
export interface Truth {
  kind: CommitKind;
  title: string;
  /** `rule level component`; nothing for a commit that needs no word. */
  findings: readonly string[];
  /** The component whose marker was raised. */
  raised: string | null;
}

const FIXTURE = fileURLToPath(new URL('../accuracy/fixtures/tree', import.meta.url));

/** The declarations of test/accuracy, as files. */
export function fixtureTree(): Tree {
  const paths = readdirSync(FIXTURE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => [path.slice(FIXTURE.length + 1), readFileSync(path, 'utf8')] as const).sort(),
  );
}

interface Change {
  component: string;
  guard: 'kexec-metadata' | 'kho' | 'luo' | 'memfd';
  edit: Edit;
}

const exchange = (
  component: string,
  guard: Change['guard'],
  struct: string,
  one: string,
  other: string,
): Change => ({
  component,
  guard,
  edit: swap(struct, one, other),
});

/** Each makes data read differently, however often and in which order they come. */
const CHANGES: readonly Change[] = [
  exchange('memfd', 'memfd', 'memfd_luo_ser', 'pos', 'size'),
  exchange('memfd', 'memfd', 'memfd_luo_ser', 'seals', 'flags'),
  exchange('memfd', 'memfd', 'memfd_luo_ser', 'nr_folios', 'pos'),
  exchange('memfd', 'memfd', 'memfd_luo_folio_ser', 'pfn', 'flags'),
  exchange('luo', 'luo', 'luo_ser', 'sessions_pa', 'flbs_pa'),
  exchange('luo', 'luo', 'luo_ser', 'liveupdate_num', 'flbs_pa'),
  exchange('luo-session', 'luo', 'luo_file_ser', 'data', 'token'),
  exchange('luo-session', 'luo', 'luo_file_set_ser', 'files', 'count'),
  exchange('luo-session', 'luo', 'luo_session_ser', 'name', 'file_set_ser'),
  exchange('luo-flb', 'luo', 'luo_flb_ser', 'data', 'count'),
  exchange('luo-flb', 'luo', 'luo_flb_header_ser', 'pgcnt', 'count'),
  exchange('kho', 'kho', 'kho_vmalloc', 'flags', 'order'),
  exchange('kho-block', 'kho', 'kho_block_header_ser', 'next', 'count'),
  exchange('kexec-metadata', 'kexec-metadata', 'kho_kexec_metadata', 'previous_release', 'kexec_count'),
];

const MARKERS = {
  'kexec-metadata': { macro: 'KHO_KEXEC_METADATA_VERSION', spell: (number: number) => String(number) },
  kho: { macro: 'KHO_FDT_COMPATIBLE', spell: (number: number) => `"kho-v${number}"` },
  luo: { macro: 'LUO_ABI_COMPATIBLE', spell: (number: number) => `"luo-v${number}"` },
  memfd: { macro: 'MEMFD_LUO_FH_COMPATIBLE', spell: (number: number) => `"memfd-v${number}"` },
} as const;

/** The numbers that the fixture begins with, kept below what would make a string longer than its array. */
const FIRST = { 'kexec-metadata': 1, kho: 4, luo: 5, memfd: 2 } as const;

/** Random numbers that the seed alone decides. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % below;
  };
}

class HistoryWriter {
  readonly commits: MadeCommit[] = [];
  readonly truths: Truth[] = [];
  readonly #random: (below: number) => number;
  readonly #numbers: Record<Change['guard'], number> = { ...FIRST };
  #tree: Tree;
  #release = 4;
  #count = 0;

  constructor(seed: number) {
    this.#random = randomFrom(seed);
    this.#tree = fixtureTree();
    this.commits.push({ title: 'Linux 7.3.4', tree: this.#tree, tag: 'v7.3.4' });
  }

  /** One group: every commit but the first of a pair stands alone. */
  writeGroup(room: number): void {
    const pick = this.#random(10);
    if (room >= 3 && pick < 3) this.#writeMended();
    else if (pick < 5) this.#writeCosmetic(true);
    else if (pick < 8) this.#writeChange(true, true);
    else this.#writeChange(false, true);
  }

  #writeChange(isRaised: boolean, isLast: boolean): void {
    const change = this.#pick(CHANGES);
    const edits = isRaised ? [change.edit, this.#raise(change.guard)] : [change.edit];
    const { component, guard } = change;
    this.#commit(edits, isLast, {
      kind: isRaised ? 'raised' : 'not raised',
      findings: isRaised ? [] : [`marker-not-bumped error ${component}`],
      raised: isRaised ? guard : null,
    });
  }

  /** A change without a raise; then nothing of account; then the raise, or the change taken back. */
  #writeMended(): void {
    const change = this.#pick(CHANGES);
    const { component, guard, edit } = change;
    const findings = [`marker-not-bumped warning ${component}`];
    this.#commit([edit], false, { kind: 'mended later', findings, raised: null });
    this.#writeCosmetic(false);
    if (this.#random(3) === 0) {
      const taken = [`marker-not-bumped note ${component}`];
      this.#commit([edit], true, { kind: 'mends', findings: taken, raised: null });
      return;
    }
    const raised = [`marker-bumped-without-change note ${guard}`];
    this.#commit([this.#raise(guard)], true, { kind: 'mends', findings: raised, raised: guard });
  }

  #writeCosmetic(isLast: boolean): void {
    const spelling = this.#pick(['u64', '__u64', 'unsigned long long']);
    const number = this.#count;
    const cosmetic: readonly Edit[] = [
      replaceMember('memfd_luo_ser', 'size', `${spelling} size`),
      replaceMember('luo_ser', 'sessions_pa', `${spelling} sessions_pa`),
      (tree) => tree.set('mm/memblock.c', `${tree.get('mm/memblock.c')}\n/* remark ${number} */\n`),
      (tree) => tree.set('drivers/test/made.c', `int made_${number};\n`),
      (tree) => tree.set('include/linux/unrelated.h', `struct made_${number} { int x; };\n`),
      editText((text, path) => (path.endsWith('memfd.h') ? text.replace('\n\n', '\n\n\n') : text)),
    ];
    this.#commit([this.#pick(cosmetic)], isLast, { kind: 'cosmetic', findings: [], raised: null });
  }

  #commit(edits: readonly Edit[], isLast: boolean, truth: Omit<Truth, 'title'>): void {
    this.#count += 1;
    if (isLast) this.#release += 1;
    const release = redefineSublevel(this.#release);
    const title = `change ${this.#count}: ${truth.kind}`;
    this.#tree = edited(this.#tree, ...edits, ...(isLast ? [release] : []));
    const tag = isLast ? { tag: `v7.3.${this.#release}` } : {};
    this.commits.push({ title, tree: this.#tree, ...tag });
    this.truths.push({ ...truth, title });
  }

  #raise(guard: Change['guard']): Edit {
    this.#numbers[guard] += 1;
    const { macro, spell } = MARKERS[guard];
    return redefine(macro, spell(this.#numbers[guard]));
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random(list.length)] as T;
  }
}

function redefineSublevel(value: number): Edit {
  return (tree) => {
    tree.set('Makefile', (tree.get('Makefile') ?? '').replace(/^SUBLEVEL = .*$/m, `SUBLEVEL = ${value}`));
  };
}

/** A history of some commits behind the first, and what must be said of each. */
export function generateHistory(seed: number, length: number): { commits: MadeCommit[]; truths: Truth[] } {
  const writer = new HistoryWriter(seed);
  while (writer.truths.length < length) writer.writeGroup(length - writer.truths.length);
  return { commits: writer.commits, truths: writer.truths };
}
