import { ToolError } from '../errors.ts';
import type { Target } from '../model/target.ts';
import { BUILTIN_PATH, NEVER_DEFINED, targetText } from './builtin-text.ts';
import { evaluateCondition } from './condition.ts';
import { type Config, configMacro } from './config.ts';
import { followInto, noteOption } from './directives.ts';
import { FALLBACK_TEXT } from './fallback-text.ts';
import { FileDeclarations } from './file-declarations.ts';
import { FileView } from './file-view.ts';
import type { Macro } from './macro.ts';
import {
  type CTree,
  type IncludeLine,
  includeCandidates,
  readSource,
  type SourceText,
  sourceOf,
} from './source.ts';
import type { Token } from './token.ts';

/** Everything that decides what a header says. */
export interface World {
  readonly tree: CTree;
  readonly target: Target;
  readonly includeDirs: readonly string[];
  readonly config: Config;
}

/** How deep headers may be followed from within a conditional of another header before only their text is looked at. */
const MAX_NESTED_VIEWS = 40;
/** After the last event of any file. */
export const END_OF_FILE = Number.MAX_SAFE_INTEGER;

const builtinViews = new Map<string, FileView>();

/** Our own texts hold no conditionals, so that one view serves every space. */
function builtinView(text: string, host: Space): FileView {
  let view = builtinViews.get(text);
  if (!view) {
    view = followInto(new FileView(BUILTIN_PATH, sourceOf(text)), host);
    builtinViews.set(text, view);
  }
  return view;
}

/**
 * The files in reach of one root file, each followed when it is first needed. A name that a file does not define is
 * looked for in the headers that it includes, nearest first, then in those of the root file, then among our fallbacks.
 */
export class Space {
  readonly world: World;
  readonly #views = new Map<string, FileView | ToolError>();
  readonly #busy = new Set<string>();
  readonly #declarations = new Map<FileView, FileDeclarations>();
  readonly #resolved = new Map<string, string | undefined>();
  readonly #includes = new Map<string, string[]>();
  readonly #used = new Set<FileView>();
  readonly #found = new Map<string, unknown>();
  readonly #targetView: FileView;
  readonly #fallbackView: FileView;
  #root: FileView | undefined;
  /** Names that were included and are not in the tree. */
  readonly absentIncludes = new Set<string>();

  constructor(world: World) {
    this.world = world;
    this.#targetView = builtinView(targetText(world.target), this);
    this.#fallbackView = builtinView(FALLBACK_TEXT, this);
  }

  /** The fallback definitions of types and macros. */
  get fallback(): FileView {
    return this.#fallbackView;
  }

  /** Sets the file that lookups fall back to. Throws ToolError when it cannot be read. */
  open(path: string, source: SourceText): FileView {
    const view = new FileView(path, source);
    this.#views.set(path, view);
    this.#root = view;
    this.#busy.add(path);
    followInto(view, this);
    this.#busy.delete(path);
    return view;
  }

  /** The root file and the headers that answered a question, in that order: what they say depends on what they test. */
  usedViews(): FileView[] {
    return this.#root ? [this.#root, ...this.#used] : [...this.#used];
  }

  /** A header with its directives followed; undefined where the tree has none. Throws ToolError for a broken one. */
  view(path: string): FileView | undefined {
    const known = this.#views.get(path);
    if (known instanceof ToolError) throw known;
    if (known) return known;
    const source = readSource(this.world.tree, path);
    if (!source) return undefined;
    const view = new FileView(path, source);
    this.#views.set(path, view);
    this.#busy.add(path);
    try {
      return followInto(view, this);
    } catch (error) {
      if (error instanceof ToolError) this.#views.set(path, error);
      throw error;
    } finally {
      this.#busy.delete(path);
    }
  }

  declarations(view: FileView): FileDeclarations {
    let declarations = this.#declarations.get(view);
    if (!declarations) {
      declarations = new FileDeclarations(view, this);
      this.#declarations.set(view, declarations);
    }
    return declarations;
  }

  /** Whether what the target fixes includes this name. */
  isFixed(name: string): boolean {
    return this.#targetView.macros.has(name);
  }

  isDefined(view: FileView, at: number, name: string): boolean {
    return this.macro({ view, at, name, isDeep: true }) !== undefined;
  }

  evaluate(view: FileView, at: number, tokens: readonly Token[], line: number): boolean {
    return evaluateCondition({ space: this, view, at, tokens, line });
  }

