import { ToolError } from '../errors.ts';
import type { Layout, Where } from '../model/layout.ts';
import { PAGE_SHIFT, type Target } from '../model/target.ts';
import { isX86 } from '../model/target-options.ts';
import { withoutDropped } from './code/dropped.ts';
import { FileCode } from './code/file-code.ts';
import { answerOf, type ConfigDependence, findDependences } from './config-dependence.ts';
import type { RecordType } from './expression/ctype.ts';
import { strip } from './expression/ctype.ts';
import { fingerprintOf } from './fingerprint/fingerprint.ts';
import { findFunction } from './fingerprint/function-tokens.ts';
import { evaluateConstant, expandMacro } from './layout/constant.ts';
import { Lookup } from './layout/lookup.ts';
import { checkAssertions, type StaticAssertion } from './layout/static-assert.ts';
import { type InnerRecord, recordsWithin, type StandsApart, toLayout, typesOf } from './layout/to-layout.ts';
import { whereOf } from './lex/place.ts';
import type { Token } from './lex/token.ts';
import type { ConstantFact, DeclaredEnumerator, DeclaredMacro, DeclaredStruct } from './parse/declared.ts';
import type { FileDeclarations } from './parse/file-declarations.ts';
import { listEnumerators, listMacros, listStructs } from './parse/inventory.ts';
import { BUILTIN_PATH } from './preprocess/builtin-text.ts';
import type { Config } from './preprocess/config.ts';
import { makefileOf, optionsOfFile } from './preprocess/config.ts';
import type { Diagnostic, FileView } from './preprocess/file-view.ts';
import { checkIncludes } from './preprocess/include-loop.ts';
import { type CTree, readSource } from './preprocess/source.ts';
import { END_OF_FILE, Space } from './preprocess/space.ts';

/** What a unit is read for. */
export interface CEnvironment {
  tree: CTree;
  target: Target;
  /** Search path for `<...>`, see kernelIncludeDirs. */
  includeDirs: readonly string[];
  /** CONFIG_X to `y`, `m`, a number or a quoted text; absent: not set. undefined: no configuration is known. */
  config?: ReadonlyMap<string, string>;
  /** Without a configuration: options that are taken as given, and not asked about by configDependences. */
  assumed?: ReadonlyMap<string, string>;
  /** Without a configuration: options with a number in every build. Facts are drawn with the first and held against the second. */
  supposed?: ReadonlyMap<string, readonly [string, string]>;
  /** Whether a struct is captured by itself; the members of any other stand within those that embed it. All are, without it. */
  standsApart?: StandsApart;
}

/** A struct's or union's layout on the unit's target. */
export interface LayoutFact {
  layout: Layout;
  where: Where;
  /** `struct x` and `union x` that it embeds or points to, sorted. */
  types: string[];
  /** Structs and unions whose members the layout has taken in. */
  within: readonly InnerRecord[];
}

export interface Fingerprint {
  /** Over the signature and the body, see SEMANTICS: equal however locals are named and lines are broken. */
  sha256: string;
  where: Where;
}

/** Opens a file of the tree. Throws ToolError only when the file itself is hopeless. `initParser` must have settled. */
export function openUnit(env: CEnvironment, path: string): Unit {
  return new Unit(env, path);
}

/** Options by their values, which notes those of some that are asked for. */
class AskedConfig extends Map<string, string> {
  readonly asked = new Set<string>();
  readonly #noted: ReadonlyMap<string, unknown>;

  constructor(values: Iterable<readonly [string, string]>, noted: ReadonlyMap<string, unknown>) {
    super(values);
    this.#noted = noted;
  }

  override get(option: string): string | undefined {
    // Maps are filled by their constructor, before there is anything to note.
    if (this.#noted?.has(option)) this.asked.add(option);
    return super.get(option);
  }
}

/** One file, read for one target, with whatever headers turn out to be needed. */
export class Unit {
  readonly path: string;
  #env: CEnvironment;
  readonly #space: Space;
  readonly #lookup: Lookup;
  readonly #view: FileView;
  /** What this file was read from beside its space: the Makefile, and whatever another configuration leads to. */
  readonly #consultedBeside = new Set<string>();
  /** The supposed options that some answer was drawn from. */
  readonly #asked: ReadonlySet<string>;
  #assertions: StaticAssertion[] | undefined;
  #code: FileCode | undefined;

