import { bitsText, readEncoding, readInteger } from '../encoding.ts';
import { isReserved, isVacant } from '../pairing.ts';
import type { MemberPair } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** The range that fits where a plain integer was narrowed or widened in place and the other bytes are vacant. */
function fittingRange({
  written,
  read,
  writtenMember: out,
  readMember: into,
}: MemberPair): string | undefined {
  if (!out || !into || out.bitOffset !== into.bitOffset) return undefined;
  const from = readInteger(out.encoding);
  const to = readInteger(into.encoding);
  if (!from || !to || from.signed || to.signed) return undefined;
  const narrow = Math.min(out.bitSize, into.bitSize);
  const rest = Math.abs(out.bitSize - into.bitSize);
  const narrower = out.bitSize < into.bitSize ? written : read;
  const other = out.bitSize < into.bitSize ? read : written;
  const fitsInside = out.bitOffset + narrow + rest <= Math.min(narrower.size, other.size) * 8;
  if (!fitsInside || !isVacant(narrower, out.bitOffset + narrow, rest)) return undefined;
  return `values up to ${2n ** BigInt(narrow) - 1n} fit`;
}

export const memberSizeChanged = defineRule({
  id: 'member-size-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'A member has another size; a note where it was narrowed or widened in place and the values in use fit.',
  check(pair, emit) {
    const { name, memberName, writtenMember: out, readMember: into } = pair;
    if (!out || !into || out.bitSize === into.bitSize || isReserved(memberName)) return;
    const from = readEncoding(out.encoding);
    const to = readEncoding(into.encoding);
    if (from.isBitField || to.isBitField || from.dimensions.length + to.dimensions.length > 0) return;
    if (from.element === to.element) return;
    const range = fittingRange(pair);
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${out.type} (${bitsText(out.bitSize)}) and read as ${into.type} (${bitsText(into.bitSize)})${range ? `: ${range}` : ''}`,
      outgoing: { bitSize: out.bitSize, type: out.type },
      incoming: { bitSize: into.bitSize, type: into.type },
      ...(range && { impact: 'note', condition: range }),
    });
  },
});
