import { embeddedTag } from '../encoding.ts';
import { isSameWire } from '../pairing.ts';
import { defineRule } from '../rule.ts';

export const embeddedStructChanged = defineRule({
  id: 'embedded-struct-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary: 'A member is a struct whose own layout differs; the differences stand at that struct.',
  check({ name, memberName, writtenMember: out, readMember: into, outgoing, incoming }, emit) {
    if (!out || !into) return;
    const from = embeddedTag(out.encoding);
    const to = embeddedTag(into.encoding);
    if (!from || !to) return;
    const written = outgoing.layoutOf(from);
    const read = incoming.layoutOf(to);
    if (written && read && isSameWire(written, read)) return;
    if (!written && !read && from === to && out.bitSize === into.bitSize) {
      emit({
        subject: `${name}.${memberName}`,
        message: `${name}.${memberName} is a ${from}, whose layout is not known on either side`,
        impact: 'unknown',
      });
      return;
    }
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is a ${from} of ${out.bitSize / 8} bytes when written and a ${to} of ${into.bitSize / 8} bytes when read, and the two differ`,
      outgoing: { type: from, size: out.bitSize / 8 },
      incoming: { type: to, size: into.bitSize / 8 },
      ...(!(written && read) && { impact: 'unknown' }),
    });
  },
});
