import type { Where } from '../../model/layout.ts';
import { alignOf, type CType, type PlacedMember, sizeOf, strip } from '../expression/ctype.ts';

/** A member before it is placed. */
export interface MemberInput {
  readonly name: string | undefined;
  readonly type: CType;
  readonly spelled: string;
  /** Width of a bit-field. */
  readonly bits: number | undefined;
  /** `packed` on the member itself. */
  readonly isPacked: boolean;
  /** `aligned` on the member itself, in bytes. */
  readonly align: number | undefined;
  readonly where: Where;
}

export interface RecordInput {
  readonly form: 'struct' | 'union';
  readonly members: readonly MemberInput[];
  readonly isPacked: boolean;
  /** `aligned` on the type, in bytes. */
  readonly align: number | undefined;
  /** `#pragma pack`, in bytes. */
  readonly pack: number | undefined;
  /** AAPCS64 8.1.8: an unnamed bit-field aligns the struct like a named one; on x86-64 it does not. */
  readonly unnamedBitFieldsAlign: boolean;
}

export interface RecordLayout {
  readonly members: PlacedMember[];
  /** In bytes. */
  readonly size: number;
  readonly align: number;
}

/**
 * Places members as GCC does for LP64 (System V x86-64 psABI 3.1.2, AAPCS64 8.1.8; gcc/stor-layout.cc place_field and
 * layout_decl for what no ABI says: packed bit-fields run on without gaps, a zero width aligns even in a packed struct,
 * a member's own `aligned` wins over `packed`, `#pragma pack` caps both).
 */
export function layoutRecord(input: RecordInput): RecordLayout {
  const members: PlacedMember[] = [];
  let align = (input.align ?? 1) * 8;
  let end = 0;
  let size = 0;
  for (const member of input.members) {
    const place = placementOf(member, input);
    align = Math.max(align, place.recordAlign);
    const start = input.form === 'union' ? 0 : nextPosition(end, place);
    end = start + place.bitSize;
    size = Math.max(size, end);
    const { name, type, spelled, where } = member;
    members.push({
      name,
      type,
      spelled,
      bitOffset: start,
      bitSize: place.bitSize,
      isBitField: member.bits !== undefined,
      where,
    });
  }
  const bytes = roundUp(roundUp(size, 8), align) / 8;
  return { members, size: bytes, align: align / 8 };
}

interface Placement {
  readonly bitSize: number;
  /** The boundary that the member starts at, in bits. */
  readonly align: number;
  /** What it asks of the record, in bits. */
  readonly recordAlign: number;
  /** For a bit-field: the units of its type that it may not straddle, in bits. */
  readonly unit: { readonly align: number; readonly size: number } | undefined;
}

function placementOf(member: MemberInput, input: RecordInput): Placement {
  const isPacked = member.isPacked || input.isPacked;
  const cap = input.pack === undefined ? Number.POSITIVE_INFINITY : input.pack * 8;
  const typeAlign = alignOf(member.type) * 8;
  if (member.bits === undefined) {
    const natural = isPacked
      ? member.align === undefined
        ? 8
        : member.align * 8
      : Math.max(typeAlign, (member.align ?? 1) * 8);
    const align = Math.min(natural, cap);
    return { bitSize: sizeOf(member.type) * 8, align, recordAlign: align, unit: undefined };
  }
  const own = member.align === undefined ? 1 : member.align * 8;
  const counts = member.name !== undefined || input.unnamedBitFieldsAlign;
  if (member.bits === 0) {
    const align = Math.max(typeAlign, own);
    return { bitSize: 0, align, recordAlign: counts ? align : 1, unit: undefined };
  }
  const align = Math.min(own, cap);
  const asked = input.pack === undefined && isPacked ? 8 : Math.min(typeAlign, cap);
  const isTight = isPacked || input.pack !== undefined;
  const unit = isTight ? undefined : { align: typeAlign, size: sizeOf(strip(member.type)) * 8 };
  return { bitSize: member.bits, align, recordAlign: counts ? Math.max(align, asked) : 1, unit };
}

function nextPosition(end: number, place: Placement): number {
  const start = roundUp(end, place.align);
  if (!place.unit) return start;
  const { align, size } = place.unit;
  const units = Math.ceil(((start % align) + place.bitSize) / align);
  return units > size / align ? roundUp(start, align) : start;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
