import { defineRule } from '../rule.ts';

export const propertyLengthChanged = defineRule({
  id: 'property-length-changed',
  scope: 'property',
  impact: 'refused',
  level: 'error',
  summary: 'The incoming kernel demands an exact length of a property, and the outgoing one writes another.',
  check({ path, writtenProperty: out, readProperty: into }, emit) {
    if (!out || !into || into.exactLength === undefined || out.exactLength === into.exactLength) return;
    emit({
      subject: `${path} ${out.name}`,
      message: `the property ${out.name} of ${path} is written with ${out.exactLength ?? 'unknown'} bytes, and the incoming kernel demands ${into.exactLength}`,
      outgoing: { length: out.exactLength ?? null },
      incoming: { length: into.exactLength },
      ...(into.onMissing && { effect: into.onMissing }),
      ...(out.exactLength === undefined && { impact: 'unknown' }),
      placeKeys: { outgoing: `fdt ${path} ${out.name}`, incoming: `fdt ${path} ${into.name}` },
    });
  },
});
