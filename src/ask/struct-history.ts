import type { Catalog } from '../catalog/catalog.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { StructForm, StructHistoryOutput } from '../model/http.ts';
import { nearest } from '../model/nearest.ts';
import type { Target } from '../model/target.ts';
import { forTarget, TARGETS } from '../model/target.ts';
import { UnknownName } from './answers/known-kernels.ts';

export interface StructHistoryOptions {
  catalog: Catalog;
  /** Default: `x86_64-4k`. */
  target?: Target;
}

/**
 * The forms that a struct had over the kernels of a catalog, by the component that has it: what `/api/structs/NAME` answers.
 * @throws ToolError STRUCT_UNKNOWN for a name that no kernel has
 */
export function structHistory(struct: string, options: StructHistoryOptions): StructHistoryOutput {
  const { catalog, target = TARGETS[0] } = options;
  const byComponent = new Map<string, Map<string, StructForm>>();
  const names = new Set<string>();
  for (const { release, components: states } of catalog.allKernels()) {
    for (const [id, { facts }] of states) {
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
