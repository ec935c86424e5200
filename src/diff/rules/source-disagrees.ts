import { emitDoubts } from '../doubts.ts';
import { defineRule } from '../rule.ts';

export const sourceDisagrees = defineRule({
  id: 'source-disagrees',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary: 'Two sources of the same kernel say different things of this component.',
  check(pair, emit) {
    emitDoubts(pair, ({ code }) => code === 'source-disagrees', emit);
  },
});
