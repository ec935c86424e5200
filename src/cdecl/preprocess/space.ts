import { ToolError } from '../../errors.ts';
import type { Where } from '../../model/layout.ts';
import { isSettledByTarget } from '../../model/target-options.ts';
import type { Token } from '../lex/token.ts';
import {
  ARCH_NAMES,
  BUILTIN_PATH,
  NEVER_DEFINED,
  PAGE_SIZE_NAMES,
  TARGET_TEXT,
  targetText,
} from './builtin-text.ts';
import { evaluateCondition } from './condition.ts';
import { configMacro, optionState } from './config.ts';
import { FALLBACK_TEXT, STABLE_TEXT } from './fallback-text.ts';
import { FileView } from './file-view.ts';
import { type IncludeEdge, type IncludeGraph, includeGraph, type Resolution } from './include-graph.ts';
import type { Macro } from './macro.ts';
import type { MacroQuery, MacroSource } from './macro-scope.ts';
import type { IncludeLine } from './skeleton.ts';
import { type CTree, readSource, type SourceText, sourceOf } from './source.ts';
import type { World } from './world.ts';

/** How deep conditionals of headers may need each other before an `#include` counts as active without a look at them. */
const MAX_NESTED_VIEWS = 40;
/** After the last event of any file. */
export const END_OF_FILE = Number.MAX_SAFE_INTEGER;

const builtinViews = new Map<string, FileView>();

/** Our own texts hold no conditionals, so that one view serves every space. */
function builtinView(text: string, host: Space): FileView {
  let view = builtinViews.get(text);
  if (!view) {
    view = new FileView(BUILTIN_PATH, sourceOf(text), host);
    builtinViews.set(text, view);
  }
  return view;
}

/** A question to the headers in reach of a file. */
export interface Search<T> {
  readonly view: FileView;
  /** Names the question, so that it is answered once a file. */
  readonly key: string;
  /** Only headers that are included before this item count. */
  readonly before?: number;
  /** A cheap look at the text that spares opening a header. */
  mayHave(source: SourceText): boolean;
  /** `at`: what stands after this item of the header does not count. */
  probe(header: FileView, at: number): T | undefined;
}

/** An `#include` met on the way, and what led to the file that holds it. */
interface Stop {
  readonly edge: IncludeEdge;
  /** The file that holds it. */
  readonly holder: string;
  /** undefined where the start itself holds it. */
  readonly from: Stop | undefined;
}

/** Where a walk starts: a file, and those of its includes that count. */
interface Departure {
  readonly start: FileView;
  readonly edges: Set<IncludeEdge>;
  readonly before: number;
}

/**
 * The files in reach of one root file, each opened when it is first needed. A name that a file does not define is
 * looked for in the headers that it includes, nearest first, then in those of the root file, then among our fallbacks.
 * The way goes by the texts' includes; whether those are active is evaluated for the way to a hit only.
 */
export class Space implements MacroSource {
  #world: World;
  #graph: IncludeGraph;
  readonly #views = new Map<string, FileView | ToolError>();
  /** The files with a condition under evaluation, and the item of the innermost one. */
  readonly #busy = new Map<string, number>();
  readonly #used = new Set<FileView>();
  readonly #found = new Map<string, unknown>();
  /** By the file that holds them. */
  readonly #inactive = new Map<string, Set<IncludeLine>>();
  readonly #absent = new Set<string>();
  readonly #consulted = new Set<string>();
  /** What was noted of it in `#consulted` and `#absent` stays. */
  readonly #resolved = new Set<Resolution>();
  readonly #fixedViews: readonly FileView[];
  readonly #stableView: FileView;
  readonly #fallbackView: FileView;
  #root: FileView | undefined;
  /** Whether something that differs between architectures, or between page sizes, was looked at. */
  dependsOnArch = false;
  dependsOnPageSize = false;
  /** Options that no conditional tests and that decide all the same, with the first place of each. */
  readonly testedBeside = new Map<string, Where>();
  /** How often a file was passed over because a condition of it was under evaluation: the answer holds for now only. */
  #skipped = 0;

  constructor(world: World) {
    this.#world = world;
    this.#graph = includeGraph(world.tree, world.includeDirs);
    this.#fixedViews = [builtinView(targetText(world.target), this), builtinView(TARGET_TEXT, this)];
    this.#stableView = builtinView(STABLE_TEXT, this);
    this.#fallbackView = builtinView(FALLBACK_TEXT, this);
  }

  get world(): World {
    return this.#world;
  }

