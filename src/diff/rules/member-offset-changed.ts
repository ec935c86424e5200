import { offsetText, readEncoding } from '../encoding.ts';
import { isReserved } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

export const memberOffsetChanged = defineRule({
  id: 'member-offset-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A member lies at another offset.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into || out.bitOffset === into.bitOffset || isReserved(memberName)) return;
    if (readEncoding(out.encoding).isBitField || readEncoding(into.encoding).isBitField) return;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written at ${offsetText(out.bitOffset)} and read at ${offsetText(into.bitOffset)}`,
      outgoing: { bitOffset: out.bitOffset, type: out.type },
      incoming: { bitOffset: into.bitOffset, type: into.type },
    });
  },
});
