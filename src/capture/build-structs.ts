import { sortKeys } from '../model/canonical.ts';
import type { ComponentState, StructState } from '../model/component-state.ts';
import type { Layout } from '../model/layout.ts';
import type { PerTarget, Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { BtfLayout } from './btf-layout.ts';
import { requiredStructs } from './build-availability.ts';
import type { Reading } from './build-context.ts';
import { borrowed, contradicted, overruled } from './build-context.ts';
import { layoutDifferences } from './layout-differences.ts';

/** The structs of a component: as the BTF of the build has them, else as its source declares them. */
export function readStructs(reading: Reading): ComponentState['structs'] {
  const { source, era, context } = reading;
  const found: [string, StructState][] = [];
  for (const [name, state] of Object.entries(source?.structs ?? {})) {
    found.push([name, heldAgainst(name, state, reading)]);
  }
  for (const [name, { placement, targets }] of Object.entries(era?.structs ?? {})) {
    const isAsked = source === undefined || reading.unchecked.has(name);
    if (!isAsked || (targets && !context.targets.some((target) => targets.includes(target)))) continue;
    const layout = ownLayout(name, reading);
    if (layout) found.push([name, { placement, layout: perTarget(layout.layout, context.targets) }]);
    else reading.unchecked.add(name);
  }
  if (found.some(([name]) => context.declarations.layouts(name).length > 0)) {
    reading.origins.structs = [...new Set([...reading.origins.structs, 'btf' as const])];
  }
  return sortKeys(Object.fromEntries(found));
}

/** A struct that nothing but the BTF declares. */
function ownLayout(name: string, reading: Reading): BtfLayout | undefined {
  const [first, ...others] = reading.context.declarations.layouts(name);
  if (!first) return undefined;
  reading.unchecked.delete(name);
  reading.inferred.add('alignment and packing of its structs');
  for (const text of first.inferred) {
    if (text !== 'align' && text !== 'packed') reading.inferred.add(`${text} of ${name}`);
  }
  if (others.length > 0) reading.unchecked.add(`${name}, of which the build has ${others.length + 1}`);
  return first;
}

/** A struct of the source: confirmed by the BTF, replaced by what the BTF has instead, or not seen. */
function heldAgainst(name: string, state: StructState, reading: Reading): StructState {
  const { context, doubts, era } = reading;
  const { targets, declarations } = context;
  const relevant = targets.filter((target) => forTarget(state.layout, target) !== undefined);
  if (relevant.length === 0) return state;
  const built = declarations.layouts(name);
  if (built.length === 0) {
    const isNeeded = era !== undefined && requiredStructs(era).includes(name);
    if (declarations.hasTypes && isNeeded) {
      doubts.push(
        contradicted(name, `${name} is in ${context.lender} and not in the BTF of this build`, context),
      );
    } else doubts.push(borrowed(name, context));
    return state;
  }
  const differences = relevant.map((target) =>
    fewest(name, forTarget(state.layout, target) as Layout, built),
  );
  reading.confirmed.add(name);
  if (differences.some(({ length }) => length === 0)) return state;
  const [own, ...others] = built;
  if (!own || others.length > 0) {
    doubts.push(
      contradicted(
        name,
        `the build has ${built.length} structs ${name}, none as in ${context.lender}`,
        context,
      ),
    );
    return state;
  }
  doubts.push(overruled(name, `${(differences[0] ?? []).join('; ')}: judged as the build has it`, context));
  return { ...state, layout: { ...state.layout, ...perTarget(own.layout, targets) } };
}

/** The differences from that one of several structs of a name which is most like the source's. */
function fewest(name: string, source: Layout, built: readonly BtfLayout[]): string[] {
  const all = built.map(({ layout }) => layoutDifferences(name, source, layout));
  return all.sort((one, other) => one.length - other.length)[0] ?? [];
}

/** One value for each of some targets. */
export function perTarget<T>(value: T, targets: readonly Target[]): PerTarget<T> {
  return Object.fromEntries(targets.map((target) => [target, value]));
}
