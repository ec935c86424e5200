import type { PairVerdict } from '../model/finding.ts';
import type { PayloadDocument, PayloadFile, PayloadRegion, PayloadSession } from '../model/payload.ts';
import { PAYLOAD_SCHEMA_VERSION } from '../model/payload.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { forTarget, PAGE_SHIFT } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';

/** An update that a payload is chosen for. */
export interface PayloadQuestion {
  outgoing: Kernel;
  incoming: Kernel;
  profile: Profile;
  target: Target;
  /** What is predicted: what it says differs is what must be exercised. */
  pair: PairVerdict;
}

export interface ChosenPayload {
  payload: PayloadDocument;
  /** Why it is as it is, in sentences. */
  because: string[];
}

const MIB = 1 << 20;
/** Until 7.1 a session is an array of two pages: 128 files of 64 bytes (LUO_FILE_PGCNT in kernel/liveupdate/luo_file.c). */
const ARRAY_FILES = 120;
/** Fewer than the smallest block of sessions that was seen. */
const FEW_SESSIONS = 37;
/** More memory than this takes a guest too large to be tried beside others. */
const LARGEST = 512 * MIB;

/**
 * What is preserved to put a prediction to the test. The base exercises what single files do not: second blocks of files and
 * of sessions, holes, positions, seals, an empty session, empty files, more pages than a bitmap holds. What differs
 * between the two kernels moves these numbers beyond the borders of both.
 */
export function choosePayload(question: PayloadQuestion): ChosenPayload {
  const { profile, target } = question;
  const because: string[] = [];
  const sessions = hasSessions(profile) ? sessionsFor(question, because) : [];
  const regions = hasRegions(profile) ? regionsFor(target) : [];
  if (regions.length > 0) because.push('regions of one page, of an odd number of pages, and of 136 MiB');
  because.push(...differences(question));
  const payload = { $schema: 'payload.schema.json', schemaVersion: PAYLOAD_SCHEMA_VERSION };
  return { payload: { ...payload, sessions, regions }, because };
}

/** Whether files in sessions are part of what the profile asks for. */
export function hasSessions({ required }: Profile): boolean {
  return required.includes('memfd');
}

/** Whether memory that the kernel keeps by itself is part of what the profile asks for. */
export function hasRegions({ required }: Profile): boolean {
  return required.includes('reserve-mem');
}

/** The last one has a border of a bitmap of preserved pages in it, with 4 KiB pages. */
function regionsFor(target: Target): PayloadRegion[] {
  const page = 2 ** PAGE_SHIFT[target];
  return [
    { name: 'one', size: page },
    { name: 'odd', size: 259 * page },
    { name: 'wide', size: 136 * MIB },
  ];
}

/** The outgoing kernel writes down which seals a memfd has. */
export function writesSeals(kernel: Kernel, target: Target): boolean {
  const layout = layoutLookup(kernel, target)('memfd_luo_ser');
  return layout === undefined || layout.members.some(({ name }) => name === 'seals');
}

function sessionsFor(question: PayloadQuestion, because: string[]): PayloadSession[] {
  const { outgoing, target } = question;
  const page = 2 ** PAGE_SHIFT[target];
  const perBlock = Math.max(...entriesPerBlock(question, 'luo_file_ser'), 0);
  const perSessionBlock = Math.max(...entriesPerBlock(question, 'luo_session_ser'), 0);
  const hasBlocks = isAvailable(factsOf(outgoing, 'kho-block'));
  const files = hasBlocks && perBlock > 0 ? 2 * perBlock + 27 : ARRAY_FILES;
  const others = areSessionsEqual(question) ? Math.max(57, perSessionBlock + 9) : FEW_SESSIONS;
  because.push(
    hasBlocks
      ? `${files} files in one session: more than two blocks of ${perBlock} hold`
      : `${files} files in one session, nearly all that its array holds`,
    others === FEW_SESSIONS
      ? `${others + 3} sessions: a block that is read wrongly with more would end the boot before any file is looked at`
      : `${others + 3} sessions: more than one block holds`,
  );
  const bitmaps = isMemoryAlike(question) ? 1 : 2;
  const big = bigSize(question, bitmaps);
  const held = bitmaps === 1 ? 'one bitmap of preserved pages holds' : 'two bitmaps of preserved pages hold';
  because.push(`a file of ${Math.ceil(big / MIB)} MiB: more pages than ${held}`);
  return [
    { name: 'kinds', files: [...kinds(page), { token: '2834', size: big, seals: [] }] },
    { name: 'empty', files: [] },
    { name: 'many', files: Array.from({ length: files }, (_, index) => manyFile(index, page)) },
    ...Array.from({ length: others }, (_, index) => ({
      name: `session-${index}`,
      files: index < 3 ? [{ token: String(index + 1), size: page }] : [],
    })),
  ];
}

