import type { Placement } from '../../model/component-state.ts';
import type { Layout } from '../../model/layout.ts';
import { isFlexible, leavesOf } from '../flat-member.ts';
import { defineRule } from '../rule.ts';

/** Whether the struct has a page for itself and one side declares no length for what fills it. */
function fillsPage(placement: Placement, ...layouts: readonly Layout[]): boolean {
  return placement === 'page' && layouts.some((layout) => leavesOf(layout).some(isFlexible));
}

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
      ...((placement === 'blob' || fillsPage(placement, written, read)) && { impact: 'none' }),
      placeKeys: { outgoing: `struct ${name}`, incoming: `struct ${name}` },
    });
  },
});
