import { resolveOverlays } from '../../src/catalog/overlay.ts';
import { embeddedTag } from '../../src/diff/encoding.ts';
import type { ShimDecision, ShimQuestion } from '../../src/model/shim.ts';
import type { Target } from '../../src/model/target.ts';
import { forTarget } from '../../src/model/target.ts';
import type { Shim, ShimInput } from '../../src/shim/shim.ts';
import { makeShim } from '../../src/shim/shim.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { factsOf, isAvailable, kernelOf, layoutLookup } from '../../src/verdict/kernel.ts';
import { shipped } from '../support/shipped.ts';

// Every pair of layouts of one component that the shipped documents hold, and shims for them.

export interface LayoutPairs {
  component: string;
  outgoing: Kernel;
  incoming: Kernel;
}

let kernels: readonly Kernel[] | undefined;

export function shippedKernels(): readonly Kernel[] {
  if (!kernels) {
    const { documents, overlays = [] } = shipped();
    const byRelease = new Map(documents.map((document) => [document.release, document]));
    const posted = resolveOverlays(overlays, (release) => byRelease.get(release));
    kernels = [...documents, ...posted].map(kernelOf);
  }
  return kernels;
}

export function kernelNamed(release: string): Kernel {
  const kernel = shippedKernels().find((candidate) => candidate.release === release);
  if (!kernel) throw new RangeError(release);
  return kernel;
}

/** Ordered pairs of kernels with different structs of a component, one for each pair of layouts. */
export function layoutPairs(target: Target): LayoutPairs[] {
  const components = new Set(shippedKernels().flatMap((kernel) => [...kernel.components.keys()]));
  return [...components].sort().flatMap((component) => {
    const byLayout = new Map<string, Kernel>();
    for (const kernel of shippedKernels()) {
      const key = layoutKey(kernel, component, target);
      if (key !== undefined && !byLayout.has(key)) byLayout.set(key, kernel);
    }
    const distinct = [...byLayout.values()];
    return distinct.flatMap((outgoing) =>
      distinct.filter((other) => other !== outgoing).map((incoming) => ({ component, outgoing, incoming })),
    );
  });
}

/** All structs of a component with what they embed, in a text; undefined where there is none. */
function layoutKey(kernel: Kernel, component: string, target: Target): string | undefined {
  const facts = factsOf(kernel, component);
  if (!isAvailable(facts) || !(kernel.targets?.includes(target) ?? true)) return undefined;
  const layoutOf = layoutLookup(kernel, target);
  const own = Object.entries(facts.structs).flatMap(([name, { layout }]) => {
    const here = forTarget(layout, target);
    if (!here) return [];
    const embedded = here.members.flatMap(({ encoding }) => layoutOf(embeddedTag(encoding) ?? '') ?? []);
    return [[name, here, embedded]];
  });
  return own.length > 0 ? JSON.stringify(own) : undefined;
}

/** A shim of shipped kernels. */
export function shimOf(
  component: string,
  outgoing: Kernel,
  incoming: Kernel,
  rest: Partial<ShimInput> = {},
): Shim {
  const { errata, reviews = [] } = shipped();
  return makeShim({
    component,
    outgoing,
    incoming,
    target: 'x86_64-4k',
    both: false,
    errata,
    reviews,
    erratumApplies: appliesTo,
    ...rest,
  });
}

/** The first answer that each question takes, but for `default`, which is 0. */
export function anyAnswers(questions: readonly ShimQuestion[]): Record<string, ShimDecision> {
  return Object.fromEntries(
    questions.map(({ subject, answers: [first] }) => [
      subject,
      first === 'default' ? { default: 0 } : (first as ShimDecision),
    ]),
  );
}

/** A shim that compiles. */
export function decidedShim(
  component: string,
  outgoing: Kernel,
  incoming: Kernel,
  rest: Partial<ShimInput> = {},
): Shim {
  const open = shimOf(component, outgoing, incoming, rest);
  const [forward, back] = open.output.directions;
  return shimOf(component, outgoing, incoming, {
    ...rest,
    decisions: {
      path: 'decisions',
      forward: anyAnswers(forward?.questions ?? []),
      back: anyAnswers(back?.questions ?? []),
    },
  });
}
