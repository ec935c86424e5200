import { defineRule } from '../rule.ts';

export const sourceDisagrees = defineRule({
  id: 'source-disagrees',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary: 'Two sources of the same kernel say different things of this component.',
  check({ component, outgoing, incoming }, emit) {
    for (const [side, { release, facts }] of [
      ['outgoing', outgoing],
      ['incoming', incoming],
    ] as const) {
      for (const disagreement of facts.disagreements ?? []) {
        emit({
          subject: component,
          message: `${component}: the sources of ${release} disagree: ${disagreement}`,
          [side]: { release, disagreement },
        });
      }
    }
  },
});
