// Writes versions/commits/mainline.json from recorded facts: which commit changed what is handed over, and in which release
// it came. The words are ours. Usage: node --import tsx src/dev/transcribe-commits.ts FACTS.json
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../model/canonical.ts';
import type { CommitKind, CommitsDocument, KnownCommit } from '../model/commits.ts';
import { COMMITS_SCHEMA_VERSION } from '../model/commits.ts';
import type { Target } from '../model/target.ts';
import { packageRoot } from '../schema/package-root.ts';
import { validate } from '../schema/validate.ts';

interface RecordedCommit {
  in: string;
  commit: string;
  component: string;
  /** Before and after; `-` for none, several with commas. */
  marker: [string, string];
  /** One kind or several with commas. */
  class: string;
}

interface Words {
  what: string;
  backportedTo?: string[];
  targets?: Target[];
}

/** By commit and component. A commit that brought two components stands once for each. */
const WORDS: Record<string, Record<string, Words>> = {
  '3dc92c311498': { kho: { what: 'KHO: preserved pages as a list of chunks with bitmaps of 512 bytes' } },
  a667300bd53f: { kho: { what: 'preserved vmalloc areas' } },
  a2fff99f92da: { kho: { what: 'bitmaps fill a page instead of 512 bytes' } },
  '0153094d03df': { luo: { what: 'LUO' }, 'luo-session': { what: 'sessions' } },
  '7c722a7f44e0': { 'luo-session': { what: 'the record of a session holds its set of files' } },
  ac2d8102c4b8: { kho: { what: 'vmalloc structs moved and respelled, of one size on 64 bits' } },
  cab056f2aae7: { 'luo-flb': { what: 'FLB data under a node of its own that the reader demands' } },
  '7e04bf1f3315': {
    memfd: { what: 'the writer marks every folio as dirty and up to date', backportedTo: ['6.19.9'] },
  },
  '3f2ad90060f6': { kho: { what: 'a radix tree instead of bitmaps; blobs under another property' } },
  '8a552d68a86e': { memfd: { what: 'seals and flags' } },
  '85e41392820f': { kho: { what: 'the size of a blob beside it' } },
  '76aa46b9e404': { 'kexec-metadata': { what: 'the release of the kernel before and the number of kexecs' } },
  d64b0372760e: {
    kho: { what: 'the tree is 5 levels deep with 16 KiB pages, was 4', targets: ['arm64-16k'] },
  },
  d376e4b55c9a: { luo: { what: 'one struct for LUO instead of nodes for sessions and FLB data' } },
  cf071b3536df: { luo: { what: 'no FDT; the marker stands in the struct' } },
  '0349ff288705': { kho: { what: 'linked blocks' } },
  '2a441a14c2c0': { luo: { what: 'sessions in linked blocks' } },
  '1d1153097f4d': { luo: { what: 'files in linked blocks' } },
  '7b24dd46a70e': { kho: { what: 'constants of the tree renamed, with the same values' } },
};

const KINDS: readonly CommitKind[] = ['additive', 'bumped', 'new', 'none', 'semantic', 'silent-break'];

const [, , factsPath = ''] = process.argv;
const { history } = JSON.parse(readFileSync(factsPath, 'utf8')) as { history: RecordedCommit[] };
const document: CommitsDocument = {
  $schema: 'commits.schema.json',
  schemaVersion: COMMITS_SCHEMA_VERSION,
  branch: 'mainline',
  source: 'recorded facts of public copies of mainline, of the stable lists and of logs of what was pushed',
  commits: history.flatMap(transcribe),
};
const folder = join(packageRoot(), 'versions/commits');
const path = join(folder, `${document.branch}.json`);
mkdirSync(folder, { recursive: true });
writeFileSync(path, canonicalJson(validate<CommitsDocument>('commits', document, path)));
console.log(path);

function transcribe(recorded: RecordedCommit): KnownCommit[] {
  const { commit, marker, in: first } = recorded;
  const words = WORDS[commit];
  if (!words?.[recorded.component]) throw new Error(`no words for ${commit} of ${recorded.component}`);
  const [before, after] = marker.map((text) => text.split(', '));
  return Object.entries(words).map(([component, { what, backportedTo = [], targets }], at) => {
    const [from = null, to = null] = [before?.[at] ?? before?.[0], after?.[at]].map(markerOf);
    if (to === null) throw new Error(`${commit}: no marker of ${component}`);
    return {
      commit,
      first,
      backportedTo,
      component,
      kinds: kindsOf(recorded),
      marker: { before: from, after: to },
      ...(targets && { targets }),
      what,
    };
  });
}

function markerOf(text: string | undefined): string | number | null {
  if (text === undefined || text === '-') return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}

function kindsOf({ commit, class: text }: RecordedCommit): CommitKind[] {
  return text.split(', ').map((name) => {
    const kind = KINDS.find((known) => known === name);
    if (!kind) throw new Error(`${commit}: unknown kind ${name}`);
    return kind;
  });
}
