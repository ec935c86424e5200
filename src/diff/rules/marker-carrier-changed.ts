import { defineRule } from '../rule.ts';

export const markerCarrierChanged = defineRule({
  id: 'marker-carrier-changed',
  scope: 'marker',
  impact: 'misread',
  level: 'error',
  summary:
    'An accepted marker lies in another carrier: a device tree on one side, a struct on the other, or another node.',
  check({ component, writes, reads, accepted }, emit) {
    if (!accepted || writes.carrier === reads.carrier) return;
    emit({
      subject: `marker of ${component}`,
      message: `${component}: the marker is the same, but it lies in ${writes.carrier} on the outgoing side and in ${reads.carrier} on the incoming side`,
      outgoing: { carrier: writes.carrier },
      incoming: { carrier: reads.carrier },
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
