import { defineRule } from '../rule.ts';

export const sourceIncomplete = defineRule({
  id: 'source-incomplete',
  scope: 'component',
  impact: 'unknown',
  level: 'warning',
  summary:
    'A fact that stands in code could not be compared, because one side was captured from headers or a build alone.',
  check({ component, outgoing, incoming }, emit) {
    const missing = [...new Set([...outgoing.facts.unchecked, ...incoming.facts.unchecked])].sort();
    if (missing.length === 0) return;
    emit({
      subject: component,
      message: `${component}: not compared, for want of the source: ${missing.join(', ')}`,
    });
  },
});
