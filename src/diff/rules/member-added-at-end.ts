import { isReserved } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

export const memberAddedAtEnd = defineRule({
  id: 'member-added-at-end',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'The incoming kernel reads a member behind the end of what the outgoing one wrote.',
  check({ name, written, sizeIsChecked, writtenMember: out, readMember: into }, emit) {
    if (out || !into || isReserved(into.name)) return;
    if (into.bitOffset + into.bitSize <= written.size * 8 && into.bitSize > 0) return;
    emit({
      subject: `${name}.${into.name}`,
      message: `${name}.${into.name} (${into.type}) is read behind the ${written.size} bytes that the outgoing kernel writes`,
      outgoing: { present: false, size: written.size },
      incoming: { bitOffset: into.bitOffset, bitSize: into.bitSize, type: into.type },
      ...(sizeIsChecked && { impact: 'none' }),
    });
  },
});
