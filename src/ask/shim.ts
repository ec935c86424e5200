import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { ToolError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import type { ShimDecisionsDocument, ShimOutput } from '../model/shim.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { makeShim } from '../shim/shim.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import { checkSubject, readDecisions } from './files/decisions.ts';
import type { KernelInput } from './kernels/resolve.ts';
import { resolveKernel, strangersAmong } from './kernels/resolve.ts';
import { checkTarget } from './kernels/targets.ts';

export interface ShimOptions extends Asking {
  catalog: Catalog;
  /** The id of the piece of state: `memfd`, `pci`, `luo-session`, … */
  component: string;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** The way back as well. */
  both?: boolean;
  /** Answers to what no comparison can say: a document, or the path of one, YAML or JSON. */
  decisions?: ShimDecisionsDocument | string | undefined;
}

/** A shim: what it is of, and its files. */
export interface ShimAnswer {
  /** What `luo-abi shim --format json` prints. */
  output: ShimOutput;
  /** The text of each file, by its name; to be written where one is needed. */
  files: ReadonlyMap<string, string>;
  /** Something must be decided before the code compiles. */
  isOpen: boolean;
}

/**
 * The C code by which one kernel reads what another wrote of a component, with its tests and an overlay. Nothing is written.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, TARGET_UNKNOWN, COMPONENT_UNKNOWN, SHIM_UNFIT, DOCUMENT_INVALID,
 *   FILE_UNREADABLE
 */
export function shim(
  outgoing: KernelInput,
  incoming: KernelInput,
  options: ShimOptions,
): Promise<ShimAnswer> {
  return working(options, async () => {
    const { catalog, component, target = TARGETS[0], both = false } = options;
    const { kernel: from } = await resolveKernel(outgoing, options);
    const { kernel: to } = await resolveKernel(incoming, options);
    checkTarget(target, [from, to]);
    checkComponent(component, [...from.components.keys(), ...to.components.keys()]);
    const { errata, reviews, erratumApplies } = await judgingFrom(
      catalog,
      strangersAmong([from, to], catalog),
    );
    const subject = { component, outgoing: from.release, incoming: to.release };
    const given = await decisionsOf(options, subject);
    const made = makeShim({
      ...{ outgoing: from, incoming: to, component, target, both },
      ...{ errata, reviews, erratumApplies },
      ...(given && { decisions: given }),
    });
    return { output: made.output, files: new Map(made.files), isOpen: isOpen(made.output) };
  });
}

async function decisionsOf({ decisions }: ShimOptions, subject: Parameters<typeof checkSubject>[1]) {
  if (decisions === undefined) return undefined;
  const isPath = typeof decisions === 'string';
  const path = isPath ? decisions : 'decisions';
  const { decisions: forward, back = {} } = isPath
    ? await readDecisions(decisions, subject)
    : checkSubject(decisions, subject, path);
  return { path, forward, back };
}

function checkComponent(component: string, known: readonly string[]): void {
  if (known.includes(component)) return;
  const all = [...new Set(known)].sort();
  const near = nearest(component, all).join(', ') || all.join(', ');
  throw new ToolError('COMPONENT_UNKNOWN', `${component}: no such component; nearest: ${near}`);
}

function isOpen({ isNeeded, directions }: ShimOutput): boolean {
  const hasOpen = directions.some(({ questions }) => questions.some(({ decision }) => decision === null));
  return isNeeded && hasOpen;
}
