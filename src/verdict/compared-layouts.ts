import type { Fidelity } from '../model/fidelity.ts';
import { fidelityOf } from '../model/fidelity.ts';
import type { ComparedLayouts, ComponentVerdict, Guard, PairVerdict } from '../model/finding.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import { acceptedRelease } from './accepted-side.ts';
import type { Kernel } from './kernel.ts';
import { factsOf } from './kernel.ts';

export interface ComparedKernels {
  outgoing: Kernel;
  incoming: Kernel;
}

/**
 * Adds to the components of a pair where their facts come from, and to those that fail what a reader wants to see of them:
 * the two layouts of each struct that a failing finding names, and the marker that guards them. The verdict is not touched.
 */
export function withComparedLayouts(pair: PairVerdict, kernels: ComparedKernels): PairVerdict {
  const components = pair.components.map((bare) => {
    const fidelity = {
      outgoing: kernelFidelity(kernels.outgoing, bare.id),
      incoming: kernelFidelity(kernels.incoming, bare.id),
    };
    const component = { ...bare, fidelity };
    if (component.verdict !== 'misread' && component.verdict !== 'refused') return component;
    const guard = guardOf(component.id, kernels.incoming);
    const layouts = readsOtherLayouts(component, kernels) ? [] : layoutsOf(component, kernels, pair.target);
    return { ...component, ...(guard && { guard }), ...(layouts.length > 0 && { layouts }) };
  });
  return { ...pair, components };
}

function kernelFidelity({ origin = 'captured', fidelity }: Kernel, id: string): Fidelity {
  return fidelityOf({ origin, ...(fidelity && { fidelity }) }, id);
}

function guardOf(id: string, incoming: Kernel): Guard | undefined {
  const { marker } = factsOf(incoming, id);
  if (!marker || marker.kind === 'none') return undefined;
  const component = marker.guardedBy ?? id;
  const { marker: guard } = factsOf(incoming, component);
  return { component, macro: guard?.macro ?? null };
}

/** True where the incoming kernel takes the marker with the layouts of another release. */
function readsOtherLayouts({ id }: ComponentVerdict, { outgoing, incoming }: ComparedKernels): boolean {
  return acceptedRelease(outgoing, incoming, id) !== undefined;
}

function layoutsOf(
  { id, findings }: ComponentVerdict,
  { outgoing, incoming }: ComparedKernels,
  target: Target,
): ComparedLayouts[] {
  const written = factsOf(outgoing, id).structs;
  const read = factsOf(incoming, id).structs;
  const named = findings
    .filter(({ impact }) => impact === 'misread' || impact === 'refused')
    .map(({ subject }) => subject.split('.')[0] ?? '')
    .filter((struct) => struct in written || struct in read);
  return [...new Set(named)].map((struct) => {
    const [from, to] = [written[struct], read[struct]];
    return {
      struct,
      outgoing: (from && forTarget(from.layout, target)) ?? null,
      incoming: (to && forTarget(to.layout, target)) ?? null,
    };
  });
}