  constructor(env: CEnvironment, path: string, toggled?: Config) {
    const source = readSource(env.tree, path);
    if (!source) throw new ToolError('FILE_UNREADABLE', `${path}: no such file in the tree`, { path });
    const makefile = makefileOf(path);
    if (makefile !== undefined) this.#consultedBeside.add(makefile);
    const supposed = [...(env.supposed ?? [])].map(([option, [value]]) => [option, value] as const);
    const assumed = [
      ...neededOptions(env.tree, path),
      ...(env.assumed ?? []),
      ...supposed,
      ...(toggled ?? []),
    ];
    const open = new AskedConfig(assumed, env.supposed ?? new Map());
    const config = env.config ?? open;
    this.#asked = open.asked;
    this.path = path;
    this.#env = env;
    this.#space = new Space({ tree: env.tree, target: env.target, includeDirs: env.includeDirs, config });
    this.#view = this.#space.open(path, source);
    this.#lookup = new Lookup(this.#space);
    checkIncludes(this.#space, this.#view);
  }

  /**
   * The layout of `struct x`, `union x`, or of a bare tag or typedef name. undefined: not declared in reach.
   * Throws ToolError where the declaration cannot be read or depends on something unknown.
   */
  layout(name: string): LayoutFact | undefined {
    const record = guardStack(name, () => this.#record(name));
    const { standsApart = () => true } = this.#env;
    return (
      record && {
        layout: toLayout(record, standsApart),
        where: record.where,
        types: typesOf(record),
        within: recordsWithin(record, standsApart),
      }
    );
  }

  #record(name: string): RecordType | undefined {
    const match = /^(?:(struct|union)\s+)?(\w+)$/.exec(name.trim());
    if (!match) return undefined;
    const [, form, tag = ''] = match;
    if (form !== undefined) return this.#lookup.record(this.#view, form, tag);
    const record =
      this.#lookup.record(this.#view, 'struct', tag) ?? this.#lookup.record(this.#view, 'union', tag);
    if (record) return record;
    const type = this.#lookup.typedef(this.#view, tag);
    const bare = type && strip(type);
    return bare?.kind === 'record' ? bare : undefined;
  }

  get #declarations(): FileDeclarations {
    return this.#lookup.declarations(this.#view);
  }

