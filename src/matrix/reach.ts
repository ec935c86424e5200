import type { ReachedRelease, ReachOutput } from '../model/route.ts';
import type { Target } from '../model/target.ts';
import { positionIn, reachedBy, releaseAt } from './route.ts';
import type { RouteGraph } from './route-graph.ts';
import type { Costs } from './route-search.ts';
import { costsFrom, costsTo } from './route-search.ts';

export interface ReachRequest {
  release: string;
  profile: string;
  target: Target;
  maxHops?: number;
}

/** All that can be reached from a kernel by safe pairs, and all from which one can go back to it. */
export function computeReach(graph: RouteGraph, request: ReachRequest): ReachOutput {
  const { release, profile, target, maxHops } = request;
  const position = positionIn(graph, release);
  const ofClass = graph.classOf[position] as number;
  const list = (costs: Costs): ReachedRelease[] =>
    reachedBy(graph, costs, position)
      .map((at) => reachedAt(graph, costs, at))
      .filter(({ hops }) => hops <= (maxHops ?? Number.POSITIVE_INFINITY));
  return {
    release,
    profile,
    target,
    maxHops: maxHops ?? null,
    releases: graph.kernels.map((kernel) => kernel.release),
    reached: list(costsFrom(graph, ofClass)),
    rollback: list(costsTo(graph, ofClass)),
  };
}

function reachedAt(graph: RouteGraph, { hops, notes }: Costs, at: number): ReachedRelease {
  const ofClass = graph.classOf[at] as number;
  return {
    release: releaseAt(graph, at),
    hops: hops[ofClass] as number,
    verdict: (notes[ofClass] as number) > 0 ? 'compatible-with-notes' : 'compatible',
  };
}
