import { sharedConditions } from '../model/condition.ts';
import { gatherBlocks } from '../model/pair-block.ts';
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
  const [writers, readers] = [inOrder(outgoing), inOrder(incoming)];
  const decided = decideOnce(graph);
  const pairs = writers.flatMap((from) =>
    readers.map((to) => ({
      outgoing: nameOf(graph, from),
      incoming: nameOf(graph, to),
      ...decided(from, to),
    })),
  );
  const blocks = gatherBlocks(pairs, ({ verdict, effect, decidedBy, profile, isRollback }) => [
    verdict,
    effect,
    decidedBy,
    profile,
    isRollback,
  ]);
  return blocks
    .map(({ pair, ...sides }): PairBlock => ({ ...pair, ...sides }))
    .sort((a, b) => rankOf(a) - rankOf(b));
}

function inOrder(positions: readonly number[]): number[] {
  return [...new Set(positions)].sort((a, b) => a - b);
}

function nameOf({ kernels }: RouteGraph, position: number): string {
  return kernels[position]?.release ?? '';
}

/** Kernels that no pair tells apart are judged once. */
function decideOnce(graph: RouteGraph): (from: number, to: number) => Decided {
  const twins = groupByKey(
    graph.kernels.map((kernel) => graph.judges.map(({ judge }) => judge.keyOf(kernel)).join('|')),
  );
  const firstOf: number[] = [];
  for (const group of twins) for (const at of group) firstOf[at] = group[0] as number;
  const known = new Map<string, Decided>();
  return (from, to) => {
    const [writer, reader] = [firstOf[from] as number, firstOf[to] as number];
    const key = `${writer} ${reader}`;
    const answer = known.get(key) ?? withSharedConditions(graph, decideEither(graph, writer, reader), writer);
    known.set(key, answer);
    return answer;
  };
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
