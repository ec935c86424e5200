import { markerText } from '../marker-text.ts';
import { defineRule } from '../rule.ts';

export const markerNotBumped = defineRule({
  id: 'marker-not-bumped',
  scope: 'summary',
  impact: 'misread',
  level: 'error',
  summary:
    'The marker is accepted although what it guards reads differently: the failure that no kernel reports.',
  check({ component, marker, findings }, emit) {
    const causes = findings.filter((finding) => finding.impact === 'misread');
    if (!marker?.accepted || causes.length === 0) return;
    const { writes, reads } = marker;
    const shown = markerText(writes.writes, writes);
    const subjects = [...new Set(causes.map((finding) => finding.subject))];
    emit({
      subject: writes.macro ?? `marker of ${component}`,
      message: `${component}: ${shown} on both sides, but it names two formats: ${subjects.join(', ')}`,
      outgoing: { writes: shown, macro: writes.macro ?? null },
      incoming: { accepts: markerText(marker.accepted.value, reads), macro: reads.macro ?? null },
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
