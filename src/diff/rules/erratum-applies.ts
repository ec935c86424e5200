import { defineRule } from '../rule.ts';

export const erratumApplies = defineRule({
  id: 'erratum-applies',
  scope: 'component',
  impact: 'note',
  level: 'warning',
  summary: 'A recorded fault of one of the kernels touches this state, although the bytes are equal.',
  check({ errata }, emit) {
    for (const erratum of errata) {
      emit({
        subject: erratum.id,
        message: erratum.summary,
        [erratum.side]: { erratum: erratum.id, releases: erratum.releases },
        condition: erratum.condition,
      });
    }
  },
});
