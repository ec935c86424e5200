import { embeddedTag, readEncoding, readInteger } from '../encoding.ts';
import { isFlexible } from '../flat-member.ts';
import type { FlatMember, MemberPair } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Bits of one element with all its inner dimensions, as far as they are known. */
function elementBits({ encoding, stride }: FlatMember, layoutOf: MemberPair['outgoing']['layoutOf']): number {
  const { element, dimensions } = readEncoding(encoding);
  const inner = dimensions.slice(1).reduce<number>((product, length) => product * (length ?? 1), 1);
  const own = stride ?? readInteger(element)?.bits ?? (layoutOf(embeddedTag(element) ?? '')?.size ?? 0) * 8;
  return own * inner;
}

export const flexibleArrayChanged = defineRule({
  id: 'flexible-array-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'A flexible array became one of fixed length, the other way round, or has elements of another size.',
  check({ name, memberName, placement, writtenMember: out, readMember: into, outgoing, incoming }, emit) {
    if (!out || !into || (!isFlexible(out) && !isFlexible(into))) return;
    const from = elementBits(out, outgoing.layoutOf);
    const to = elementBits(into, incoming.layoutOf);
    const isOtherElement = from > 0 && to > 0 && from !== to;
    if (isFlexible(out) === isFlexible(into) && !isOtherElement) return;
    emit({
      subject: `${name}.${memberName}`,
      message: isOtherElement
        ? `${name}.${memberName} is written as a row of ${from / 8} bytes each (${out.type}) and read as a row of ${to / 8} (${into.type})`
        : `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type },
      incoming: { type: into.type },
      ...(!isOtherElement &&
        placement === 'page' &&
        out.bitOffset === into.bitOffset && {
          impact: 'note',
          condition: 'both sides use as many elements as fit in the page',
        }),
    });
  },
});
