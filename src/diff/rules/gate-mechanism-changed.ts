import { MARKER_RULES } from '../../model/marker.ts';
import { defineRule } from '../rule.ts';

export const gateMechanismChanged = defineRule({
  id: 'gate-mechanism-changed',
  scope: 'marker',
  impact: 'note',
  level: 'warning',
  summary:
    'The two kernels guard the data in different ways, so that the check of the incoming one says nothing of these bytes; a misread where they also lie elsewhere.',
  check({ component, writes, reads, accepted }, emit) {
    // A reader that takes the marker as another kernel wrote it knows how that one guards the data.
    if (accepted?.layoutOf !== undefined) return;
    if (writes.kind === reads.kind) {
      if (writes.kind !== 'guarded' || writes.guardedBy === reads.guardedBy) return;
    } else if (MARKER_RULES[reads.kind].holds !== 'nothing' && !accepted) return;
    emit({
      subject: `marker of ${component}`,
      message: `${component}: written under ${writes.kind}, read under ${reads.kind}: the reader's check says nothing of these bytes`,
      outgoing: { kind: writes.kind, carrier: writes.carrier },
      incoming: { kind: reads.kind, carrier: reads.carrier },
      ...(writes.carrier === reads.carrier
        ? { condition: 'layouts, constants and nodes are equal, and that is all that protects this pair' }
        : { impact: 'misread' }),
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
