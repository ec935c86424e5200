import { defineRule } from '../rule.ts';

export const markerAcceptedConditionally = defineRule({
  id: 'marker-accepted-conditionally',
  scope: 'marker',
  impact: 'note',
  level: 'warning',
  summary:
    'The incoming kernel takes the marker as another kernel wrote it, but not all that may lie under it.',
  check({ component, writes, reads, accepted }, emit) {
    for (const condition of accepted?.conditions ?? []) {
      emit({
        subject: component,
        message: `${component}: ${String(writes.writes)} is taken as ${accepted?.layoutOf ?? 'it'} wrote it: ${condition}`,
        outgoing: { writes: String(writes.writes) },
        incoming: { writes: String(reads.writes) },
        condition,
        placeKeys: { incoming: 'marker' },
      });
    }
  },
});
