import { embeddedTag, readEncoding } from '../encoding.ts';
import { defineRule } from '../rule.ts';

export const flexibleArrayChanged = defineRule({
  id: 'flexible-array-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A flexible array became one of fixed length, the other way round, or has other elements.',
  check({ name, memberName, writtenMember: out, readMember: into, outgoing, incoming }, emit) {
    if (!out || !into) return;
    const from = readEncoding(out.encoding);
    const to = readEncoding(into.encoding);
    const isFlexible = [from, to].map(
      ({ dimensions }) => dimensions[0] === undefined && dimensions.length > 0,
    );
    if (!isFlexible.includes(true)) return;
    const tag = embeddedTag(out.encoding);
    const elementDiffers =
      tag !== undefined &&
      outgoing.layoutOf(tag)?.size !== incoming.layoutOf(embeddedTag(into.encoding) ?? '')?.size;
    if (isFlexible[0] === isFlexible[1] && !elementDiffers) return;
    emit({
      subject: `${name}.${memberName}`,
      message: elementDiffers
        ? `${name}.${memberName} is a row of ${out.type} whose elements differ in size`
        : `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type },
      incoming: { type: into.type },
    });
  },
});
