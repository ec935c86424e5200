import { readEncoding } from '../encoding.ts';
import { isReserved } from '../flat-member.ts';
import type { Emission, FlatMember, MemberPair } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Dimensions without those of one element, which move nothing. */
function lengthsOf({ encoding }: FlatMember): (number | undefined)[] {
  return readEncoding(encoding).dimensions.filter((length) => length !== 1);
}

/** Whether the array is the last thing in its struct on both sides, and the struct stands alone. */
function isTail({ placement, written, read }: MemberPair, out: FlatMember, into: FlatMember): boolean {
  return (
    placement === 'blob' &&
    out.bitOffset === into.bitOffset &&
    out.bitOffset + out.bitSize === written.size * 8 &&
    into.bitOffset + into.bitSize === read.size * 8
  );
}

/** What makes the change less than a misread, where something does. */
function mitigation(pair: MemberPair, out: FlatMember, into: FlatMember): Partial<Emission> {
  const dimensions = [lengthsOf(out).length, lengthsOf(into).length];
  if (out.bitSize === into.bitSize && Math.min(...dimensions) <= 1) {
    return { impact: 'note', condition: 'both sides count through the same bytes in the same order' };
  }
  if (!isTail(pair, out, into)) return {};
  if (out.bitSize > into.bitSize) {
    return { impact: 'note', condition: 'what lies behind the shorter array is not read' };
  }
  return pair.sizeIsChecked ? { impact: 'none' } : {};
}

export const arrayLengthChanged = defineRule({
  id: 'array-length-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'An array has another length; a note where only the unread tail of a struct that stands alone is longer.',
  check(pair, emit) {
    const { name, memberName, writtenMember: out, readMember: into } = pair;
    if (!out || !into || isReserved(memberName)) return;
    const [from, to] = [lengthsOf(out), lengthsOf(into)];
    if ([...from, ...to].includes(undefined) || from.join() === to.join()) return;
    const isOtherElement = readEncoding(out.encoding).element !== readEncoding(into.encoding).element;
    if (isOtherElement && from.length === to.length && out.bitSize === into.bitSize) return;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type, bitSize: out.bitSize },
      incoming: { type: into.type, bitSize: into.bitSize },
      ...(!isOtherElement && mitigation(pair, out, into)),
    });
  },
});
