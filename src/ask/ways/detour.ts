import type { Catalog } from '../../catalog/catalog.ts';
import type { Judging } from '../../catalog/judging.ts';
import { findRoute } from '../../matrix/route.ts';
import { buildRouteGraph, isCarrier, judgesFor } from '../../matrix/route-graph.ts';
import type { Profile } from '../../model/profile.ts';
import { compareReleases } from '../../model/release-name.ts';
import type { Target } from '../../model/target.ts';
import type { Detour } from '../../report/check-advice.ts';
import type { Kernel } from '../../verdict/kernel.ts';

export interface DetourRequest {
  outgoing: Kernel;
  incoming: Kernel;
  profile: Profile;
  target: Target;
  catalog: Catalog;
  judging: Judging;
}

/** So many kernels that differ are held against each other for a word of advice: within a second. */
const MOST_KERNELS = 100;

/** The way around a pair by safe pairs of upstream's kernels, as `route` finds it; undefined where those are very many. */
export function detourOf({ outgoing, incoming, profile, target, catalog, judging }: DetourRequest): Detour {
  const ends = new Map([outgoing, incoming].map((kernel) => [kernel.release, kernel]));
  const others = catalog
    .distinctUpstream(new Set(ends.keys()))
    .filter(({ targets }) => targets === undefined || targets.includes(target))
    .filter((kernel) => isCarrier(kernel, [profile]));
  if (others.length > MOST_KERNELS) return undefined;
  const kernels = [...others, ...ends.values()].sort((a, b) => compareReleases(a.release, b.release));
  const kernelNamed = (release: string): Kernel | undefined =>
    ends.get(release) ?? judging.kernelNamed(release);
  const judges = judgesFor(kernels, [profile], { ...judging, kernelNamed, target });
  const [from, to] = [outgoing.release, incoming.release];
  const { hops } = findRoute(buildRouteGraph({ judges, rollback: false }), {
    from,
    to,
    profile: profile.name,
    target,
  });
  return hops && [from, ...hops.map((hop) => hop.incoming)];
}
