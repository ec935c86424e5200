import { defineRule } from '../rule.ts';

export const targetDiffers = defineRule({
  id: 'target-differs',
  scope: 'targets',
  impact: 'none',
  level: 'warning',
  summary: 'The pair reads differently on another target, most often one with another page size.',
  check({ component, here, elsewhere }, emit) {
    for (const { target, impact, causes } of elsewhere) {
      // What is not known there says nothing of here.
      if (impact === here.impact || impact === 'unknown' || here.impact === 'unknown') continue;
      const telling = (impact === 'none' ? here.causes : causes).map(({ subject }) => subject);
      const subjects = [...new Set(telling)].join(', ');
      emit({
        subject: target,
        message: `${component} is ${worded(impact)} on ${target} and ${worded(here.impact)} on ${here.target}: ${subjects}`,
        outgoing: { target: here.target, impact: here.impact },
        incoming: { target, impact },
        placeKeys: {},
      });
    }
  },
});

function worded(impact: string): string {
  return (
    { misread: 'read wrongly', none: 'read the same', note: 'read the same, with notes' }[impact] ?? impact
  );
}
