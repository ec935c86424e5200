import { defineRule } from '../rule.ts';

export const propertyRenamed = defineRule({
  id: 'property-renamed',
  scope: 'property',
  impact: 'misread',
  level: 'error',
  summary: 'A property has another name in the incoming kernel, which therefore does not find it.',
  check({ path, writtenProperty: out, readProperty: into }, emit) {
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
