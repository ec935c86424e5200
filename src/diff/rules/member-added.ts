import { offsetText } from '../encoding.ts';
import { isReserved, isVacant } from '../flat-member.ts';
import { defineRule } from '../rule.ts';
import { sharesUnion } from '../union.ts';

export const memberAdded = defineRule({
  id: 'member-added',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'The incoming kernel reads a member that the outgoing one never wrote, from bytes that hold something else.',
  check({ name, written, read, writtenMember: out, readMember: into }, emit) {
    if (out || !into || isReserved(into.name)) return;
    if (into.bitOffset + into.bitSize > written.size * 8 || into.bitSize === 0) return;
    if (isVacant(written, into.bitOffset, into.bitSize)) return;
    const isAlternative = sharesUnion(read, into, written);
    emit({
      subject: `${name}.${into.name}`,
      message: `${name}.${into.name} (${into.type}) is read at ${offsetText(into.bitOffset)}, where the outgoing kernel writes something else`,
      outgoing: { present: false },
      incoming: { bitOffset: into.bitOffset, bitSize: into.bitSize, type: into.type },
      ...(isAlternative && { impact: 'note', condition: 'it is one more view of a union' }),
    });
  },
});
