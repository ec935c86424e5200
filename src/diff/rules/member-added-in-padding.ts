import { offsetText } from '../encoding.ts';
import { isReserved, isVacant } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

export const memberAddedInPadding = defineRule({
  id: 'member-added-in-padding',
  scope: 'member',
  impact: 'note',
  level: 'note',
  summary: 'The incoming kernel reads a member from bytes that are padding or reserved in the outgoing one.',
  check({ name, written, writtenMember: out, readMember: into }, emit) {
    if (out || !into || isReserved(into.name)) return;
    if (into.bitOffset + into.bitSize > written.size * 8 || into.bitSize === 0) return;
    if (!isVacant(written, into.bitOffset, into.bitSize)) return;
    emit({
      subject: `${name}.${into.name}`,
      message: `${name}.${into.name} is read at ${offsetText(into.bitOffset)}, which the outgoing kernel leaves as padding or reserved`,
      outgoing: { present: false },
      incoming: { bitOffset: into.bitOffset, bitSize: into.bitSize, type: into.type },
      condition: 'the outgoing kernel zeroes these bytes, and zero means what was meant before',
    });
  },
});
