import { byCodeUnit } from '../../model/canonical.ts';
import type { Target } from '../../model/target.ts';
import { forTarget } from '../../model/target.ts';
import type { AssertedConstant, AssertedSide, AssertedStruct } from '../../report/check-static-assert.ts';
import type { Kernel } from '../../verdict/kernel.ts';

/** What a kernel declares of some components on one target, each name once, sorted. */
export function assertedSide(kernel: Kernel, ids: readonly string[], target: Target): AssertedSide {
  const structs = new Map<string, AssertedStruct>();
  const constants = new Map<string, AssertedConstant>();
  for (const id of ids) {
    const component = kernel.components.get(id);
    if (!component) continue;
    const { facts, places } = component;
    for (const [name, state] of Object.entries(facts.structs)) {
      const layout = forTarget(state.layout, target);
      if (layout) structs.set(name, { name, layout, ...fileOf(places[`struct ${name}`]) });
    }
    for (const [name, state] of Object.entries(facts.constants)) {
      const value = forTarget(state.value, target);
      if (value !== undefined) constants.set(name, { name, value, ...fileOf(places[`constant ${name}`]) });
    }
  }
  return { release: kernel.release, structs: inOrder(structs), constants: inOrder(constants) };
}

function fileOf(place: string | undefined): { file?: string } {
  const file = place?.replace(/:\d+$/, '');
  return file === undefined ? {} : { file };
}

function inOrder<T>(byName: ReadonlyMap<string, T>): T[] {
  return [...byName].sort(([a], [b]) => byCodeUnit(a, b)).map(([, entry]) => entry);
}
