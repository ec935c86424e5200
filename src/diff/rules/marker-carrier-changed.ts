import { defineRule } from '../rule.ts';

export const markerCarrierChanged = defineRule({
  id: 'marker-carrier-changed',
  scope: 'marker',
  impact: 'misread',
  level: 'error',
  summary:
    'The data of an accepted marker lies in another carrier: a device tree on one side, a struct on the other, or another node.',
  check({ component, writes, reads, accepted }, emit) {
    const isUnmarked = writes.writes === undefined && writes.kind === reads.kind;
    if (writes.carrier === reads.carrier || (!accepted && !isUnmarked)) return;
    emit({
      subject: `marker of ${component}`,
      message: `${component}: ${isUnmarked ? 'no marker tells them apart' : 'the marker is the same'}, but the data lies in ${writes.carrier} on the outgoing side and in ${reads.carrier} on the incoming side`,
      outgoing: { carrier: writes.carrier },
      incoming: { carrier: reads.carrier },
      ...(isUnmarked && { impact: 'unknown' }),
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