  isSet(option: string, where: Where): boolean {
    if (!this.testedBeside.has(option)) this.testedBeside.set(option, where);
    return optionState(this.#world.config, 'IS_ENABLED', option);
  }

  /** Goes on with another tree. Whatever was looked at so far must be the same there. */
  moveTo(tree: CTree): void {
    this.#world = { ...this.#world, tree };
    this.#graph = includeGraph(tree, this.#world.includeDirs);
    this.#resolved.clear();
  }

  /** The fallback definitions of types and macros. */
  get fallback(): FileView {
    return this.#fallbackView;
  }

  /** Sets the file that lookups fall back to. Throws ToolError when it cannot be read. */
  open(path: string, source: SourceText): FileView {
    const view = new FileView(path, source, this);
    this.#views.set(path, view);
    this.#consulted.add(path);
    this.#root = view;
    return view;
  }

  /** The root file and the headers that answered a question, in that order: what they say depends on what they test. */
  usedViews(): FileView[] {
    return this.#root ? [this.#root, ...this.#used] : [...this.#used];
  }

  /** The names that were looked for because a file includes them, and are not in the tree, sorted. */
  absentIncludes(): string[] {
    return [...this.#absent].sort();
  }

  /** The paths that were looked at or looked for so far: the same texts and absences give the same answers. */
  get consulted(): ReadonlySet<string> {
    return this.#consulted;
  }

  /** The file that an `#include` means; undefined where the tree lacks it. */
  resolve(from: string, include: IncludeLine): string | undefined {
    return this.#noted(include, this.#graph.resolve(from, include));
  }

  #noted(include: IncludeLine, resolution: Resolution): string | undefined {
    const { path } = resolution;
    if (this.#resolved.has(resolution)) return path;
    this.#resolved.add(resolution);
    for (const candidate of resolution.tried) this.#consulted.add(candidate);
    if (path === undefined) this.#absent.add(include.spelled);
    if (include.spelled.includes('asm/') || path?.startsWith('arch/')) this.dependsOnArch = true;
    return path;
  }

  /** A header; undefined where the tree has none. Throws ToolError for a broken one. */
  view(path: string): FileView | undefined {
    const known = this.#views.get(path);
    if (known instanceof ToolError) throw known;
    if (known) return known;
    const source = readSource(this.world.tree, path);
    if (!source) return undefined;
    try {
      const view = new FileView(path, source, this);
      this.#views.set(path, view);
      return view;
    } catch (error) {
      if (error instanceof ToolError) this.#views.set(path, error);
      throw error;
    }
  }

  /** Whether what the target fixes includes this name. */
  isFixed(name: string): boolean {
    return this.#fixed(name) !== undefined;
  }

  /** Whether an option is on or off by the target alone. */
  isSettled(option: string): boolean {
    return isSettledByTarget(option) || this.isFixed(option);
  }

  #fixed(name: string): Macro | undefined {
    if (ARCH_NAMES.has(name)) this.dependsOnArch = true;
    if (PAGE_SIZE_NAMES.has(name)) this.dependsOnPageSize = true;
    for (const view of this.#fixedViews) {
      const macro = view.macroAt(name, END_OF_FILE);
      if (macro) return macro;
    }
    return undefined;
  }

  isDefined(view: FileView, at: number, name: string): boolean {
    return this.#during(
      view,
      at,
      () => this.macro({ view, at, name, isDeep: true, before: at }) !== undefined,
    );
  }

  evaluate(view: FileView, at: number, tokens: readonly Token[], line: number): boolean {
    return this.#during(view, at, () => evaluateCondition({ space: this, view, at, tokens, line }));
  }

