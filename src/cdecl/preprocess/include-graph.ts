import type { IncludeLine } from './skeleton.ts';
import { type CTree, includeCandidates, readSource, type SourceText } from './source.ts';

/** Where an `#include` leads. */
export interface Resolution {
  /** undefined where the tree lacks the file. */
  readonly path: string | undefined;
  /** Every path that was tried, the found one included: what is there decides. */
  readonly tried: readonly string[];
}

/** An `#include` of a file's text. */
export class IncludeEdge {
  readonly include: IncludeLine;
  readonly #from: string;
  readonly #graph: IncludeGraph;
  #resolution: Resolution | undefined;

  constructor(graph: IncludeGraph, from: string, include: IncludeLine) {
    this.#graph = graph;
    this.#from = from;
    this.include = include;
  }

  /** Where it leads; looked for when it is first asked for. */
  get resolution(): Resolution {
    this.#resolution ??= this.#graph.resolve(this.#from, this.include);
    return this.#resolution;
  }

  /** The same, undefined where nobody asked yet. */
  get known(): Resolution | undefined {
    return this.#resolution;
  }
}

/** A file of the graph. */
export interface IncludeNode {
  readonly source: SourceText;
  /** Its includes, in active branches or not; their lines are the same objects each time. */
  readonly edges: readonly IncludeEdge[];
}

/** Which header includes which, by their texts alone: the same for every target that has the same search path. */
export class IncludeGraph {
  readonly #tree: CTree;
  readonly #includeDirs: readonly string[];
  /** By the folder of the file that includes, empty where it does not matter, and by what is written. */
  readonly #resolved = new Map<string, Map<string, Resolution>>();
  readonly #nodes = new Map<string, IncludeNode | undefined>();

  constructor(tree: CTree, includeDirs: readonly string[]) {
    this.#tree = tree;
    this.#includeDirs = includeDirs;
  }

  /** A file with what it includes; undefined where the tree lacks it. */
  node(path: string): IncludeNode | undefined {
    if (!this.#nodes.has(path)) this.#nodes.set(path, this.#read(path));
    return this.#nodes.get(path);
  }

  #read(path: string): IncludeNode | undefined {
    const source = readSource(this.#tree, path);
    if (!source) return undefined;
    return { source, edges: source.includes().map((include) => new IncludeEdge(this, path, include)) };
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
