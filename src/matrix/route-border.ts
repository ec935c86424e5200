import { sharedConditions } from '../model/condition.ts';
import { joinBlocks } from '../model/pair-block.ts';
import type { PairBlock, PairDecision } from '../model/route.ts';
import { rankOf } from '../verdict/walk.ts';
import { groupByKey } from './equivalence.ts';
import type { RouteGraph } from './route-graph.ts';
import { decide, isSafe } from './route-graph.ts';

// What stands between two sets of kernels of which none can be updated to one of the other.

export interface Border {
  /** Positions in the graph. */
  outgoing: readonly number[];
  incoming: readonly number[];
}

type Decided = PairDecision & { isRollback?: boolean };

/** Every pair from one side to the other, gathered by what decides it, the worst first. */
export function borderBlocks(graph: RouteGraph, { outgoing, incoming }: Border): PairBlock[] {
  const twinOf = twinsOf(graph);
  const [writers, readers] = [outgoing, incoming].map((side) => inTwins(inOrder(side), twinOf));
  const pairs = (writers ?? []).flatMap((from) =>
    (readers ?? []).map((to) => {
      const [writer, reader] = [from[0] as number, to[0] as number];
      const decided = withSharedConditions(graph, decideEither(graph, writer, reader), writer);
      return { outgoing: from, incoming: to, pair: decided };
    }),
  );
  const blocks = joinBlocks(
    pairs,
    ({ verdict, effect, decidedBy, profile, isRollback }) => [
      verdict,
      effect,
      decidedBy,
      profile,
      isRollback,
    ],
    (a, b) => a - b,
  );
  const names = (positions: readonly number[]): string[] => positions.map((at) => nameOf(graph, at));
  return blocks
    .map(
      (block): PairBlock => ({
        outgoing: names(block.outgoing),
        incoming: names(block.incoming),
        ...block.pair,
      }),
    )
    .sort((a, b) => rankOf(a) - rankOf(b));
}

function inOrder(positions: readonly number[]): number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}

function nameOf({ kernels }: RouteGraph, position: number): string {
  return kernels[position]?.release ?? '';
}

/** By position: a number that kernels share which no pair tells apart. */
function twinsOf({ kernels, judges }: RouteGraph): number[] {
  const numbers: number[] = [];
  const keys = kernels.map((kernel) => judges.map(({ judge }) => judge.keyOf(kernel)).join('|'));
  for (const [number, group] of groupByKey(keys).entries()) for (const at of group) numbers[at] = number;
  return numbers;
}

/** Positions that are twins together, in the order of the first of each. */
function inTwins(positions: readonly number[], twinOf: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const at of positions) {
    const twin = twinOf[at] as number;
    const known = groups.get(twin);
    if (known) known.push(at);
    else groups.set(twin, [at]);
  }
  return [...groups.values()];
}

/** A block stands for many pairs, so that no condition of it bears a name. */
function withSharedConditions(graph: RouteGraph, { conditions, ...decided }: Decided, from: number): Decided {
  if (!conditions) return decided;
  return { ...decided, conditions: sharedConditions({ outgoing: nameOf(graph, from), conditions }) };
}

/** The pair itself, or its way back where only that is unsafe. */
export function decideEither(graph: RouteGraph, from: number, to: number): Decided {
  const forward = decide(graph, from, to);
  if (!isSafe(forward) || !graph.rollback) return forward;
  return { ...decide(graph, to, from), isRollback: true };
}
