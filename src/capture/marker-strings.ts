import type { ComponentDefinition } from '../model/component-definition.ts';

/** The strings that may be a component's marker: `kho-v4`, `luo-v5;block-v1`, `kvm_vm_luo_v1`. Undefined where it has none. */
export function markerPattern({
  markerStems = [],
}: Pick<ComponentDefinition, 'markerStems'>): RegExp | undefined {
  if (markerStems.length === 0) return undefined;
  const stems = markerStems.map((stem) => stem.replace(/[^\w]/g, '\\$&')).join('|');
  return new RegExp(`^(?:${stems})[-_]v\\d+(?:;[\\w;.-]+)?$`);
}
