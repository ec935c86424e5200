/*
 * Nine tenths of a kernel tarball are of no interest here. Where it is sorted and can be entered at many
 * places (the blocks of an .xz file), the first path behind each place says what lies between them, and
 * only the stretches that can hold something wanted are read:
 *
 *   starts   |0      |24M     |48M     |72M
 *   paths    top     Docu/x   arch/a   arch/y    wanted: arch/x86/  ->  read 48M up to the end
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { type TarMember, TarReader } from '../formats/tar.ts';
import { isTarHeader, parseTarHeader, TAR_BLOCK } from '../formats/tar-header.ts';
import { PathOrder } from './path-order.ts';
import type { SoughtFiles } from './source.ts';

/** Fewer places than this neither show an order beyond doubt nor save much. */
const LANDMARK_MINIMUM = 16;
/** How far behind a start the first header is looked for; a larger member makes the stretch longer. */
const PEEK_SIZE = 512 << 10;
const PARALLEL_PEEKS = 2;
/** Of so many places one is looked at where nearly all is read. */
const SPARSE_STEP = 3;

/** A stretch of an archive from one header to another; without `to` up to the end. */
export interface Stretch {
  from: number;
  to: number | undefined;
}

interface Landmark {
  start: number;
  headerOffset: number;
  path: string;
}

/**
 * Which stretches of a tar archive can hold members that begin with one of `prefixes`, or files that are sought, in order.
 * Undefined when the archive cannot be read in part: few places to enter, or not sorted by path.
 * @param top what all paths begin with; a header found elsewhere than behind another must do so too
 */
export async function planStretches(
  source: ByteSource,
  top: string,
  { prefixes, sought }: { prefixes: readonly string[]; sought?: SoughtFiles | undefined },
): Promise<{ stretches: Stretch[]; starts: number[] } | undefined> {
  if (source.starts.length < LANDMARK_MINIMUM) return undefined;
  // Where nearly all is read, it is enough to see where the long stretches are that need not be.
  const landmarks = await findLandmarks(source, top, sought ? SPARSE_STEP : 1);
  if (landmarks.length < LANDMARK_MINIMUM) return undefined;
  const order = new PathOrder();
  for (const { path } of landmarks) order.add(path);
  if (!order.isSorted || landmarks[0]?.start !== 0) return undefined;
  const stretches: Stretch[] = [];
  const starts: number[] = [];
  for (const [index, landmark] of landmarks.entries()) {
    const next = landmarks[index + 1];
    const mayHold = sought?.mayHold(folderOfBoth(landmark.path, next?.path, top)) === true;
    if (!mayHold && !order.canHold(landmark.path, next?.path, prefixes)) continue;
    const last = stretches.at(-1);
    if (last?.to === landmark.headerOffset) last.to = next?.headerOffset;
    else stretches.push({ from: landmark.headerOffset, to: next?.headerOffset });
    const end = next?.start ?? Number.POSITIVE_INFINITY;
    starts.push(...source.starts.filter((start) => start >= landmark.start && start < end));
  }
  return { stretches, starts };
}

/** The folder, from the top of the tree, that two paths and all that sorts between them lie in. */
function folderOfBoth(one: string, other: string | undefined, top: string): string {
  let length = 0;
  while (other !== undefined && length < one.length && one[length] === other[length]) length++;
  return one.slice(top.length, Math.max(top.length, one.lastIndexOf('/', length - 1) + 1));
}

/**
 * The members of some stretches. Ends with false as soon as what is read does not fit the plan: the
 * archive must be read in full then.
 */
export async function* walkStretches(
  source: ByteSource,
  stretches: readonly Stretch[],
): AsyncGenerator<{ reader: TarReader; member: TarMember }, boolean> {
  for (const { from, to } of stretches) {
    const reader = new TarReader(source, from);
    while (to === undefined || reader.offset < to) {
      const member = await reader.next();
      if (member === undefined) {
        if (to !== undefined) return false;
        break;
      }
      yield { reader, member };
      // The landmark at `to` may be the plain header behind this member's extended ones.
      if (to !== undefined && reader.offset > to && member.contentOffset <= to) return false;
    }
  }
  return true;
}

async function findLandmarks(source: ByteSource, top: string, step: number): Promise<Landmark[]> {
  const starts = source.starts.filter((_, at) => at % step === 0);
  const landmarks: (Landmark | undefined)[] = starts.map(() => undefined);
  let index = 0;
  const lane = async () => {
    while (index < starts.length) {
      const mine = index++;
      landmarks[mine] = await findLandmark(source, starts[mine] ?? 0, top);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_PEEKS }, lane));
  return landmarks.filter((landmark) => landmark !== undefined);
}

async function findLandmark(source: ByteSource, start: number, top: string): Promise<Landmark | undefined> {
  const found = firstHeader(await source.peek(start, PEEK_SIZE), start, top);
  return found && { start, ...found };
}

/** The first plain header of a path below `top` that no extended header stands before. */
function firstHeader(bytes: Uint8Array, start: number, top: string) {
  const first = (TAR_BLOCK - (start % TAR_BLOCK)) % TAR_BLOCK;
  for (let at = first; at + TAR_BLOCK <= bytes.byteLength; at += TAR_BLOCK) {
    const block = bytes.subarray(at, at + TAR_BLOCK);
    if (!isTarHeader(block)) continue;
    const { path, flag, size } = parseTarHeader(block, start + at);
    // A name that fills its field may be the beginning of one that an extended header gives in full.
    const isWhole = '0257'.includes(flag) && Buffer.byteLength(path) < 100;
    if (isWhole && path.startsWith(top)) return { path, headerOffset: start + at };
    at += Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    // Behind extended headers comes a header that is theirs.
    if ('xLK'.includes(flag)) at += TAR_BLOCK;
  }
  return undefined;
}
