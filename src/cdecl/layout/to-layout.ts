import type { Layout, Member, Where } from '../../model/layout.ts';
import { type CType, encodingOf, type PlacedMember, type RecordType, strip } from '../expression/ctype.ts';

/** Whether a struct or union of that tag has a layout of its own beside those that embed it. */
export type StandsApart = (tag: string) => boolean;

/**
 * A record as the documents hold it: members of anonymous structs and unions stand in the outer one, those of types that
 * do not stand apart within the member of that type.
 */
export function toLayout(record: RecordType, standsApart: StandsApart): Layout {
  return {
    kind: record.form,
    size: record.size,
    align: record.align,
    packed: record.isPacked,
    members: record.members.flatMap((member) => toMembers(member, 0, standsApart)),
  };
}

function toMembers(placed: PlacedMember, base: number, standsApart: StandsApart): Member[] {
  const bitOffset = base + placed.bitOffset;
  if (placed.name === undefined) {
    const inner = placed.isBitField ? undefined : strip(placed.type);
    if (inner?.kind !== 'record') return [];
    return inner.members.flatMap((member) => toMembers(member, bitOffset, standsApart));
  }
  const encoding = `${encodingOf(placed.type)}${placed.isBitField ? `:${placed.bitSize}` : ''}`;
  const { name, bitSize, spelled: type, where } = placed;
  const members = recordWithin(placed.type, standsApart)?.members.flatMap((member) =>
    toMembers(member, 0, standsApart),
  );
  const pointee = pointeeOf(placed.type);
  return [
    {
      name,
      bitOffset,
      bitSize,
      type,
      encoding,
      ...(members ? { members } : {}),
      ...(pointee === undefined ? {} : { pointee }),
      where,
    },
  ];
}

function recordWithin(type: CType, standsApart: StandsApart): RecordType | undefined {
  if (type.kind === 'aligned') return recordWithin(type.base, standsApart);
  if (type.kind === 'array') return recordWithin(type.element, standsApart);
  const record = type.kind === 'incomplete' ? strip(type) : type;
  if (record.kind !== 'record') return undefined;
  return record.tag === undefined || !standsApart(record.tag) ? record : undefined;
}

/** What a pointer, or the elements of an array of them, lead to; undefined for anything else and for void and functions. */
function pointeeOf(type: CType): string | undefined {
  if (type.kind === 'aligned') return pointeeOf(type.base);
  if (type.kind === 'array') return pointeeOf(type.element);
  if (type.kind !== 'pointer') return undefined;
  const target = type.target();
  return target.kind === 'void' || target.kind === 'function' ? undefined : encodingOf(target);
}

/** A struct or union whose members stand within those of another. */
export interface InnerRecord {
  /** Its tag, or the typedef's name where it has none. */
  readonly name: string;
  readonly where: Where;
}

/** The structs and unions with a name that `toLayout` takes in, once for each place that embeds them. */
export function recordsWithin(record: RecordType, standsApart: StandsApart): InnerRecord[] {
  return record.members.flatMap(({ name, type, spelled, isBitField }) => {
    const anonymous = name === undefined && !isBitField ? strip(type) : undefined;
    const inner = anonymous?.kind === 'record' ? anonymous : recordWithin(type, standsApart);
    if (!inner) return [];
    const own = inner.tag ?? /^\w+$/.exec(spelled.replace(/\[.*$/, ''))?.[0];
    const within = recordsWithin(inner, standsApart);
    return own === undefined ? within : [{ name: own, where: inner.where }, ...within];
  });
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
