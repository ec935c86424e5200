import { markerText } from '../marker-text.ts';
import { defineRule } from '../rule.ts';

export const markerBumpedWithoutChange = defineRule({
  id: 'marker-bumped-without-change',
  scope: 'summary',
  impact: 'none',
  level: 'warning',
  summary: 'The marker was raised although nothing that is known to be under it reads differently.',
  check({ component, marker, findings }, emit) {
    const refused = findings.some((finding) => finding.rule === 'marker-changed');
    const differs = findings.some(
      (finding) => finding.rule !== 'marker-changed' && finding.impact !== 'none',
    );
    if (!marker || !refused || differs) return;
    const { writes, reads } = marker;
    emit({
      subject: writes.macro ?? `marker of ${component}`,
      message: `${component}: ${markerText(writes.writes, writes)} became ${markerText(reads.writes, reads)}, but no layout, constant or node known to be under it changed`,
      outgoing: { writes: markerText(writes.writes, writes) },
      incoming: { writes: markerText(reads.writes, reads) },
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
