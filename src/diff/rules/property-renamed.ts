import type { FdtNode, FdtProperty } from '../../model/component-state.ts';
import { defineRule } from '../rule.ts';

/** What the outgoing macro names in the incoming kernel, where the name went over to the property of another macro. */
function exchanged(out: FdtProperty, into: FdtProperty, { properties }: FdtNode): FdtProperty | undefined {
  if (out.macro === undefined || into.macro === out.macro || into.name !== out.name) return undefined;
  return properties.find(({ macro, name }) => macro === out.macro && name !== out.name);
}

export const propertyRenamed = defineRule({
  id: 'property-renamed',
  scope: 'property',
  impact: 'misread',
  level: 'error',
  summary: 'A property has another name in the incoming kernel, which therefore does not find it.',
  check({ path, writtenProperty: out, readProperty: into, readNode, candidates }, emit) {
    if (out && !into && candidates.length > 0) {
      emit({
        subject: `${path} ${out.name}`,
        message: `the property ${out.name} of ${path} is not looked for under this name; ${candidates.join(' or ')} may be what became of it`,
        outgoing: { name: out.name },
        impact: 'unknown',
        placeKeys: { outgoing: `fdt ${path} ${out.name}` },
      });
    }
    const namesake = out && into && exchanged(out, into, readNode);
    if (namesake) {
      emit({
        subject: `${path} ${out.name}`,
        message: `the property ${out.name} of ${path} holds what ${namesake.macro} names, and the incoming kernel looks for that as ${namesake.name}`,
        outgoing: { name: out.name, macro: out.macro ?? null },
        incoming: { name: namesake.name, macro: namesake.macro ?? null },
        placeKeys: { outgoing: `fdt ${path} ${out.name}`, incoming: `fdt ${path} ${namesake.name}` },
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
