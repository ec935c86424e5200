import { defineRule } from '../rule.ts';

export const embeddedStructChanged = defineRule({
  id: 'embedded-struct-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'A member is a struct that itself reads differently, or points to another one that does; as bad as what differs in it.',
  check({ name, memberName, embedded, writtenMember: out, readMember: into }, emit) {
    if (!embedded || embedded.impact === 'none' || !out || !into) return;
    const { from, to, impact, subjects, isPointee } = embedded;
    const differing =
      subjects.length > 0 ? `which differs in ${subjects.join(', ')}` : 'which is something else';
    const cause = impact === 'unknown' ? 'whose layout is not known on both sides' : differing;
    const kind = isPointee ? 'points to a' : 'is a';
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} ${kind} ${from}${from === to ? '' : `, read as a ${to}`}, ${cause}`,
      outgoing: { type: from, size: out.bitSize / 8 },
      incoming: { type: to, size: into.bitSize / 8 },
      impact,
      ...(impact === 'note' && { condition: `what is said of ${from} holds` }),
    });
  },
});
