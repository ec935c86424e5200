import { defineRule } from '../rule.ts';

export const componentAbsent = defineRule({
  id: 'component-absent',
  scope: 'component',
  impact: 'refused',
  level: 'error',
  summary: 'The outgoing kernel writes state that the incoming kernel has no code to read.',
  check({ component, outgoing, incoming }, emit) {
    if (outgoing.facts.available === 'no' || incoming.facts.available !== 'no') return;
    if (incoming.facts.options.some((option) => option.value === 'n')) return;
    emit({
      subject: component,
      message: `${component}: the incoming kernel does not have it${incoming.facts.reason ? ` (${incoming.facts.reason})` : ''}`,
      outgoing: { available: outgoing.facts.available },
      incoming: { available: 'no' },
      effect: 'component-absent',
    });
  },
});
