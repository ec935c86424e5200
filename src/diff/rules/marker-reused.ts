import { markerText } from '../marker-text.ts';
import { defineRule } from '../rule.ts';

export const markerReused = defineRule({
  id: 'marker-reused',
  scope: 'marker',
  impact: 'none',
  level: 'warning',
  summary: 'The marker that the incoming kernel uses names another layout in other known kernels.',
  check({ component, reads, namesakes }, emit) {
    if (namesakes.length === 0) return;
    const shown = markerText(reads.writes, reads);
    const releases = namesakes.map(({ release }) => release).join(', ');
    emit({
      subject: reads.macro ?? `marker of ${component}`,
      message: `${component}: ${shown} names another layout in ${releases}, so the marker alone does not tell which one is meant`,
      incoming: { writes: shown, alsoIn: releases },
      placeKeys: { incoming: 'marker' },
    });
  },
});
