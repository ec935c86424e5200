import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { checkNameFree } from '../catalog/own-kernel.ts';
import { matchesRange } from '../matrix/range.ts';
import { findRoute } from '../matrix/route.ts';
import { buildRouteGraph, judgesFor } from '../matrix/route-graph.ts';
import type { Profile } from '../model/profile.ts';
import { compareReleases } from '../model/release-name.ts';
import type { RouteOutput } from '../model/route.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { KernelInput } from './kernels.ts';
import { checkCovered, kernelFrom, profileFrom, strangersAmong } from './kernels.ts';

export interface RouteOptions {
  catalog: Catalog;
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** Upstream releases that may be on the way, as a range in the language of semver (default: all). */
  releases?: string;
  /** Further kernels that may be on the way: your own, or those of vendors. */
  via?: readonly KernelInput[];
  /** Every hop must be safe backwards as well. */
  rollback?: boolean;
  /** At most so many live updates one after the other. */
  maxHops?: number;
}

/**
 * The live updates that lead from one kernel to another by safe pairs alone: fewest hops, then best verdicts, then newest
 * releases. `hops` is null where there is no such way; then `ends` says how far each end gets and what stands between.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, PROFILE_UNKNOWN, RELEASE_TAKEN, TARGET_UNKNOWN, USAGE for a bad
 *   range
 */
export async function route(from: KernelInput, to: KernelInput, options: RouteOptions): Promise<RouteOutput> {
  const { catalog, target = 'x86_64-4k', via = [], rollback = false, maxHops } = options;
  const profile = profileFrom(options.profile);
  const [start, goal] = [kernelFrom(from, catalog), kernelFrom(to, catalog)];
  checkCovered(target, [start, goal]);
  const named = [start, goal, ...via.map((kernel) => kernelFrom(kernel, catalog))];
  for (const kernel of named) checkNameFree(kernel, kernel.release, catalog);
  const byRelease = new Map([...upstream(options), ...named].map((kernel) => [kernel.release, kernel]));
  const kernels = [...byRelease.values()]
    .filter(({ targets }) => targets === undefined || targets.includes(target))
    .sort((a, b) => compareReleases(a.release, b.release));
  const judging = await judgingFrom(catalog, strangersAmong(kernels, catalog));
  const kernelNamed = (release: string): Kernel | undefined =>
    byRelease.get(release) ?? judging.kernelNamed(release);
  const judges = judgesFor(kernels, [profile], { ...judging, kernelNamed, target });
  const graph = buildRouteGraph({ judges, rollback });
  return findRoute(graph, {
    from: start.release,
    to: goal.release,
    profile: profile.name,
    target,
    ...(maxHops !== undefined && { maxHops }),
  });
}

function upstream({ catalog, releases }: RouteOptions): Kernel[] {
  return catalog.listedKernels().flatMap(({ row: { release, vendor }, kernel }) => {
    const isChosen = vendor === null && (releases === undefined || matchesRange(release, releases));
    return isChosen ? [kernel] : [];
  });
}
