import { readEncoding } from '../encoding.ts';
import { defineRule } from '../rule.ts';

export const elementSizeChanged = defineRule({
  id: 'element-size-changed',
  scope: 'member',
  impact: 'misread',
  level: 'error',
  summary:
    'The elements of an array have another size, so that every element but the first is read at the wrong place.',
  check({ name, memberName, writtenMember: out, readMember: into }, emit) {
    if (!out || !into) return;
    const from = readEncoding(out.encoding);
    const to = readEncoding(into.encoding);
    const size = (bits: number, dimensions: readonly (number | undefined)[]): number | undefined => {
      const count = dimensions.reduce<number>((product, length) => product * (length ?? 0), 1);
      return count > 0 ? bits / count : undefined;
    };
    if (from.dimensions.length === 0 || to.dimensions.length === 0) return;
    const fromSize = size(out.bitSize, from.dimensions);
    const toSize = size(into.bitSize, to.dimensions);
    if (fromSize === undefined || toSize === undefined || fromSize === toSize) return;
    emit({
      subject: `${name}.${memberName}`,
      message: `${name}.${memberName} is written with elements of ${fromSize / 8} bytes and read with elements of ${toSize / 8}`,
      outgoing: { elementBits: fromSize, type: out.type },
      incoming: { elementBits: toSize, type: into.type },
    });
  },
});
