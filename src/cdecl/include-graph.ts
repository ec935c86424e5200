import { type CTree, type IncludeLine, includeCandidates, readSource } from './source.ts';

/** An `#include` of a header's text, in an active branch or not, and the file that it means. */
export interface IncludeEdge extends IncludeLine {
  readonly path: string;
}

/** Which header includes which, by their texts alone: the same for every target that has the same search path. */
export class IncludeGraph {
  readonly #tree: CTree;
  readonly #includeDirs: readonly string[];
  readonly #resolved = new Map<string, string | undefined>();
  readonly #edges = new Map<string, readonly IncludeEdge[]>();
  readonly #ofArch = new Set<string>();
  readonly #absent = new Map<string, readonly string[]>();

  constructor(tree: CTree, includeDirs: readonly string[]) {
    this.#tree = tree;
    this.#includeDirs = includeDirs;
  }

  /** In the order of the text; those that the tree lacks are left out. */
  edges(from: string): readonly IncludeEdge[] {
    let edges = this.#edges.get(from);
    if (!edges) {
      edges = this.#readEdges(from);
      this.#edges.set(from, edges);
    }
    return edges;
  }

  /** What a file includes and the tree lacks. */
  absentFrom(from: string): readonly string[] {
    this.edges(from);
    return this.#absent.get(from) ?? [];
  }

  /** Whether a file, or what its includes mean, may be another one for another architecture. */
  isOfArch(path: string): boolean {
    this.edges(path);
    return this.#ofArch.has(path);
  }

  /** The file that an `#include` means; undefined where the tree lacks it. */
  resolve(from: string, include: IncludeLine): string | undefined {
    const folder = include.isAngled ? '' : from.slice(0, from.lastIndexOf('/') + 1);
    const key = `${folder}|${include.spelled}`;
    if (!this.#resolved.has(key)) {
      const candidates = includeCandidates(from, include, this.#includeDirs);
      this.#resolved.set(
        key,
        candidates.find((candidate) => readSource(this.#tree, candidate) !== undefined),
      );
    }
    return this.#resolved.get(key);
  }

  #readEdges(from: string): readonly IncludeEdge[] {
    const edges: IncludeEdge[] = [];
    const absent: string[] = [];
    for (const include of readSource(this.#tree, from)?.includes() ?? []) {
      const path = this.resolve(from, include);
      if (include.spelled.includes('asm/') || path?.startsWith('arch/')) this.#ofArch.add(from);
      if (path === undefined) absent.push(include.spelled);
      else edges.push({ ...include, path });
    }
    if (absent.length > 0) this.#absent.set(from, absent);
    return edges;
  }
}

const graphsByTree = new WeakMap<CTree, Map<string, IncludeGraph>>();

/** The graph of a tree, made once for each search path; a tree does not change while it is in use. */
export function includeGraph(tree: CTree, includeDirs: readonly string[]): IncludeGraph {
  let graphs = graphsByTree.get(tree);
  if (!graphs) {
    graphs = new Map();
    graphsByTree.set(tree, graphs);
  }
  const key = includeDirs.join('|');
  let graph = graphs.get(key);
  if (!graph) {
    graph = new IncludeGraph(tree, includeDirs);
    graphs.set(key, graph);
  }
  return graph;
}
