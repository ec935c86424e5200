import type { RouteHop, RouteOutput, RouteShim, ShimmedPair } from '../model/route.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { RouteRequest } from './route.ts';
import { equalsOf, findRoute, positionIn, releaseAt, stepsBetween } from './route.ts';
import type { RouteGraph } from './route-graph.ts';
import { decide } from './route-graph.ts';
import { costsFrom } from './route-search.ts';

// Ways over pairs that are safe once the incoming kernel has shims: fewest shims, then fewest hops, then the kernels to prefer.
// Of each class of kernels that safe pairs do not tell apart one stands for all.

export interface ShimmedRequest extends RouteRequest {
  /** How many shims the way may need in all. */
  most: number;
  /** The shims that make a pair safe; none where it is, undefined where no number does. */
  needs(outgoing: Kernel, incoming: Kernel): ShimNeeds | undefined;
}

export interface ShimNeeds {
  shims: RouteShim[];
  /** What the pair depends on with them. */
  conditions: string[];
}

/** The way by safe pairs, else the one that needs the fewest shims. @throws RangeError for a release that is not in the graph */
export function findShimmedRoute(graph: RouteGraph, request: ShimmedRequest): RouteOutput {
  const { most } = request;
  const plain = findRoute(graph, request);
  if (plain.hops) return { ...plain, shims: { most, least: 0, possible: [] } };
  const search = new ShimSearch(graph, request);
  const way = search.best();
  const least = way?.cost ?? null;
  const possible = search.possible();
  const shims = { most, least, possible };
  if (!way || way.cost > most) return { ...plain, shims };
  return { ...plain, hops: search.hopsOf(way.nodes), ends: null, shims };
}

interface Way {
  cost: number;
  /** Positions, the start first. */
  nodes: number[];
}

class ShimSearch {
  readonly #graph: RouteGraph;
  readonly #request: ShimmedRequest;
  readonly #start: number;
  readonly #goal: number;
  readonly #nodes: readonly number[];
  readonly #pairs = new Map<string, ShimmedPair | undefined>();

  constructor(graph: RouteGraph, request: ShimmedRequest) {
    this.#graph = graph;
    this.#request = request;
    this.#start = positionIn(graph, request.from);
    this.#goal = positionIn(graph, request.to);
    const ends = new Set([this.#start, this.#goal]);
    const firsts = graph.members.flatMap(([first]) =>
      first === undefined || ends.has(first) ? [] : [first],
    );
    this.#nodes = [...ends, ...firsts.sort((a, b) => preferenceOf(graph, a) - preferenceOf(graph, b))];
  }

  /** One hop more at a time: of the ways with fewest shims the first that is found has fewest hops. */
  best(): Way | undefined {
    const { maxHops = this.#nodes.length } = this.#request;
    let layer = new Map<number, Way>([[this.#start, { cost: 0, nodes: [this.#start] }]]);
    let best: Way | undefined;
    for (let hop = 1; hop <= maxHops && layer.size > 0; hop += 1) {
      layer = this.#next(layer);
      const there = layer.get(this.#goal);
      if (there && (!best || there.cost < best.cost)) best = there;
    }
    return best;
  }

  #next(layer: ReadonlyMap<number, Way>): Map<number, Way> {
    const next = new Map<number, Way>();
    for (const [from, { cost, nodes }] of layer) {
      for (const to of this.#nodes) {
        if (nodes.includes(to)) continue;
        const pair = this.#pair(from, to);
        if (!pair) continue;
        const total = cost + countOf(pair);
        const known = next.get(to);
        if (!known || total < known.cost) next.set(to, { cost: total, nodes: [...nodes, to] });
      }
    }
    return next;
  }

  /** The hop between two positions, safe or with shims; undefined where neither. */
  #pair(from: number, to: number): ShimmedPair | undefined {
    const key = `${from} ${to}`;
    if (!this.#pairs.has(key)) this.#pairs.set(key, this.#judged(from, to));
    return this.#pairs.get(key);
  }

  #judged(from: number, to: number): ShimmedPair | undefined {
    const { kernels, classOf, gradeOf, rollback } = this.#graph;
    const [outgoing, incoming] = [kernels[from] as Kernel, kernels[to] as Kernel];
    const names = { outgoing: outgoing.release, incoming: incoming.release };
    if (gradeOf(classOf[from] as number, classOf[to] as number) > 0) return { ...names, shims: [] };
    const there = this.#request.needs(outgoing, incoming);
    const back = rollback ? this.#request.needs(incoming, outgoing) : { shims: [], conditions: [] };
    if (!there || !back) return undefined;
    const conditions = [...there.conditions, ...back.conditions];
    return {
      ...names,
      shims: there.shims,
      ...(rollback && { back: back.shims }),
      ...(conditions.length > 0 && { conditions }),
    };
  }

  /** Hops out of what safe pairs lead to, that shims of the number allowed make possible. */
  possible(): ShimmedPair[] {
    const graph = this.#graph;
    const { hops } = costsFrom(graph, graph.classOf[this.#start] as number);
    const isReached = (at: number): boolean => Number.isFinite(hops[graph.classOf[at] as number]);
    const sources = this.#nodes.filter((at) => at === this.#start || isReached(at));
    const targets = this.#nodes.filter((at) => at !== this.#start && !isReached(at));
    const pairs = sources.flatMap((from) => targets.flatMap((to) => this.#pair(from, to) ?? []));
    return pairs
      .filter((pair) => countOf(pair) <= this.#request.most)
      .sort((a, b) => countOf(a) - countOf(b));
  }

  hopsOf(nodes: readonly number[]): RouteHop[] {
    return nodes.slice(1).map((to, at): RouteHop => {
      const from = nodes[at] as number;
      const pair = this.#pair(from, to);
      const outgoing = releaseAt(this.#graph, from);
      if (pair && countOf(pair) === 0) {
        const [step] = stepsBetween(this.#graph, from, { goal: to, maxHops: 1 }) ?? [];
        const equivalents = to === this.#goal ? [] : equalsOf(this.#graph, to);
        if (step) return { outgoing, ...step, equivalents };
      }
      const { conditions: _refused, ...decision } = decide(this.#graph, from, to);
      return {
        outgoing,
        incoming: releaseAt(this.#graph, to),
        equivalents: [],
        ...decision,
        ...(pair?.conditions && { conditions: pair.conditions }),
        ...(this.#graph.rollback && { rollback: decide(this.#graph, to, from) }),
        shims: [...(pair?.shims ?? []), ...(pair?.back ?? [])],
      };
    });
  }
}

function countOf({ shims, back = [] }: ShimmedPair): number {
  return shims.length + back.length;
}

function preferenceOf({ preference }: RouteGraph, at: number): number {
  return preference[at] as number;
}
