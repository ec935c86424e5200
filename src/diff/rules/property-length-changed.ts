import { defineRule } from '../rule.ts';
import { writtenLength } from '../written-length.ts';

export const propertyLengthChanged = defineRule({
  id: 'property-length-changed',
  scope: 'property',
  impact: 'refused',
  level: 'error',
  summary: 'The incoming kernel demands an exact length of a property, and the outgoing one writes another.',
  check({ path, writtenProperty: out, readProperty: into }, emit) {
    if (!out || !into || into.exactLength === undefined) return;
    const length = writtenLength(out);
    if (length === into.exactLength) return;
    emit({
      subject: `${path} ${out.name}`,
      message: `the property ${out.name} of ${path} is written with ${length ?? 'unknown'} bytes, and the incoming kernel demands ${into.exactLength}`,
      outgoing: { length: length ?? null },
      incoming: { length: into.exactLength },
      ...(into.onMissing && { effect: into.onMissing }),
      ...(length === undefined && { impact: 'unknown' }),
      placeKeys: { outgoing: `fdt ${path} ${out.name}`, incoming: `fdt ${path} ${into.name}` },
    });
  },
});
