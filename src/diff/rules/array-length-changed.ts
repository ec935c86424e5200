import { readEncoding } from '../encoding.ts';
import { isReserved } from '../pairing.ts';
import { defineRule } from '../rule.ts';

export const arrayLengthChanged = defineRule({
  id: 'array-length-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'An array has another length; a note where only the unread tail of a struct that stands alone is longer.',
  check(pair, emit) {
    const { name, memberName, writtenMember: out, readMember: into, placement, written, read } = pair;
    if (!out || !into || isReserved(memberName)) return;
    const from = readEncoding(out.encoding);
    const to = readEncoding(into.encoding);
    const isArray = from.dimensions.length > 0 || to.dimensions.length > 0;
    const isFlexible = [...from.dimensions, ...to.dimensions].includes(undefined);
    if (!isArray || isFlexible || from.dimensions.join() === to.dimensions.join()) return;
    if (
      from.element !== to.element &&
      from.dimensions.length === to.dimensions.length &&
      out.bitSize === into.bitSize
    )
      return;
    const isTail =
      placement === 'blob' &&
      out.bitOffset === into.bitOffset &&
      out.bitOffset + out.bitSize === written.size * 8 &&
      into.bitOffset + into.bitSize === read.size * 8 &&
      out.bitSize > into.bitSize;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type, bitSize: out.bitSize },
      incoming: { type: into.type, bitSize: into.bitSize },
      ...(isTail && { impact: 'note', condition: 'what lies behind the shorter array is not read' }),
    });
  },
});
