import type { FindingSide } from '../../model/finding.ts';
import type { ComponentFacts } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** What a side lacks is part of what the finding is: to accept one gap is not to accept another. */
function uncheckedOf({ unchecked }: ComponentFacts): FindingSide {
  return unchecked.length === 0 ? {} : { unchecked: [...unchecked].sort().join(', ') };
}

export const sourceIncomplete = defineRule({
  id: 'source-incomplete',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary:
    'A fact that stands in code could not be compared, because one side was captured from headers or a build alone.',
  check({ component, outgoing, incoming }, emit) {
    if (outgoing.facts.unchecked.length === 0 && incoming.facts.unchecked.length === 0) return;
    const missing = [...new Set([...outgoing.facts.unchecked, ...incoming.facts.unchecked])].sort();
    emit({
      subject: component,
      message: `${component}: not compared, for want of the source: ${missing.join(', ')}`,
      outgoing: uncheckedOf(outgoing.facts),
      incoming: uncheckedOf(incoming.facts),
    });
  },
});
