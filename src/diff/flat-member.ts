import type { Layout, Member } from '../model/layout.ts';
import { embeddedTag, readEncoding } from './encoding.ts';
import type { FlatMember, LayoutLookup } from './rule.ts';

// The members of a struct as rules compare them. A named member of a struct or union that has no layout of its own (an
// unnamed one, or one that no component covers) stands for nothing by itself: its own members stand in its place, `outer.inner`, with offsets from the start of the struct. A row of unnamed
// structs keeps its entry, for its length and stride, with the members of its first element beside it.

/** Deeper nesting than any real header; what lies below counts as one opaque member. */
const MAX_DEPTH = 16;

const leavesByLayout = new WeakMap<Layout, readonly FlatMember[]>();

/** The members that hold bytes, in the order of their declaration. */
export function leavesOf(layout: Layout): readonly FlatMember[] {
  let leaves = leavesByLayout.get(layout);
  if (!leaves) {
    const all = flatten(layout.members);
    leaves = all.filter((leaf) => !isMark(leaf, layout) && !isView(leaf, all));
    leavesByLayout.set(layout, leaves);
  }
  return leaves;
}

/** An array of no elements before the end marks a place, and holds nothing. */
function isMark({ bitSize, bitOffset, encoding }: FlatMember, { size }: Layout): boolean {
  return bitSize === 0 && bitOffset < size * 8 && readEncoding(encoding).dimensions.includes(0);
}

/** An array without a length over another of the same elements, as in a union, is a second name for that. */
function isView(leaf: FlatMember, all: readonly FlatMember[]): boolean {
  const element = isFlexible(leaf) ? elementOf(leaf.encoding) : undefined;
  if (element === undefined) return false;
  return all.some(
    ({ bitOffset, bitSize, encoding }) =>
      bitSize > 0 && bitOffset === leaf.bitOffset && elementOf(encoding) === element,
  );
}

/** What an array of one dimension holds; undefined for anything else. */
function elementOf(encoding: string): string | undefined {
  const { dimensions, element } = readEncoding(encoding);
  return dimensions.length === 1 ? element : undefined;
}

const closedByLayout = new WeakMap<Layout, boolean>();

/** Whether a layout embeds no struct or union by name, so that what it holds is told by itself. */
export function isClosed(layout: Layout): boolean {
  const known =
    closedByLayout.get(layout) ??
    leavesOf(layout).every(({ encoding }) => embeddedTag(encoding) === undefined);
  closedByLayout.set(layout, known);
  return known;
}

interface Position {
  prefix: string;
  base: number;
  depth: number;
}

const TOP: Position = { prefix: '', base: 0, depth: 0 };

function flatten(members: readonly Member[], { prefix, base, depth }: Position = TOP): FlatMember[] {
  return members.flatMap(({ name, bitOffset, bitSize, type, encoding, pointee, members: inner }) => {
    const own: FlatMember = {
      name: prefix + name,
      bitOffset: base + bitOffset,
      bitSize,
      type,
      encoding,
      ...(pointee !== undefined && { pointee }),
    };
    if (!inner || depth >= MAX_DEPTH) return [own];
    const leaves = flatten(inner, { prefix: `${own.name}.`, base: own.bitOffset, depth: depth + 1 });
    return isRow(encoding) ? [{ ...own, stride: strideOf(own) || extentOf(inner) }, ...leaves] : leaves;
  });
}

/** Bits up to the end of the last member: the size of an unnamed struct, but for padding behind it. */
function extentOf(members: readonly Member[]): number {
  return members.reduce((end, { bitOffset, bitSize }) => Math.max(end, bitOffset + bitSize), 0);
}

function isRow(encoding: string): boolean {
  return readEncoding(encoding).dimensions.length > 0;
}

/** Whether a member is an array without a length. */
export function isFlexible({ encoding }: Pick<FlatMember, 'encoding'>): boolean {
  const { dimensions } = readEncoding(encoding);
  return dimensions.length > 0 && dimensions[0] === undefined;
}

/** Bits from one element of an array to the next; 0 for a flexible array, whose size tells nothing. */
export function strideOf({ encoding, bitSize }: Pick<FlatMember, 'bitSize' | 'encoding'>): number {
  const count = readEncoding(encoding).dimensions.reduce<number>(
    (product, length) => product * (length ?? 0),
    1,
  );
  return count > 0 ? bitSize / count : 0;
}

/** What a member that embeds a named struct holds, in its place; itself where that layout is not known. */
export function inlined(member: FlatMember, layoutOf: LayoutLookup): FlatMember[] {
  const layout = layoutOf(embeddedTag(member.encoding) ?? '');
  if (!layout) return [member];
  const leaves = flatten(layout.members, { prefix: `${member.name}.`, base: member.bitOffset, depth: 0 });
  return isRow(member.encoding) ? [{ ...member, stride: layout.size * 8 }, ...leaves] : leaves;
}

const RESERVED = /(?:^|\.)_*(?:reserved|rsvd|resv|pad|padding|unused)_*\d*(?=\.|$)/i;

/** Names by which kernel structs mark bytes that hold nothing; also what lies inside such a member. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}

/** The live members that share bits with a range. Of a row of structs, what lies behind its first element. */
export function liveIn(layout: Layout, bitOffset: number, bitSize: number): FlatMember[] {
  return leavesOf(layout).filter(
    (leaf) =>
      !isReserved(leaf.name) &&
      leaf.bitOffset + leaf.bitSize > bitOffset &&
      leaf.bitOffset + (leaf.stride ?? 0) < bitOffset + bitSize,
  );
}

/** Whether a range of bits holds no live member of a layout: padding, reserved members, or the space behind its end. */
export function isVacant(layout: Layout, bitOffset: number, bitSize: number): boolean {
  return liveIn(layout, bitOffset, bitSize).length === 0;
}

/** Whether two members hold the same kind of data in the same bits, whatever they are called. */
export function isSamePlace(one: FlatMember, other: FlatMember): boolean {
  return (
    one.bitOffset === other.bitOffset &&
    one.bitSize === other.bitSize &&
    one.encoding === other.encoding &&
    one.stride === other.stride
  );
}
