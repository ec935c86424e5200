import { byCodeUnit } from '../model/canonical.ts';
import type { StructForm, StructHistoryOutput } from '../model/http.ts';
import { nearest } from '../model/nearest.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { KnownKernels } from './known-kernels.ts';
import { UnknownName } from './known-kernels.ts';

/**
 * The forms that a struct had over the kernels of a catalog, by the component that has it.
 * @throws UnknownName STRUCT_UNKNOWN for a name that no kernel has
 */
export function structHistory(kernels: KnownKernels, struct: string, target: Target): StructHistoryOutput {
  const byComponent = new Map<string, Map<string, StructForm>>();
  const names = new Set<string>();
  for (const { release } of kernels.rows) {
    for (const [id, { facts }] of kernels.kernel(release).components) {
      for (const name of Object.keys(facts.structs)) names.add(name);
      const state = Object.hasOwn(facts.structs, struct) ? facts.structs[struct] : undefined;
      if (!state) continue;
      const forms = byComponent.get(id) ?? new Map<string, StructForm>();
      byComponent.set(id, forms);
      const layout = forTarget(state.layout, target) ?? null;
      const key = JSON.stringify(layout);
      const form = forms.get(key) ?? { releases: [], layout };
      form.releases.push(release);
      forms.set(key, form);
    }
  }
  if (byComponent.size === 0) {
    const near = nearest(struct, [...names]);
    const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
    throw new UnknownName('STRUCT_UNKNOWN', `${struct}: no such struct${hint}`, near);
  }
  const components = [...byComponent]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([id, forms]) => ({ id, forms: [...forms.values()] }));
  return { struct, target, components };
}
