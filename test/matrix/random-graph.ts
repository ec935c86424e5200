import fc from 'fast-check';
import { partition } from '../../src/matrix/equivalence.ts';
import type { ClassGraph, Grade } from '../../src/matrix/route-search.ts';

/** A small graph of kernels, node by node, and the order in which nodes are preferred. */
export interface SmallGraph {
  grades: Grade[][];
  preference: number[];
  onWay: boolean[];
}

/** Graphs of up to six nodes; some nodes are copies of others, so that classes have several members. */
export const smallGraphs: fc.Arbitrary<SmallGraph> = fc
  .integer({ min: 1, max: 6 })
  .chain((size) =>
    fc.record({
      kinds: fc.array(fc.nat(size - 1), { minLength: size, maxLength: size }),
      cells: fc.array(fc.constantFrom<Grade>(0, 0, 0, 1, 2), { minLength: size ** 2, maxLength: size ** 2 }),
      preference: fc.shuffledSubarray([...Array(size).keys()], { minLength: size, maxLength: size }),
      onWay: fc.array(fc.constantFrom(true, true, true, false), { minLength: size, maxLength: size }),
    }),
  )
  .map(({ kinds, cells, preference, onWay }) => ({
    grades: kinds.map((from) => kinds.map((to) => cells[from * kinds.length + to] ?? 0)),
    preference,
    onWay,
  }));

/** The same graph as the search takes it. */
export function classGraphOf({ grades, preference, onWay }: SmallGraph): ClassGraph {
  const classes = partition(grades.length, (from, to) => grades[from]?.[to] ?? 0);
  const classOf = grades.map((_, node) => classes.findIndex((members) => members.includes(node)));
  const members = classes.map((nodes) =>
    nodes.filter((node) => onWay[node]).sort((a, b) => (preference[a] ?? 0) - (preference[b] ?? 0)),
  );
  const first = classes.map(([node = 0]) => node);
  return {
    classOf,
    members,
    preference,
    gradeOf: (from, to) => grades[first[from] ?? 0]?.[first[to] ?? 0] ?? 0,
  };
}

/** Every way without a node twice, from the start to the goal: fewest hops, fewest notes, preferred nodes first. */
export function bestWayByTrying(
  { grades, preference, onWay }: SmallGraph,
  start: number,
  goal: number,
): number[] | undefined {
  let best: { way: number[]; key: number[] } | undefined;
  const walk = (at: number, way: readonly number[], notes: number): void => {
    for (const next of grades.keys()) {
      const grade = grades[at]?.[next] ?? 0;
      if (grade === 0) continue;
      const longer = [...way, next];
      const sum = notes + (grade === 1 ? 1 : 0);
      if (next === goal) {
        const key = [longer.length, sum, ...longer.map((node) => preference[node] ?? 0)];
        if (!best || isLess(key, best.key)) best = { way: longer, key };
      } else if (onWay[next] && next !== start && !way.includes(next)) walk(next, longer, sum);
    }
  };
  walk(start, [], 0);
  return best?.way;
}

function isLess(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}
