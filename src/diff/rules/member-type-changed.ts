import { embeddedTag, readEncoding, readInteger } from '../encoding.ts';
import { defineRule } from '../rule.ts';

export const memberTypeChanged = defineRule({
  id: 'member-type-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A member holds another kind of data in the same number of bytes.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into) return;
    const from = readEncoding(out.encoding).element;
    const to = readEncoding(into.encoding).element;
    if (from === to || (embeddedTag(from) && embeddedTag(to))) return;
    if (readInteger(from) && readInteger(to)) return;
    const isScalarText = [from, to].every((element) => /^(?:char|[us]8)$/.test(element));
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type, encoding: out.encoding },
      incoming: { type: into.type, encoding: into.encoding },
      ...(isScalarText && { impact: 'note', condition: 'both are single bytes' }),
    });
  },
});
