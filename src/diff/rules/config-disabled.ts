import { defineRule } from '../rule.ts';

export const configDisabled = defineRule({
  id: 'config-disabled',
  scope: 'component',
  impact: 'refused',
  level: 'error',
  summary: 'A configuration option switches the component off in one of the kernels.',
  check({ component, outgoing, incoming }, emit) {
    const off = (options: readonly { name: string; value?: string }[]): string | undefined =>
      options.find((option) => option.value === 'n')?.name;
    const here = off(outgoing.facts.options);
    const there = off(incoming.facts.options);
    if (here && outgoing.facts.available === 'no') {
      emit({
        subject: here,
        message: `${component}: ${here} is not set in the outgoing kernel`,
        outgoing: { [here]: 'n' },
        impact: 'unsupported',
      });
    } else if (there && incoming.facts.available === 'no' && outgoing.facts.available !== 'no') {
      emit({
        subject: there,
        message: `${component}: ${there} is not set in the incoming kernel`,
        incoming: { [there]: 'n' },
        effect: 'component-absent',
      });
    }
  },
});
