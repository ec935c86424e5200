import type { Layout } from '../../model/layout.ts';
import { isFlexible, isReserved, leavesOf } from '../flat-member.ts';
import type { FlatMember } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** An array without a length that adds nothing to the size: what lies there always lay behind the struct. */
function namesWhatFollows({ bitSize, bitOffset }: FlatMember, written: Layout, read: Layout): boolean {
  const isNew = bitSize === 0 && !leavesOf(written).some(isFlexible);
  return isNew && written.size === read.size && bitOffset >= written.size * 8;
}

export const memberAddedAtEnd = defineRule({
  id: 'member-added-at-end',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'The incoming kernel reads a member behind the end of what the outgoing one wrote.',
  check({ name, written, read, sizeIsChecked, writtenMember: out, readMember: into }, emit) {
    if (out || !into || isReserved(into.name)) return;
    if (into.bitOffset + into.bitSize <= written.size * 8 && into.bitSize > 0) return;
    emit({
      subject: `${name}.${into.name}`,
      message: `${name}.${into.name} (${into.type}) is read behind the ${written.size} bytes that the outgoing kernel writes`,
      outgoing: { present: false, size: written.size },
      incoming: { bitOffset: into.bitOffset, bitSize: into.bitSize, type: into.type },
      ...(namesWhatFollows(into, written, read) && {
        impact: 'note',
        condition: 'it is a name for what followed before',
      }),
      ...(sizeIsChecked && { impact: 'none' }),
    });
  },
});
