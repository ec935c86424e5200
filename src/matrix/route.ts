import { ToolError } from '../errors.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { PairDecision, RouteEnds, RouteHop, RouteOutput, RouteStep } from '../model/route.ts';
import type { Target } from '../model/target.ts';
import { borderBlocks } from './route-border.ts';
import type { RouteGraph } from './route-graph.ts';
import { decide, isSafe } from './route-graph.ts';
import type { Costs } from './route-search.ts';
import { costsFrom, costsTo, findWay } from './route-search.ts';

export interface RouteRequest {
  from: string;
  to: string;
  profile: string;
  target: Target;
  maxHops?: number;
}

/**
 * The best way between two kernels of a graph by safe pairs alone: fewest hops, then best verdicts, then the newest
 * releases on the way. Where there is none, where each way ends and why.
 * @throws RangeError for a release that is not in the graph
 */
export function findRoute(graph: RouteGraph, request: RouteRequest): RouteOutput {
  const { from, to, profile, target, maxHops } = request;
  const [start, goal] = [positionIn(graph, from), positionIn(graph, to)];
  const steps = stepsBetween(graph, start, { goal, ...(maxHops !== undefined && { maxHops }) });
  const outgoing = [from, ...(steps ?? []).map(({ incoming }) => incoming)];
  return {
    from,
    to,
    profile,
    target,
    rollback: graph.rollback,
    maxHops: maxHops ?? null,
    releases: graph.kernels.map(({ release }) => release),
    hops: steps?.map((step, at): RouteHop => ({ outgoing: outgoing[at] as string, ...step })) ?? null,
    ends: steps ? null : endsBetween(graph, start, goal),
  };
}

/** The position of a release that must be there. */
export function positionIn(graph: RouteGraph, release: string): number {
  const position = graph.positionOf(release);
  if (position === undefined) throw new RangeError(`${release} is not among the kernels of the route`);
  return position;
}

export interface Goal {
  goal: number;
  /** What it costs to come to the goal, where the caller has it. */
  costs?: Costs;
  maxHops?: number;
}

/** The steps of the best way, or undefined where there is none that is short enough. */
export function stepsBetween(
  graph: RouteGraph,
  start: number,
  { goal, costs, maxHops = Number.POSITIVE_INFINITY }: Goal,
): RouteStep[] | undefined {
  const way = findWay(graph, start, goal, costs);
  if (!way || way.length > maxHops) return undefined;
  return way.map((incoming, at): RouteStep => {
    const outgoing = at === 0 ? start : (way[at - 1] as number);
    return {
      incoming: releaseAt(graph, incoming),
      equivalents: at === way.length - 1 ? [] : equalsOf(graph, incoming),
      ...decideSafe(graph, outgoing, incoming),
      ...(graph.rollback && { rollback: decideSafe(graph, incoming, outgoing) }),
    };
  });
}

/**
 * The graph is made of tables of verdicts, what is shown of a hop is judged from the facts. The two must agree: a way over a
 * pair that is not safe is a fault of ours and is never shown.
 * @throws ToolError INTERNAL
 */
function decideSafe(graph: RouteGraph, outgoing: number, incoming: number): PairDecision {
  const decision = decide(graph, outgoing, incoming);
  if (isSafe(decision)) return decision;
  const pair = `${releaseAt(graph, outgoing)} -> ${releaseAt(graph, incoming)}`;
  throw new ToolError('INTERNAL', `route: ${pair} counts as safe and is judged ${decision.verdict}`);
}

/** Others of its class, oldest first. Neither end is among them: a way through a kernel like one of its ends is not the shortest. */
export function equalsOf(graph: RouteGraph, position: number): string[] {
  const members = graph.members[graph.classOf[position] as number] ?? [];
  return [...members]
    .filter((member) => member !== position)
    .sort((a, b) => a - b)
    .map((member) => releaseAt(graph, member));
}

/** Where the ways from the start and to the goal end. */
export function endsBetween(graph: RouteGraph, start: number, goal: number): RouteEnds {
  const [startClass, goalClass] = [graph.classOf[start] as number, graph.classOf[goal] as number];
  const forward = costsFrom(graph, startClass);
  const shortest = forward.hops[goalClass] as number;
  const reached = reachedBy(graph, forward, start);
  const reaching = reachedBy(graph, costsTo(graph, goalClass), goal);
  const isUpgrade = start <= goal;
  const border = { outgoing: [start, ...reached], incoming: [goal, ...reaching] };
  return {
    reached: reached.map((at) => releaseAt(graph, at)),
    farthest: farthestOf(graph, reached, isUpgrade),
    reaching: reaching.map((at) => releaseAt(graph, at)),
    nearest: farthestOf(graph, reaching, !isUpgrade),
    shortest: Number.isFinite(shortest) ? shortest : null,
    border: Number.isFinite(shortest) ? [] : borderBlocks(graph, border),
  };
}

/** Positions that a way leads to, or comes from, and that may be on one, in order; without its own end. */
export function reachedBy({ members }: RouteGraph, { hops }: Pick<Costs, 'hops'>, end: number): number[] {
  return members
    .flatMap((positions, number) => (Number.isFinite(hops[number]) ? positions : []))
    .filter((at) => at !== end)
    .sort((a, b) => a - b);
}

/** The release at a position. */
export function releaseAt({ kernels }: RouteGraph, position: number): string {
  return kernels[position]?.release ?? '';
}

/** The newest or the oldest of some positions in order; upstream's own releases before others. Null where there is none. */
export function farthestOf(
  graph: RouteGraph,
  positions: readonly number[],
  isNewest: boolean,
): string | null {
  const names = positions.map((at) => releaseAt(graph, at));
  const upstream = names.filter((release) => parseReleaseName(release)?.vendor === null);
  const candidates = upstream.length > 0 ? upstream : names;
  return candidates.at(isNewest ? -1 : 0) ?? null;
}
