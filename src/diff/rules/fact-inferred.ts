import { defineRule } from '../rule.ts';

export const factInferred = defineRule({
  id: 'fact-inferred',
  scope: 'component',
  impact: 'note',
  level: 'note',
  summary: 'A fact of one side was concluded from something else, not read.',
  check({ component, outgoing, incoming }, emit) {
    // What a kernel writes it reads, whatever it is.
    if (outgoing.release === incoming.release) return;
    for (const [side, { release, facts }] of [
      ['outgoing', outgoing],
      ['incoming', incoming],
    ] as const) {
      const { inferred = [] } = facts;
      if (inferred.length === 0) continue;
      emit({
        subject: component,
        message: `${component}: inferred for ${release}: ${inferred.join(', ')}`,
        [side]: { release, inferred: inferred.length },
      });
    }
  },
});
