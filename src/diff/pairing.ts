import type { Layout, Member } from '../model/layout.ts';
import type { FlatMember } from './rule.ts';

// Which fact of the outgoing kernel is compared with which of the incoming one: by name first; what is left over, by
// place, which is a guess at a rename.

/** A layout's members with those of unnamed types beside them, `outer.inner`, offsets from the start of the struct. */
export function flatten(members: readonly Member[], prefix = '', base = 0): FlatMember[] {
  return members.flatMap((member) => {
    const name = prefix + member.name;
    const { type, encoding, bitSize } = member;
    const own = { name, bitOffset: base + member.bitOffset, bitSize, type, encoding };
    return [own, ...flatten(member.members ?? [], `${name}.`, own.bitOffset)];
  });
}

/** Names by which kernel structs mark bytes that hold nothing. */
export function isReserved(name: string): boolean {
  return /(?:^|\.)_*(?:reserved|rsvd|resv|pad|padding|unused)_*\d*$/i.test(name);
}

export interface PairedMember {
  name: string;
  written: FlatMember | undefined;
  read: FlatMember | undefined;
  renamed: boolean;
}

function samePlace(one: FlatMember, other: FlatMember): boolean {
  return (
    one.bitOffset === other.bitOffset && one.bitSize === other.bitSize && one.encoding === other.encoding
  );
}

/** Pairs the members of two layouts, in the order of the outgoing one, added members last. */
export function pairMembers(written: Layout, read: Layout): PairedMember[] {
  const outgoing = flatten(written.members);
  const incoming = flatten(read.members);
  const readByName = new Map(incoming.map((member) => [member.name, member]));
  const writtenNames = new Set(outgoing.map((member) => member.name));
  const added = incoming.filter((member) => !writtenNames.has(member.name));
  const taken = new Set<FlatMember>();
  const pairs = outgoing.map((member): PairedMember => {
    const same = readByName.get(member.name);
    if (same) return { name: member.name, written: member, read: same, renamed: false };
    const guess = isReserved(member.name)
      ? undefined
      : added.find((other) => !taken.has(other) && !isReserved(other.name) && samePlace(member, other));
    if (guess) taken.add(guess);
    return { name: member.name, written: member, read: guess, renamed: guess !== undefined };
  });
  const left = added.filter((member) => !taken.has(member));
  return [
    ...pairs,
    ...left.map((member) => ({ name: member.name, written: undefined, read: member, renamed: false })),
  ];
}

/** Whether two layouts hold the same bytes for the same values, names left out. */
export function isSameWire(one: Layout, other: Layout): boolean {
  const shape = (layout: Layout): string =>
    JSON.stringify([
      layout.size,
      flatten(layout.members).map((member) => [member.bitOffset, member.bitSize, member.encoding]),
    ]);
  return shape(one) === shape(other);
}

/** Whether a range of bits holds no live member of a layout: padding, reserved members, or the space behind its end. */
export function isVacant(layout: Layout, bitOffset: number, bitSize: number): boolean {
  return flatten(layout.members).every(
    (member) =>
      isReserved(member.name) ||
      member.bitOffset + member.bitSize <= bitOffset ||
      member.bitOffset >= bitOffset + bitSize,
  );
}

/** Pairs by name, and a leftover on one side with the only leftover on the other that `alike` takes. */
export function pairByName<T>(options: {
  written: Readonly<Record<string, T>>;
  read: Readonly<Record<string, T>>;
  alike(written: T, read: T): boolean;
}): { name: string; incomingName: string; written: T | undefined; read: T | undefined }[] {
  const { written, read, alike } = options;
  const gone = Object.keys(written).filter((name) => !(name in read));
  const came = Object.keys(read).filter((name) => !(name in written));
  const partner = new Map<string, string>();
  for (const name of gone) {
    const candidates = came.filter(
      (other) => ![...partner.values()].includes(other) && alike(written[name] as T, read[other] as T),
    );
    if (candidates.length === 1) partner.set(name, candidates[0] as string);
  }
  const paired = Object.keys(written).map((name) => {
    const incomingName = partner.get(name) ?? name;
    return { name, incomingName, written: written[name], read: read[incomingName] };
  });
  const matched = new Set(partner.values());
  const added = came.filter((name) => !matched.has(name));
  return [
    ...paired,
    ...added.map((name) => ({ name, incomingName: name, written: undefined, read: read[name] })),
  ];
}
