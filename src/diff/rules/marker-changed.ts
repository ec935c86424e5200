import { MARKER_RULES } from '../../model/marker.ts';
import { markerText } from '../marker-text.ts';
import { defineRule } from '../rule.ts';

export const markerChanged = defineRule({
  id: 'marker-changed',
  scope: 'marker',
  impact: 'refused',
  level: 'error',
  summary: 'The incoming kernel does not take the marker that the outgoing kernel writes.',
  check({ component, writes, reads, accepted, isDisplaced, incoming }, emit) {
    if (accepted || MARKER_RULES[reads.kind].holds === 'nothing') return;
    const taken = reads.accepts.map(({ value }) => markerText(value, reads)).join(', ');
    emit({
      subject: writes.macro ?? `marker of ${component}`,
      message: `${component}: the outgoing kernel writes ${markerText(writes.writes, writes)}, the incoming one reads ${taken || 'nothing'}${isDisplaced ? ' and looks for it at another offset' : ''}`,
      outgoing: { writes: markerText(writes.writes, writes), macro: writes.macro ?? null },
      incoming: { accepts: taken, macro: reads.macro ?? null },
      ...(incoming.facts.reader?.onRefused && { effect: incoming.facts.reader.onRefused }),
      ...(incoming.facts.reader?.refusedMessage && { sees: incoming.facts.reader.refusedMessage }),
      placeKeys: { outgoing: 'marker', incoming: 'marker' },
    });
  },
});
