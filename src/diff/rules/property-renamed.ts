import { defineRule } from '../rule.ts';

export const propertyRenamed = defineRule({
  id: 'property-renamed',
  scope: 'property',
  impact: 'misread',
  level: 'error',
  summary: 'A property has another name in the incoming kernel, which therefore does not find it.',
  check({ path, writtenProperty: out, readProperty: into, candidates }, emit) {
    if (out && !into && candidates.length > 0) {
      emit({
        subject: `${path} ${out.name}`,
        message: `the property ${out.name} of ${path} is not looked for under this name; ${candidates.join(' or ')} may be what became of it`,
        outgoing: { name: out.name },
        impact: 'unknown',
        placeKeys: { outgoing: `fdt ${path} ${out.name}` },
      });
    }
    if (!out || !into || out.name === into.name) return;
    emit({
      subject: `${path} ${out.name}`,
      message: `the property ${out.name} of ${path} is looked for as ${into.name}`,
      outgoing: { name: out.name },
      incoming: { name: into.name },
      ...(into.onMissing && { impact: 'refused', effect: into.onMissing }),
      placeKeys: { outgoing: `fdt ${path} ${out.name}`, incoming: `fdt ${path} ${into.name}` },
    });
  },
});