/** Nothing is known that could make the reader of sessions stumble; then it is worth to look beyond their first block. */
function areSessionsEqual({ pair }: PayloadQuestion): boolean {
  return partsOf(pair, ['kho-block', 'luo-session', 'luo']).every(({ verdict }) => verdict === 'compatible');
}

/**
 * Nothing differs by which it is said which pages are preserved, as far as it can be seen; where something does, more than
 * one border of a bitmap is worth to be crossed.
 */
function isMemoryAlike({ pair }: PayloadQuestion): boolean {
  const findings = partsOf(pair, ['kho', 'memfd']).flatMap((part) => part.findings);
  return findings.every(
    ({ impact, rule }) => impact === 'none' || (impact === 'note' && rule === 'fact-doubted'),
  );
}

function partsOf({ components }: PairVerdict, ids: readonly string[]): PairVerdict['components'] {
  return components.filter(({ id }) => ids.includes(id));
}

/** One file of every kind that a memfd can be. */
function kinds(page: number): PayloadFile[] {
  return [
    { token: '1', size: 16 * page, position: 12345, seals: [], hole: 4 },
    { token: '18446744073709551615', size: page + 904, position: page + 904 },
    { token: '3405643778', size: 3 * page, seals: ['shrink', 'grow'] },
    {
      token: '119',
      size: 2 * page,
      position: 7,
      seals: ['seal', 'shrink', 'grow', 'write', 'future-write'],
    },
    { token: '121', size: 0, seals: [] },
    { token: '122', size: 64 * page, position: 1 << 20, seals: ['write'], hole: 2 },
    { token: '123', size: 33 * page + 1, position: 33 * page },
  ];
}

function manyFile(index: number, page: number): PayloadFile {
  return { token: String(100_000 + index), size: page * (1 + (index % 3)), position: index };
}

/** How many records of a struct a block holds in each kernel that has blocks. */
function entriesPerBlock({ outgoing, incoming, target }: PayloadQuestion, struct: string): number[] {
  return [outgoing, incoming].flatMap((kernel) => {
    const { constants } = factsOf(kernel, 'kho-block');
    const size = numberOf(constants.KHO_BLOCK_SIZE && forTarget(constants.KHO_BLOCK_SIZE.value, target));
    const lookup = layoutLookup(kernel, target);
    const [record, head] = [lookup(struct), lookup('kho_block_header_ser')];
    if (size === undefined || !record?.size) return [];
    return [Math.floor((size - (head?.size ?? 16)) / record.size)];
  });
}

/** More pages than so many bitmaps of the larger kind have bits, as far as memory allows. */
function bigSize({ outgoing, incoming, target }: PayloadQuestion, bitmaps: number): number {
  const page = 2 ** PAGE_SHIFT[target];
  const bits = [outgoing, incoming].flatMap((kernel) => {
    const { constants } = factsOf(kernel, 'kho');
    const log2 = numberOf(
      constants.KHO_BITMAP_SIZE_LOG2 && forTarget(constants.KHO_BITMAP_SIZE_LOG2.value, target),
    );
    const flat = numberOf(constants.PRESERVE_BITS && forTarget(constants.PRESERVE_BITS.value, target));
    return [log2 === undefined ? undefined : 2 ** log2, flat].filter((value) => value !== undefined);
  });
  const covered = bitmaps * Math.max(...bits, 1 << 15) * page;
  return Math.min(covered, LARGEST) + 3 * page;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** What the prediction says differs, and by what of the payload it is exercised. */
function differences({ pair }: PayloadQuestion): string[] {
  return pair.components.flatMap(({ id, findings }) => {
    const subjects = findings.filter(({ impact }) => impact !== 'none').map(({ subject }) => subject);
    const exercised = EXERCISED.find(([component]) => component === id)?.[1];
    if (subjects.length === 0 || exercised === undefined) return [];
    return [`${id} differs in ${[...new Set(subjects)].join(', ')}: exercised by ${exercised}`];
  });
}

const EXERCISED: readonly (readonly [component: string, by: string])[] = [
  ['kho', 'memory of every size, small and beyond a bitmap'],
  ['kho-block', 'more records than a block of either kernel holds'],
  ['luo', 'sessions as such, an empty one among them'],
  ['luo-session', 'more sessions and files than a block holds, names, tokens of all sizes'],
  ['memfd', 'positions, sizes within a page, seals, holes'],
  ['memblock', 'reserved regions'],
  ['reserve-mem', 'reserved regions'],
];
