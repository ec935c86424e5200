import type { Layout } from '../model/layout.ts';
import { embeddedTag } from './encoding.ts';
import { inlined, isReserved, isSamePlace, leavesOf } from './flat-member.ts';
import { mayBeRenamed } from './rename.ts';
import type { FlatMember, LayoutLookup } from './rule.ts';

// Which fact of the outgoing kernel is compared with which of the incoming one: by name first; what is left over, by
// place, which is a guess at a rename.

export interface PairedMember {
  name: string;
  written: FlatMember | undefined;
  read: FlatMember | undefined;
  renamed: boolean;
}

export interface LayoutPair {
  written: Layout;
  read: Layout;
  /** The layouts of embedded structs on each side. */
  outgoing: LayoutLookup;
  incoming: LayoutLookup;
}

/** Pairs the members of two layouts, in the order of the outgoing one, added members last. */
export function pairMembers({ written, read, ...lookups }: LayoutPair): PairedMember[] {
  const outgoing = comparable(leavesOf(written), leavesOf(read), lookups.outgoing);
  const incoming = comparable(leavesOf(read), leavesOf(written), lookups.incoming);
  const readByName = new Map(incoming.map((member) => [member.name, member]));
  const writtenNames = new Set(outgoing.map((member) => member.name));
  const added = incoming.filter((member) => !writtenNames.has(member.name));
  const taken = new Set<FlatMember>();
  const regrouped = pairRegrouped(
    outgoing.filter((member) => !readByName.has(member.name)),
    added,
  );
  for (const member of regrouped.values()) taken.add(member);
  const pairs = outgoing.map((member): PairedMember => {
    const same = readByName.get(member.name) ?? regrouped.get(member);
    if (same) return { name: member.name, written: member, read: same, renamed: false };
    const guess = isReserved(member.name)
      ? undefined
      : added.find((other) => !taken.has(other) && isGuess(member, other));
    if (guess) taken.add(guess);
    return { name: member.name, written: member, read: guess, renamed: guess !== undefined };
  });
  const left = added.filter((member) => !taken.has(member));
  return [
    ...pairs,
    ...left.map((member) => ({ name: member.name, written: undefined, read: member, renamed: false })),
  ];
}

function isGuess(member: FlatMember, other: FlatMember): boolean {
  return !isReserved(other.name) && isSamePlace(member, other) && mayBeRenamed(member, other);
}

function lastName({ name }: FlatMember): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/**
 * Members that went into a struct, or came out of one, under their own names: the one at the same place, else the only
 * one of that name. Within two structs the names of those count, so they are no matter of this.
 */
function pairRegrouped(
  gone: readonly FlatMember[],
  came: readonly FlatMember[],
): Map<FlatMember, FlatMember> {
  const pairs = new Map<FlatMember, FlatMember>();
  const isTwin = (one: FlatMember, other: FlatMember): boolean =>
    lastName(one) === lastName(other) && one.name.includes('.') !== other.name.includes('.');
  for (const member of gone) {
    const twins = came.filter((other) => isTwin(member, other));
    const rivals = gone.filter((other) => twins.some((twin) => isTwin(other, twin)));
    const here = twins.find((other) => other.bitOffset === member.bitOffset);
    const only = twins.length === 1 && rivals.length === 1 ? twins[0] : undefined;
    const twin = here ?? only;
    if (twin && ![...pairs.values()].includes(twin)) pairs.set(member, twin);
  }
  return pairs;
}

/**
 * A struct that one side embeds by name is compared member by member where the other side has no struct by name there: an
 * unnamed type got a name, or members were gathered into a struct of their own, and not a byte moved.
 */
function comparable(
  own: readonly FlatMember[],
  other: readonly FlatMember[],
  layoutOf: LayoutLookup,
): FlatMember[] {
  const isEmbeddedThere = ({ name, bitOffset }: FlatMember): boolean =>
    other.some(
      (twin) =>
        embeddedTag(twin.encoding) !== undefined && (twin.name === name || twin.bitOffset === bitOffset),
    );
  return own.flatMap((member) =>
    embeddedTag(member.encoding) && !isEmbeddedThere(member) ? inlined(member, layoutOf) : [member],
  );
}

/** Whether two layouts hold the same bytes for the same values, names left out; embedded structs by their names. */
export function isSameWire(one: Layout, other: Layout): boolean {
  return one.size === other.size && placesOf(one) === placesOf(other);
}

const placesByLayout = new WeakMap<Layout, string>();

function placesOf(layout: Layout): string {
  const known = placesByLayout.get(layout);
  if (known !== undefined) return known;
  const rows = leavesOf(layout).map(
    ({ bitOffset, bitSize, encoding }) => `${bitOffset}+${bitSize} ${encoding}`,
  );
  const places = rows.sort().join('\n');
  placesByLayout.set(layout, places);
  return places;
}

export interface PairedEntry<T> {
  name: string;
  incomingName: string;
  written: T | undefined;
  read: T | undefined;
  /** For one without a partner: what the other side has left over that might be it under another name. */
  candidates: string[];
}

/**
 * Pairs by name, and a leftover on one side with a leftover on the other where each is the only one that `isAlike` takes.
 * What `mayBe` takes beside it is only named as a candidate.
 */
export function pairByName<T>(options: {
  written: Readonly<Record<string, T>>;
  read: Readonly<Record<string, T>>;
  isAlike(written: T, read: T): boolean;
  mayBe?(written: T, read: T): boolean;
}): PairedEntry<T>[] {
  const { written, read, isAlike, mayBe = isAlike } = options;
  const gone = Object.keys(written).filter((name) => !Object.hasOwn(read, name));
  const came = Object.keys(read).filter((name) => !Object.hasOwn(written, name));
  if (gone.length === 0 && came.length === 0)
    return Object.keys(written).map((name) => pairOf(name, written, read));
  const matches = (take: typeof isAlike, one: string, other: string): boolean =>
    take(written[one] as T, read[other] as T);
  const partner = new Map<string, string>();
  for (const name of gone) {
    const [only, ...more] = came.filter((other) => matches(isAlike, name, other));
    if (only === undefined || more.length > 0) continue;
    if (gone.filter((rival) => matches(isAlike, rival, only)).length === 1) partner.set(name, only);
  }
  const taken = new Set(partner.values());
  const goneAlone = gone.filter((name) => !partner.has(name));
  const cameAlone = came.filter((name) => !taken.has(name));
  const paired = Object.keys(written).map((name): PairedEntry<T> => {
    const incomingName = partner.get(name) ?? name;
    const candidates = goneAlone.includes(name)
      ? cameAlone.filter((other) => matches(mayBe, name, other))
      : [];
    return { name, incomingName, written: written[name], read: ownValue(read, incomingName), candidates };
  });
  const added = cameAlone.map((name): PairedEntry<T> => {
    const candidates = goneAlone.filter((other) => matches(mayBe, other, name));
    return { name, incomingName: name, written: undefined, read: read[name], candidates };
  });
  return [...paired, ...added];
}

/** What both sides have under one name. */
function pairOf<T>(
  name: string,
  written: Readonly<Record<string, T>>,
  read: Readonly<Record<string, T>>,
): PairedEntry<T> {
  return { name, incomingName: name, written: written[name], read: read[name], candidates: [] };
}

function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
