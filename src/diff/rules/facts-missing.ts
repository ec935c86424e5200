import { defineRule } from '../rule.ts';

export const factsMissing = defineRule({
  id: 'facts-missing',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary: 'A fact that the verdict needs is not known on one side.',
  check({ component, outgoing, incoming }, emit) {
    for (const [side, { facts }] of [
      ['outgoing', outgoing],
      ['incoming', incoming],
    ] as const) {
      if (facts.available !== 'unknown') continue;
      emit({
        subject: component,
        message: `${component}: not known for the ${side} kernel${facts.reason ? `: ${facts.reason}` : ''}`,
        [side]: { available: 'unknown', reason: facts.reason ?? null },
      });
    }
  },
});
