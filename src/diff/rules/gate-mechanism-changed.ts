import { defineRule } from '../rule.ts';

export const gateMechanismChanged = defineRule({
  id: 'gate-mechanism-changed',
  scope: 'marker',
  impact: 'misread',
  level: 'error',
  summary:
    'The two kernels guard the data in different ways, and the way of the incoming one checks nothing that the outgoing one wrote.',
  check({ component, writes, reads, accepted }, emit) {
    if (writes.kind === reads.kind) {
      if (writes.kind !== 'guarded' || writes.guardedBy === reads.guardedBy) return;
    } else if (reads.kind !== 'none' && reads.kind !== 'guarded' && !accepted) return;
    emit({
      subject: `marker of ${component}`,
      message: `${component}: written under ${writes.kind}, read under ${reads.kind}: the reader's check says nothing of these bytes`,
      outgoing: { kind: writes.kind },
      incoming: { kind: reads.kind },
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
