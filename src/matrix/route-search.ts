// The shortest ways through a graph of classes. Nodes of one class have equal hops to and from every node, so that the
// search sees classes alone, and a way is made of nodes at the end.

/** How good a hop is: 0 is none, 1 a hop with notes, 2 one without. */
export type Grade = 0 | 1 | 2;

export interface ClassGraph {
  /** The class of each node. */
  classOf: readonly number[];
  /** The nodes of each class that may be on the way, the one to prefer first. */
  members: readonly (readonly number[])[];
  /** By node: its place in the order of preference over all nodes, 0 first. */
  preference: readonly number[];
  /** How good the hop from a node of one class to a node of another, or of the same one, is. */
  gradeOf(outgoing: number, incoming: number): Grade;
}

/** What the way to or from a class costs: infinite where there is none. */
export interface Costs {
  hops: number[];
  /** Of the ways with that many hops, the fewest hops with notes. */
  notes: number[];
}

/** What it costs to come from each class to this one, by one hop at least. */
export function costsTo(graph: ClassGraph, goal: number): Costs {
  return costs(graph, goal, (near, far) => graph.gradeOf(far, near));
}

/** What it costs to come from this class to each one, by one hop at least. */
export function costsFrom(graph: ClassGraph, start: number): Costs {
  return costs(graph, start, (near, far) => graph.gradeOf(near, far));
}

/** Breadth first, one layer a hop; each class of a layer takes the best of the layer before. */
function costs(
  { members }: ClassGraph,
  origin: number,
  gradeOf: (near: number, far: number) => Grade,
): Costs {
  const hops = members.map(() => Number.POSITIVE_INFINITY);
  const notes = members.map(() => Number.POSITIVE_INFINITY);
  let layer = [{ near: origin, sofar: 0 }];
  for (let count = 1; layer.length > 0; count += 1) {
    for (const { near, sofar } of layer) {
      for (const far of members.keys()) {
        const grade = gradeOf(near, far);
        if (grade === 0 || (hops[far] as number) < count) continue;
        hops[far] = count;
        notes[far] = Math.min(notes[far] as number, sofar + (grade === 1 ? 1 : 0));
      }
    }
    layer = [...members.keys()]
      .filter((far) => hops[far] === count && members[far]?.[0] !== undefined)
      .map((far) => ({ near: far, sofar: notes[far] as number }));
  }
  return { hops, notes };
}

/**
 * The nodes of the best way after its start, the goal last: fewest hops, then fewest hops with notes, then, from the
 * first hop on, the node to prefer. Undefined where there is no way.
 */
export function findWay(
  graph: ClassGraph,
  start: number,
  goal: number,
  known: Costs = costsTo(graph, graph.classOf[goal] as number),
): number[] | undefined {
  const way: number[] = [];
  let at = graph.classOf[start] as number;
  if (!Number.isFinite(known.hops[at])) return undefined;
  while ((known.hops[at] as number) > 1) {
    const next = bestNext(graph, at, known);
    way.push(next);
    at = graph.classOf[next] as number;
  }
  return [...way, goal];
}

/** The node to prefer among all that keep to the lowest cost. */
function bestNext({ members, preference, gradeOf }: ClassGraph, at: number, { hops, notes }: Costs): number {
  let best: number | undefined;
  for (const [next, [first]] of members.entries()) {
    const grade = gradeOf(at, next);
    if (first === undefined || grade === 0 || hops[next] !== (hops[at] as number) - 1) continue;
    if ((notes[next] as number) + (grade === 1 ? 1 : 0) !== notes[at]) continue;
    if (best === undefined || (preference[first] as number) < (preference[best] as number)) best = first;
  }
  if (best === undefined) throw new RangeError(`class ${at}: its cost comes from no neighbour`);
  return best;
}
