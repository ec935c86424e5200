import type { ReachedRelease, ReachOutput, RouteStep } from '../model/route.ts';
import type { Target } from '../model/target.ts';
import { positionIn, reachedBy, releaseAt, stepsBetween } from './route.ts';
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
  const back = costsTo(graph, ofClass);
  const list = (costs: Costs, wayTo: (at: number) => Way): ReachedRelease[] =>
    reachedBy(graph, costs, position)
      .map((at) => reachedAt(graph, { costs, at, way: wayTo(at) }))
      .filter(({ hops }) => hops <= (maxHops ?? Number.POSITIVE_INFINITY));
  const there = (at: number): Way => {
    const costs = costsTo(graph, graph.classOf[at] as number);
    return stepsBetween(graph, position, { goal: at, costs });
  };
  const here = (at: number): Way => stepsBetween(graph, at, { goal: position, costs: back });
  return {
    release,
    profile,
    target,
    maxHops: maxHops ?? null,
    releases: graph.kernels.map((kernel) => kernel.release),
    reached: list(costsFrom(graph, ofClass), there),
    rollback: list(back, here),
  };
}

type Way = readonly RouteStep[] | undefined;

function reachedAt(
  graph: RouteGraph,
  { costs: { hops, notes }, at, way = [] }: { costs: Costs; at: number; way: Way },
): ReachedRelease {
  const ofClass = graph.classOf[at] as number;
  const conditions = [...new Set(way.flatMap((step) => step.conditions ?? []))];
  return {
    release: releaseAt(graph, at),
    hops: hops[ofClass] as number,
    verdict: (notes[ofClass] as number) > 0 ? 'compatible-with-notes' : 'compatible',
    ...(conditions.length > 0 && { conditions }),
  };
}
