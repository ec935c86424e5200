import { readEncoding } from '../encoding.ts';
import { isReserved, strideOf } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

export const elementSizeChanged = defineRule({
  id: 'element-size-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'The elements of an array have another size, so that every element but the first is read at the wrong place.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into || isReserved(memberName)) return;
    const isArray = [out, into].every(({ encoding }) => readEncoding(encoding).dimensions.length > 0);
    const [from, to] = [strideOf(out), strideOf(into)];
    if (!isArray || from === 0 || to === 0 || from === to) return;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written with elements of ${from / 8} bytes and read with elements of ${to / 8}`,
      outgoing: { elementBits: from, type: out.type },
      incoming: { elementBits: to, type: into.type },
    });
  },
});
