import { readEncoding } from '../encoding.ts';
import { fittingRange } from '../fitting-range.ts';
import { isReserved } from '../flat-member.ts';
import type { FlatMember } from '../rule.ts';
import { defineRule } from '../rule.ts';

function bitsOf({ bitOffset, bitSize }: FlatMember): string {
  return `bits ${bitOffset} to ${bitOffset + bitSize - 1}`;
}

export const bitFieldChanged = defineRule({
  id: 'bit-field-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'A bit-field has another position or width; a note where it grew or shrank in place and the values in use fit.',
  check(pair, emit) {
    const { name, memberName, writtenMember: out, readMember: into } = pair;
    if (!out || !into || isReserved(memberName)) return;
    if (!readEncoding(out.encoding).isBitField && !readEncoding(into.encoding).isBitField) return;
    if (out.bitOffset === into.bitOffset && out.bitSize === into.bitSize) return;
    const range = fittingRange(pair);
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${bitsOf(out)} and read as ${bitsOf(into)}${range ? `: ${range}` : ''}`,
      outgoing: { bitOffset: out.bitOffset, bitSize: out.bitSize },
      incoming: { bitOffset: into.bitOffset, bitSize: into.bitSize },
      ...(range && { impact: 'note', condition: range }),
    });
  },
});
