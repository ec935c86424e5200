import { NOT_SPOKEN_OF } from '../../model/bare-state.ts';
import { CALLERS_ID } from '../../model/component-state.ts';
import { defineRule } from '../rule.ts';

export const factsMissing = defineRule({
  id: 'facts-missing',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary: 'A fact that the verdict needs is not known on one side.',
  check({ component, outgoing, incoming }, emit) {
    for (const [side, { facts }, other] of [
      ['outgoing', outgoing, incoming],
      ['incoming', incoming, outgoing],
    ] as const) {
      if (facts.available !== 'unknown') continue;
      const isUnspoken = facts.reason === NOT_SPOKEN_OF;
      // Each caller that only one side has is told by itself.
      if (isUnspoken && component === CALLERS_ID) continue;
      const inferred = isUnspoken && other.facts.isInferred ? ', and that of the other is inferred' : '';
      emit({
        subject: component,
        message: `${component}: not known for the ${side} kernel${facts.reason ? `: ${facts.reason}` : ''}${inferred}`,
        [side]: { available: 'unknown', reason: facts.reason ?? null },
      });
    }
  },
});