  /** The value of an object-like macro or enumerator. undefined: not declared in reach, or without a value. */
  constant(name: string): ConstantFact | undefined {
    return guardStack(name, () => evaluateConstant({ lookup: this.#lookup, view: this.#view }, name));
  }

  /** What an object-like macro of this very file stands for, with some macros left unexpanded; undefined: no such macro. */
  expansion(name: string, kept: ReadonlySet<string>): Token[] | undefined {
    return guardStack(name, () => expandMacro({ lookup: this.#lookup, view: this.#view }, name, kept));
  }

  /**
   * Whether all that was asked for so far is the same for another target: nothing that differs between the two, such as
   * the page size or a header of the architecture, had a part in it.
   */
  isSameFor(target: Target): boolean {
    const own = this.#env.target;
    const isArchSame = !this.#space.dependsOnArch || isX86(own) === isX86(target);
    return isArchSame && (!this.#space.dependsOnPageSize || PAGE_SHIFT[own] === PAGE_SHIFT[target]);
  }

  /** Whether a struct or union of that name has its body in this very file; other declarations are not read for it. */
  declaresStruct(name: string): boolean {
    const { index } = this.#declarations;
    if (index.byTag.has(`struct ${name}`) || index.byTag.has(`union ${name}`)) return true;
    return index.byTypedef.has(name) && this.declaredStructs().some((declared) => declared.name === name);
  }

  /** Whether this very file defines a macro or enumerator of that name; other declarations are not read for it. */
  declaresConstant(name: string): boolean {
    if (this.#view.macroAt(name, END_OF_FILE)) return true;
    const { index } = this.#declarations;
    if (index.byObject.has(name)) return true;
    if (index.openEnums.length === 0) return index.byEnumerator.has(name);
    return this.declaredEnumerators().some((declared) => declared.name === name);
  }

  /** The structs and unions whose bodies stand in this very file, in their order. */
  declaredStructs(): DeclaredStruct[] {
    return listStructs(this.#declarations);
  }

  /** The macros that this very file defines in its active branches and does not undefine, in their order. */
  declaredMacros(): DeclaredMacro[] {
    return listMacros(this.#view);
  }

  /** The enumerators of this very file, in their order. */
  declaredEnumerators(): DeclaredEnumerator[] {
    return listEnumerators(this.#declarations);
  }

  /** The functions, variables and macros of this very file. */
  get code(): FileCode {
    this.#code ??= new FileCode(this.#declarations, this.#view);
    return this.#code;
  }

  /** The hash of a function that this very file defines. */
  fingerprint(functionName: string): Fingerprint | undefined {
    const text = findFunction(this.#declarations, functionName);
    return text && { sha256: fingerprintOf(text), where: { file: this.path, line: text.line } };
  }

  /** The tokens of a function's body with its braces, macros not expanded. */
  functionTokens(functionName: string): Token[] | undefined {
    const text = findFunction(this.#declarations, functionName);
    return text?.tokens.slice(text.body);
  }

  /** What a function, a macro or a table says, as text: macros not expanded, without what says nothing about data. */
  codeText(name: string): string | undefined {
    const tokens =
      this.functionTokens(name) ?? this.code.macro(name)?.body ?? this.code.variables.get(name)?.value;
    return tokens && JSON.stringify(withoutDropped(tokens).map(({ text }) => text));
  }

  /**
   * What would be another fact if one configuration option were set, among some facts (`layout NAME`, `constant NAME`,
   * `function NAME`), or all that the file declares where none is named. Empty where a configuration is known.
   */
  configDependences(facts: readonly string[] = []): ConfigDependence[] {
    if (this.#env.config) return [];
    for (const fact of facts) answerOf(this, fact);
    if (facts.length > 0 && this.openOptions().size === 0 && this.#asked.size === 0) return [];
    // What was asked of this unit before must not show in the answer, so units of their own give it.
    const opened: Unit[] = [];
    const open = (toggled?: Config) => {
      const unit = new Unit(this.#env, this.path, toggled);
      opened.push(unit);
      return unit;
    };
    const supposed = [...(this.#env.supposed ?? [])].filter(([option]) => this.#asked.has(option));
    const dependences = findDependences({ open, facts, supposed });
    for (const path of opened.flatMap((unit) => unit.consultedFiles())) this.#consultedBeside.add(path);
    return dependences;
  }

  /** The options that no configuration gives and that the answers so far were drawn past, with the first line of each. */
  openOptions(): Map<string, Where> {
    this.#view.followAll();
    const options = new Map<string, Where>();
    for (const [option, where] of this.#space.testedBeside)
      if (this.#isOpen(option)) options.set(option, where);
    for (const view of this.#space.usedViews())
      for (const [option, line] of view.testedOptions)
        if (!options.has(option) && this.#isOpen(option)) options.set(option, whereOf(view, line));
    return options;
  }

  #isOpen(option: string): boolean {
    return !this.#space.isSettled(option) && this.#space.world.config.get(option) === undefined;
  }

  /** The assertions at file level of this very file; `holds` is undefined where something in them is not known. */
  staticAssertions(): StaticAssertion[] {
    this.#assertions ??= checkAssertions(this.#lookup, this.#view);
    return this.#assertions;
  }

  /** What is wrong in this file and did not stop the rest, failing assertions included. */
  get diagnostics(): Diagnostic[] {
    this.#view.followAll();
    const failed = this.staticAssertions().flatMap((assertion) => assertion.diagnostic ?? []);
    return [...this.#view.diagnostics, ...failed];
  }

  /**
   * The paths of the tree that answers so far were drawn from, absent ones included, in no order: as long as those are
   * the same, so are the answers.
   */
  consultedFiles(): string[] {
    return [...this.#consultedBeside, ...this.#space.consulted];
  }

  /** Whether all that answers so far were drawn from is the same elsewhere. */
  isDrawnFrom(isSame: (path: string) => boolean): boolean {
    for (const path of this.#space.consulted) if (!isSame(path)) return false;
    for (const path of this.#consultedBeside) if (!isSame(path)) return false;
    return true;
  }

  /** Goes on with another tree, where `isDrawnFrom` is true: what was found so far is not looked for again. */
  moveTo(tree: CTree): void {
    this.#env = { ...this.#env, tree };
    this.#space.moveTo(tree);
  }

  /** The headers that were included and are not in the tree, sorted. Matters only where something stays unresolved. */
  absentIncludes(): string[] {
    return this.#space.absentIncludes();
  }
}

/** The path of facts that no kernel file gave. */
export { BUILTIN_PATH };

function guardStack<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError)
      throw new ToolError('C_DEPTH', `${name} nests too deeply`, { cause: error });
    throw error;
  }
}

function neededOptions(tree: CTree, path: string): [string, string][] {
  return optionsOfFile(tree, path).map((option) => [option, 'y']);
}
