import { bitsText, readEncoding } from '../encoding.ts';
import { fittingRange } from '../fitting-range.ts';
import { isReserved } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

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