  /** The macro that a name means at a place. `isDeep`: look into headers too, else only into the file and the builtins. */
  macro(query: {
    view: FileView;
    at: number;
    name: string;
    isDeep: boolean;
    line?: number;
  }): Macro | undefined {
    const { view, at, name } = query;
    const fixed = this.#targetView.macroAt(name, END_OF_FILE);
    if (fixed) return fixed;
    if (name.startsWith('CONFIG_')) {
      if (query.line !== undefined) noteOption(view, name, query.line);
      const option = configMacro(this.world.config, name);
      if (option) return option;
    }
    const own = view.macroAt(name, at);
    if (own !== undefined) return own ?? undefined;
    if (!query.isDeep || name.startsWith('CONFIG_') || NEVER_DEFINED.has(name)) return undefined;
    const probe = (header: FileView) => header.macroAt(name, END_OF_FILE) ?? undefined;
    return (
      this.search(view, `macro ${name}`, (source) => source.hasDefine(name), probe) ??
      probe(this.#fallbackView)
    );
  }

  /**
   * Asks the headers in reach of a file, then those of the root file, nearest first. `mayHave` is a cheap look at the
   * text that spares following a header. `key` names the question, so that it is answered once a file.
   */
  search<T>(
    view: FileView,
    key: string,
    mayHave: (source: SourceText) => boolean,
    probe: (header: FileView) => T | undefined,
  ): T | undefined {
    const fullKey = `${view.path}|${key}`;
    const isComplete = !this.#busy.has(view.path);
    if (isComplete && this.#found.has(fullKey)) return this.#found.get(fullKey) as T | undefined;
    const seen = new Set([view.path]);
    let found = this.#searchFrom(view, seen, mayHave, probe);
    if (found === undefined && this.#root && this.#root !== view && view.path !== BUILTIN_PATH) {
      found = probe(this.#root) ?? this.#searchFrom(this.#root, seen, mayHave, probe);
    }
    if (isComplete) this.#found.set(fullKey, found);
    return found;
  }

  #searchFrom<T>(
    start: FileView,
    seen: Set<string>,
    mayHave: (source: SourceText) => boolean,
    probe: (header: FileView) => T | undefined,
  ): T | undefined {
    const queue = this.#resolveAll(start.path, start.includes);
    for (let next = 0; next < queue.length; next += 1) {
      const path = queue[next]!;
      if (seen.has(path)) continue;
      seen.add(path);
      const source = readSource(this.world.tree, path);
      if (!source) continue;
      if (mayHave(source) && !this.#busy.has(path)) {
        const header = this.view(path);
        const found = header && probe(header);
        if (found !== undefined) {
          this.#used.add(header!);
          return found;
        }
      }
      for (const include of this.#includesOf(path, source)) if (!seen.has(include)) queue.push(include);
    }
    return undefined;
  }

  /** A header's includes: the active ones where that makes a difference, else those of its text. */
  #includesOf(path: string, source: SourceText): string[] {
    const known = this.#includes.get(path);
    if (known) return known;
    const needsView = source.hasConditionalIncludes;
    const canFollow = needsView && !this.#busy.has(path) && this.#busy.size < MAX_NESTED_VIEWS;
    const view = canFollow ? this.#viewIfReadable(path) : undefined;
    const paths = this.#resolveAll(path, view ? view.includes : source.includes());
    if (view || !needsView) this.#includes.set(path, paths);
    return paths;
  }

  #viewIfReadable(path: string): FileView | undefined {
    try {
      return this.view(path);
    } catch (error) {
      if (error instanceof ToolError && error.code !== 'INTERNAL') return undefined;
      throw error;
    }
  }

  #resolveAll(from: string, includes: readonly IncludeLine[]): string[] {
    const paths: string[] = [];
    for (const include of includes) {
      const path = this.resolveInclude(from, include);
      if (path !== undefined) paths.push(path);
    }
    return paths;
  }

  /** The file that an `#include` means; undefined, and remembered, where the tree lacks it. */
  resolveInclude(from: string, include: IncludeLine): string | undefined {
    const folder = include.isAngled ? '' : from.slice(0, from.lastIndexOf('/') + 1);
    const key = `${folder}|${include.spelled}`;
    if (!this.#resolved.has(key)) {
      const candidates = includeCandidates(from, include, this.world.includeDirs);
      const path = candidates.find((candidate) => readSource(this.world.tree, candidate) !== undefined);
      if (path === undefined) this.absentIncludes.add(include.spelled);
      this.#resolved.set(key, path);
    }
    return this.#resolved.get(key);
  }
}
