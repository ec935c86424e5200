import { readEncoding, readInteger } from '../encoding.ts';
import { isReserved } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

export const memberSignednessChanged = defineRule({
  id: 'member-signedness-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A member is signed on one side and unsigned on the other.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into || isReserved(memberName)) return;
    const from = readInteger(readEncoding(out.encoding).element);
    const to = readInteger(readEncoding(into.encoding).element);
    if (!from || !to || from.signed === to.signed) return;
    if (from.bits !== to.bits && out.bitSize !== into.bitSize) return;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type },
      incoming: { type: into.type },
    });
  },
});
