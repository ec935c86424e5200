import { embeddedTag, readEncoding, readInteger } from '../encoding.ts';
import { isReserved } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

/** Pairs of types whose bytes are equal for the values that make sense in both. */
function conditionOf(elements: readonly string[]): string | undefined {
  if (elements.every((element) => /^(?:char|[us]8)$/.test(element))) return 'both are single bytes';
  if (elements.every((element) => /^(?:bool|char|u8)$/.test(element))) return 'the values in use are 0 and 1';
  return undefined;
}

export const memberTypeChanged = defineRule({
  id: 'member-type-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A member holds another kind of data; a note where both kinds are single bytes with equal values.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into || isReserved(memberName)) return;
    if (out.stride !== undefined && into.stride !== undefined) return;
    const from = readEncoding(out.encoding).element;
    const to = readEncoding(into.encoding).element;
    if (from === to || (embeddedTag(from) && embeddedTag(to))) return;
    if (readInteger(from) && readInteger(to)) return;
    const condition = conditionOf([from, to]);
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type, encoding: out.encoding },
      incoming: { type: into.type, encoding: into.encoding },
      ...(condition !== undefined && { impact: 'note', condition }),
    });
  },
});
