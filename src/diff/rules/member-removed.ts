import { offsetText } from '../encoding.ts';
import { isReserved, isVacant } from '../flat-member.ts';
import { defineRule } from '../rule.ts';
import { sharesUnion } from '../union.ts';

export const memberRemoved = defineRule({
  id: 'member-removed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'The outgoing kernel writes a member that the incoming one does not have; a note where nothing else reads its bytes.',
  check({ name, written, read, writtenMember: out, readMember: into }, emit) {
    if (into || !out || isReserved(out.name)) return;
    if (out.bitOffset >= read.size * 8) return;
    const isUnread = isVacant(read, out.bitOffset, out.bitSize);
    const isAlternative = sharesUnion(written, out, read);
    emit({
      subject: `${name}.${out.name}`,
      message: `${name}.${out.name} (${out.type}, ${offsetText(out.bitOffset)}) is written, and the incoming kernel has no such member${isUnread ? '; nothing else reads its bytes' : ''}`,
      outgoing: { bitOffset: out.bitOffset, bitSize: out.bitSize, type: out.type },
      incoming: { present: false },
      ...((isUnread || isAlternative) && { impact: 'note', condition: 'what it says is lost' }),
    });
  },
});
