import { defineRule } from '../rule.ts';

export const embeddedStructChanged = defineRule({
  id: 'embedded-struct-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A member is a struct that itself reads differently; as bad as what differs in that struct.',
  check({ name, memberName, embedded, writtenMember: out, readMember: into }, emit) {
    if (!embedded || embedded.impact === 'none' || !out || !into) return;
    const { from, to, impact, subjects } = embedded;
    const cause =
      subjects.length > 0
        ? `which differs in ${subjects.join(', ')}`
        : 'whose layout is not known on both sides';
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is a ${from}${from === to ? '' : `, read as a ${to}`}, ${cause}`,
      outgoing: { type: from, size: out.bitSize / 8 },
      incoming: { type: to, size: into.bitSize / 8 },
      impact,
      ...(impact === 'note' && { condition: `what is said of ${from} holds` }),
    });
  },
});
