import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { ToolError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import type { DiffOutput } from '../model/outputs.ts';
import type { Target } from '../model/target.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import { diffKernels } from './diff/engine.ts';
import type { KernelInput, ResolvedKernel } from './kernels/resolve.ts';
import { resolveKernel, strangersAmong } from './kernels/resolve.ts';
import { sharedTarget } from './kernels/targets.ts';

export interface DiffOptions extends Asking {
  catalog: Catalog;
  /** Default: the first that both kernels were captured for. */
  target?: Target | undefined;
  /** The id of one component (default: all, and what belongs to none). */
  component?: string | undefined;
}

/**
 * Every difference between what one kernel writes and another reads, rule by rule, behind closed gates too: what
 * `luo-abi diff --format json` prints.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, TARGET_UNKNOWN, COMPONENT_UNKNOWN
 */
export function diff(
  outgoing: KernelInput,
  incoming: KernelInput,
  options: DiffOptions,
): Promise<DiffOutput> {
  return working(options, async () => {
    const { catalog, component } = options;
    const from = await resolveKernel(outgoing, options);
    const to = await resolveKernel(incoming, options);
    const target = sharedTarget(options.target, [from.kernel, to.kernel]);
    const components = chosen(component, from, to);
    const judging = await judgingFrom(catalog, strangersAmong([from.kernel, to.kernel], catalog));
    return diffKernels({ from, to, target, components, isWhole: component === undefined, judging, catalog });
  });
}

/** The components that one of the two documents speaks of; the one asked for, where one is. */
function chosen(asked: string | undefined, ...kernels: ResolvedKernel[]): string[] {
  const ids = [...new Set(kernels.flatMap(({ kernel }) => [...kernel.components.keys()]))].sort();
  if (asked === undefined) return ids;
  if (ids.includes(asked)) return [asked];
  const near = nearest(asked, ids);
  const hint = near.length > 0 ? `; nearest: ${near.join(', ')}` : '';
  throw new ToolError('COMPONENT_UNKNOWN', `${asked}: no such component; known: ${ids.join(', ')}${hint}`);
}