  #during<T>(view: FileView, at: number, run: () => T): T {
    const outer = this.#busy.get(view.path);
    this.#busy.set(view.path, at);
    try {
      return run();
    } finally {
      if (outer === undefined) this.#busy.delete(view.path);
      else this.#busy.set(view.path, outer);
    }
  }

  /** The macro that a name means at a place. */
  macro(query: MacroQuery): Macro | undefined {
    const { view, at, name, before } = query;
    const fixed = this.#fixed(name);
    if (fixed) return fixed;
    if (name.startsWith('CONFIG_')) {
      if (query.line !== undefined) view.noteOption(name, query.line);
      const option = isSettledByTarget(name) ? undefined : configMacro(this.world.config, name);
      if (option) return option;
    }
    const own = view.macroAt(name, at);
    if (own !== undefined) return own ?? undefined;
    if (!query.isDeep || name.startsWith('CONFIG_') || NEVER_DEFINED.has(name)) return undefined;
    const stable = this.#stableView.macroAt(name, END_OF_FILE);
    if (stable) return stable;
    const probe = (header: FileView, at = END_OF_FILE) => header.macroAt(name, at) ?? undefined;
    const found = this.search({
      view,
      key: `macro ${name}`,
      mayHave: (source) => source.hasDefine(name),
      probe,
      ...(before !== undefined && { before }),
    });
    return found ?? probe(this.#fallbackView);
  }

  /** Asks the headers in reach of a file, then those of the root file, nearest first. */
  search<T>(query: Search<T>): T | undefined {
    const { view, key, before } = query;
    const fullKey = `${view.path}|${before ?? ''}|${key}`;
    if (this.#found.has(fullKey)) return this.#found.get(fullKey) as T | undefined;
    const skipped = this.#skipped;
    const found = this.#searchBoth(query);
    if (this.#skipped === skipped) this.#found.set(fullKey, found);
    return found;
  }

  #searchBoth<T>(query: Search<T>): T | undefined {
    const { view, before = END_OF_FILE } = query;
    const seen = new Set([view.path]);
    const found = this.#searchFrom(view, before, seen, query);
    const root = this.#root;
    if (found !== undefined || !root || root === view || view.path === BUILTIN_PATH) return found;
    const rootAt = this.#busy.get(root.path);
    if (rootAt !== undefined) this.#skipped += 1;
    const until = rootAt ?? END_OF_FILE;
    return query.probe(root, until) ?? this.#searchFrom(root, until, seen, query);
  }

  /** Walks again without an `#include` that turned out to be inactive: the headers behind it may be reached otherwise. */
  #searchFrom<T>(start: FileView, before: number, seen: Set<string>, query: Search<T>): T | undefined {
    const departure = { start, edges: this.#edgesBefore(start, before), before };
    for (;;) {
      const walked = new Set(seen);
      const found = this.#walk(departure, walked, query);
      if (found !== 'again') {
        for (const path of walked) seen.add(path);
        return found;
      }
    }
  }

  #edgesBefore(start: FileView, before: number): Set<IncludeEdge> {
    const edges = this.#graph.node(start.path)?.edges ?? [];
    const spelled = new Set<string>();
    for (const include of start.skeleton.includes) if (include.at < before) spelled.add(include.spelled);
    return new Set(edges.filter(({ include }) => spelled.has(include.spelled)));
  }

  #walk<T>(departure: Departure, seen: Set<string>, query: Search<T>): T | 'again' | undefined {
    const { start, edges } = departure;
    const queue: Stop[] = [...edges].map((edge) => ({ edge, holder: start.path, from: undefined }));
    for (let next = 0; next < queue.length; next += 1) {
      const stop = queue[next]!;
      const path = this.#noted(stop.edge.include, stop.edge.resolution);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const node = this.#graph.node(path)!;
      if (query.mayHave(node.source)) {
        const found = this.#ask(path, stop, departure, query);
        if (found !== undefined) return found;
      }
      const inactive = this.#inactive.get(path);
      for (const edge of node.edges) {
        const known = edge.known;
        // Of what was noted and seen before nothing more would become of it.
        if (known && this.#resolved.has(known) && (known.path === undefined || seen.has(known.path)))
          continue;
        if (!inactive?.has(edge.include)) queue.push({ edge, holder: path, from: stop });
      }
    }
    return undefined;
  }

  #ask<T>(path: string, stop: Stop, departure: Departure, query: Search<T>): T | 'again' | undefined {
    if (this.#busy.has(path)) {
      this.#skipped += 1;
      return undefined;
    }
    if (!this.#isReached(stop, departure)) return 'again';
    const header = this.view(path);
    const found = header && query.probe(header, END_OF_FILE);
    if (found !== undefined) this.#used.add(header!);
    return found;
  }

  /** Whether every `#include` on the way is active; the first that is not is left out of every later walk. */
  #isReached(stop: Stop, { start, edges, before }: Departure): boolean {
    if (this.#busy.size >= MAX_NESTED_VIEWS) return true;
    const way: Stop[] = [];
    for (let at: Stop | undefined = stop; at; at = at.from) way.push(at);
    for (const { edge, from, holder } of way.reverse()) {
      const file = from ? this.#viewIfReadable(holder) : start;
      if (!file || (from && this.#busy.has(holder))) continue;
      if (file.includes(edge.include, from ? END_OF_FILE : before)) continue;
      if (from) this.#noteInactive(holder, edge.include);
      else edges.delete(edge);
      return false;
    }
    return true;
  }

  #noteInactive(holder: string, edge: IncludeLine): void {
    const known = this.#inactive.get(holder);
    if (known) known.add(edge);
    else this.#inactive.set(holder, new Set([edge]));
  }

  #viewIfReadable(path: string): FileView | undefined {
    try {
      return this.view(path);
    } catch (error) {
      if (error instanceof ToolError && error.code !== 'INTERNAL') return undefined;
      throw error;
    }
  }
}
