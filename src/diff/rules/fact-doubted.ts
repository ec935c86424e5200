import { emitDoubts } from '../doubts.ts';
import { defineRule } from '../rule.ts';

export const factDoubted = defineRule({
  id: 'fact-doubted',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary: 'The capture of a kernel could not see or settle something that this component rests on.',
  check(pair, emit) {
    emitDoubts(pair, ({ code }) => code !== 'source-disagrees', emit);
  },
});
