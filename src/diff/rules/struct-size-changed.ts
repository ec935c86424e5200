import { defineRule } from '../rule.ts';

export const structSizeChanged = defineRule({
  id: 'struct-size-changed',
  scope: 'struct',
  impact: 'misread',
  level: 'error',
  summary: 'A struct has another size where what follows it moves with it.',
  check({ name, placement, written, read }, emit) {
    if (!written || !read || written.size === read.size) return;
    emit({
      subject: name,
      message: `${name} is ${written.size} bytes when written and ${read.size} when read`,
      outgoing: { size: written.size },
      incoming: { size: read.size },
      ...(placement === 'blob' && { impact: 'none' }),
      placeKeys: { outgoing: `struct ${name}`, incoming: `struct ${name}` },
    });
  },
});
