import { type CTree, type IncludeLine, includeCandidates, readSource } from './source.ts';

/** Where an `#include` leads. */
export interface Resolution {
  /** undefined where the tree lacks the file. */
  readonly path: string | undefined;
  /** Every path that was tried, the found one included: what is there decides. */
  readonly tried: readonly string[];
}

/** Which header includes which, by their texts alone: the same for every target that has the same search path. */
export class IncludeGraph {
  readonly #tree: CTree;
  readonly #includeDirs: readonly string[];
  /** By the folder of the file that includes, empty where it does not matter, and by what is written. */
  readonly #resolved = new Map<string, Map<string, Resolution>>();

  constructor(tree: CTree, includeDirs: readonly string[]) {
    this.#tree = tree;
    this.#includeDirs = includeDirs;
  }

  /** The includes of a file's text, in active branches or not; the same objects each time. */
  edges(from: string): readonly IncludeLine[] {
    return readSource(this.#tree, from)?.includes() ?? [];
  }

  /** The file that an `#include` means. */
  resolve(from: string, include: IncludeLine): Resolution {
    const folder = include.isAngled ? '' : from.slice(0, from.lastIndexOf('/') + 1);
    let resolved = this.#resolved.get(folder);
    if (!resolved) {
      resolved = new Map();
      this.#resolved.set(folder, resolved);
    }
    let resolution = resolved.get(include.spelled);
    if (!resolution) {
      resolution = this.#find(includeCandidates(from, include, this.#includeDirs));
      resolved.set(include.spelled, resolution);
    }
    return resolution;
  }

  #find(candidates: readonly string[]): Resolution {
    const found = candidates.findIndex((path) => readSource(this.#tree, path) !== undefined);
    if (found < 0) return { path: undefined, tried: candidates };
    return { path: candidates[found], tried: candidates.slice(0, found + 1) };
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
