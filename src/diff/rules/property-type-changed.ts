import { defineRule } from '../rule.ts';

export const propertyTypeChanged = defineRule({
  id: 'property-type-changed',
  scope: 'property',
  impact: 'misread',
  level: 'error',
  summary: 'A property holds another type.',
  check({ path, writtenProperty: out, readProperty: into }, emit) {
    if (!out || !into || out.type === into.type) return;
    // A number of another length is refused, and one of the demanded length is read as it is written.
    if (into.exactLength !== undefined && (/^u\d+$/.test(out.type) || out.exactLength !== into.exactLength))
      return;
    emit({
      subject: `${path} ${out.name}`,
      message: `the property ${out.name} of ${path} is written as ${out.type} and read as ${into.type}`,
      outgoing: { type: out.type },
      incoming: { type: into.type },
      placeKeys: { outgoing: `fdt ${path} ${out.name}`, incoming: `fdt ${path} ${into.name}` },
    });
  },
});
