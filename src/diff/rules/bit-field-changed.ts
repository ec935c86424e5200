import { readEncoding } from '../encoding.ts';
import { isReserved } from '../pairing.ts';
import { defineRule } from '../rule.ts';

export const bitFieldChanged = defineRule({
  id: 'bit-field-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A bit-field has another position or width.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into || isReserved(memberName)) return;
    if (!readEncoding(out.encoding).isBitField && !readEncoding(into.encoding).isBitField) return;
    if (out.bitOffset === into.bitOffset && out.bitSize === into.bitSize) return;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as bits ${out.bitOffset} to ${out.bitOffset + out.bitSize - 1} and read as bits ${into.bitOffset} to ${into.bitOffset + into.bitSize - 1}`,
      outgoing: { bitOffset: out.bitOffset, bitSize: out.bitSize },
      incoming: { bitOffset: into.bitOffset, bitSize: into.bitSize },
    });
  },
});
