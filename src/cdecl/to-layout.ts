import type { Layout, Member } from '../model/layout.ts';
import { type CType, encodingOf, type PlacedMember, type RecordType, strip } from './ctype.ts';

/** A record as the documents hold it: members of anonymous structs and unions stand in the outer one. */
export function toLayout(record: RecordType): Layout {
  return {
    kind: record.form,
    size: record.size,
    align: record.align,
    packed: record.isPacked,
    members: record.members.flatMap((member) => toMembers(member, 0)),
  };
}

function toMembers(placed: PlacedMember, base: number): Member[] {
  const bitOffset = base + placed.bitOffset;
  if (placed.name === undefined) {
    const inner = placed.isBitField ? undefined : strip(placed.type);
    return inner?.kind === 'record' ? inner.members.flatMap((member) => toMembers(member, bitOffset)) : [];
  }
  const encoding = `${encodingOf(placed.type)}${placed.isBitField ? `:${placed.bitSize}` : ''}`;
  const { name, bitSize, spelled: type, where } = placed;
  const unnamed = unnamedRecord(placed.type);
  const members = unnamed?.members.flatMap((member) => toMembers(member, 0));
  return [{ name, bitOffset, bitSize, type, encoding, ...(members ? { members } : {}), where }];
}

function unnamedRecord(type: CType): RecordType | undefined {
  if (type.kind === 'aligned') return unnamedRecord(type.base);
  if (type.kind === 'array') return unnamedRecord(type.element);
  return type.kind === 'record' && type.tag === undefined ? type : undefined;
}

/** The struct and union tags that a record embeds or points to, `struct x`, sorted. */
export function typesOf(record: RecordType): string[] {
  const types = new Set<string>();
  for (const member of record.members) collectTypes(member.type, types);
  return [...types].sort();
}

function collectTypes(type: CType, types: Set<string>): void {
  switch (type.kind) {
    case 'aligned':
      collectTypes(type.base, types);
      return;
    case 'array':
      collectTypes(type.element, types);
      return;
    case 'pointer':
      collectTypes(type.target(), types);
      return;
    case 'incomplete':
      types.add(`${type.form} ${type.tag}`);
      return;
    case 'record':
      if (type.tag !== undefined) types.add(`${type.form} ${type.tag}`);
      else for (const member of type.members) collectTypes(member.type, types);
      return;
    default:
  }
}
