import type { ConfigDependence, PlacedText, Unit } from '../cdecl/index.ts';
import { kernelIncludeDirs, openUnit } from '../cdecl/index.ts';
import { drawn } from '../components/index.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { Anchor } from '../model/component-definition.ts';
import type { Where } from '../model/layout.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { isSettledByTarget } from '../model/target-options.ts';
import { CodeBase } from './code-base.ts';
import { codeFilesOf } from './code-files.ts';
import { covered } from './covered.ts';
import type { CodeReader, Renamed, SourceFiles } from './reading.ts';
import { SELECTED } from './unbuildable.ts';
import type { PooledUnits } from './unit-pool.ts';
import { ABI_FOLDER, CODE_FOLDERS, isWanted, MAY_DECLARE } from './wanted.ts';

/** Without a configuration, what can be built is captured: each component with its own options on. */
const buildable = drawn(
  (all): ReadonlyMap<string, string> =>
    new Map(
      [
        ...all.flatMap(({ eras }) => eras.flatMap(({ options }) => options)),
        ...Object.values(SELECTED).flat(),
        'CONFIG_OF_EARLY_FLATTREE',
      ].map((name) => [name, 'y']),
    ),
);

/** What every build has a number for: processors and nodes size the masks of them, cache lines align. */
const SUPPOSED: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['CONFIG_HZ', ['250', '1000']],
  ['CONFIG_NODES_SHIFT', ['6', '10']],
  ['CONFIG_NR_CPUS', ['64', '512']],
  ['CONFIG_X86_INTERNODE_CACHE_SHIFT', ['6', '12']],
  ['CONFIG_X86_L1_CACHE_SHIFT', ['6', '7']],
]);

/** Opens each file once a target, and answers which file declares what. */
export class DeclarationReader implements CodeReader {
  /** The build's configuration, where it is known. */
  readonly config: ReadonlyMap<string, string> | undefined;
  readonly #files: SourceFiles;
  readonly #pool: PooledUnits | undefined;
  readonly #placed = new Map<string, PlacedText>();
  readonly #units = new Map<string, Unit>();
  readonly #codeFiles: readonly string[];
  readonly #codeBases = new Map<string, CodeBase>();
  #moved: readonly string[] | undefined;
  #isConclusive = true;
  readonly #lookedAt = new Set<string>();
  readonly #opened = new Map<string, Unit>();

  /** @param pool units of other kernels, of the same configuration */
  constructor(files: SourceFiles, config?: ReadonlyMap<string, string>, pool?: PooledUnits) {
    this.#codeFiles = codeFilesOf(files);
    this.#files = remembered(files);
    this.config = config;
    this.#pool = pool;
  }

  /** Forgets which files were looked at and opened so far, not what is in them. */
  startPart(): void {
    this.#isConclusive = true;
    this.#lookedAt.clear();
    this.#opened.clear();
    // Which files an answer was drawn from is told for each part.
    this.#codeBases.clear();
  }

  exists(path: string): boolean {
    this.#lookedAt.add(path);
    return this.#files.read(path) !== undefined;
  }

  /** A file as it stands; undefined when it is absent. */
  text(path: string): string | undefined {
    return this.exists(path) ? this.#files.read(path) : undefined;
  }

  /** The same with its path, one object for each file. */
  placed(path: string): PlacedText | undefined {
    const text = this.text(path);
    const known = text === undefined ? undefined : (this.#placed.get(path) ?? { path, text });
    if (known) this.#placed.set(path, known);
    return known;
  }

  /** The files of a name in the folders of live-update code. */
  listed(name: string): string[] {
    const listed = CODE_FOLDERS.flatMap((folder) => this.#files.list?.(folder.replace(/\/$/, '')) ?? []);
    return listed.filter((path) => path.endsWith(`/${name}`));
  }

  /** Sorted paths of the files below a folder. */
  below(folder: string): readonly string[] {
    return this.#files.list?.(folder) ?? [];
  }

  /** The files, wherever they lie, that speak of live update; none where the source was not searched. */
  speaking(): readonly string[] {
    return this.#files.sought?.() ?? [];
  }

  /** Whether an option is one that components are built under: a capture without a configuration has it on. */
  isSupposed(option: string): boolean {
    return buildable().has(option) || isSettledByTarget(option);
  }

  /** Whether a word stands somewhere in a file. */
  mentions(path: string, word: string): boolean {
    return (
      this.exists(path) &&
      new RegExp(`\\b${word.replace(/\W/g, '\\$&')}\\b`).test(this.#files.read(path) ?? '')
    );
  }

  /** The file as a C unit for a target; undefined when it is absent. */
  unit(path: string, target: Target): Unit | undefined {
    if (!this.exists(path)) return undefined;
    const key = `${target} ${path}`;
    const unit =
      this.#units.get(key) ?? this.#pool?.take(key, this.#files) ?? this.#openNew(key, path, target);
    this.#units.set(key, unit);
    this.#opened.set(key, unit);
    return unit;
  }

  #openNew(key: string, path: string, target: Target): Unit {
    const unit = this.#open(path, target);
    this.#pool?.keep(key, unit);
    return unit;
  }

  #open(path: string, target: Target): Unit {
    const options = this.config ? { config: this.config } : { assumed: buildable(), supposed: SUPPOSED };
    const own = covered();
    const standsApart = (tag: string): boolean => own.has(tag);
    const env = {
      tree: this.#files,
      target,
      includeDirs: kernelIncludeDirs(target),
      standsApart,
      ...options,
    };
    try {
      return openUnit(env, path);
    } catch (error) {
      this.#isConclusive = false;
      throw error;
    }
  }

  /** Whether `consultedFiles` is all: a file that could not be opened does not tell what it was drawn from. */
  get isConclusive(): boolean {
    return this.#isConclusive;
  }

  /** Sorted paths of the files that were opened since the part began, whatever was found in them. */
  openedFiles(): string[] {
    return [...new Set([...this.#opened.values()].map(({ path }) => path))].sort(byCodeUnit);
  }

  /** Sorted paths of all that had a part in the answers since the part began, files that are absent included. */
  consultedFiles(): string[] {
    const reached = [...this.#opened.values()].flatMap((unit) => unit.consultedFiles());
    return [...new Set([...this.#lookedAt, ...reached])].sort(byCodeUnit);
  }

  /** The first of some files that declares a struct or union itself. */
  fileOfStruct(files: readonly string[], name: string): string | undefined {
    return files.find((path) => this.#first(path)?.declaresStruct(name));
  }

  /** The first of some files that defines a macro or enumerator itself. */
  fileOfConstant(files: readonly string[], name: string): string | undefined {
    return files.find((path) => this.#first(path)?.declaresConstant(name));
  }

  /**
   * What a file says for each of some targets. Targets for which nothing that differs between them had a part in the
   * answer share one.
   */
  byTarget<T>(path: string, targets: readonly Target[], ask: (unit: Unit | undefined) => T): Map<Target, T> {
    const answers = new Map<Target, T>();
    const asked: Target[] = [];
    for (const target of targets) {
      const twin = asked.find((other) => this.unit(path, other)?.isSameFor(target));
      if (twin === undefined) asked.push(target);
      answers.set(target, twin === undefined ? ask(this.unit(path, target)) : (answers.get(twin) as T));
    }
    return answers;
  }

  /**
   * The file that a declaration is read from: the first of some that declares it itself; else, since declarations move, the
   * first of its headers that has it through an include; else one among all ABI headers and live-update files, and among the
   * headers beside those of an architecture.
   */
  fileOf(kind: 'constant' | 'struct', files: readonly string[], name: string): string | undefined {
    const find = kind === 'struct' ? 'fileOfStruct' : 'fileOfConstant';
    const ask = kind === 'struct' ? 'layout' : 'constant';
    const own = this[find](files, name);
    if (own !== undefined) return own;
    const elsewhere = this.#movedTo.filter((path) => this.mentions(path, name));
    const reached = (path: string): boolean =>
      path.endsWith('.h') && this.#first(path)?.[ask](name) !== undefined;
    return files.find(reached) ?? this[find](elsewhere, name) ?? this[find](this.#beside(files, name), name);
  }

  /**
   * The file from which a struct is seen that is declared for all architectures: where one has a header of its own by that
   * name and the code includes it, the file that does; what it leads to is another for each target.
   */
  seenFrom(file: string, files: readonly string[]): string {
    const [, name] = /^include\/asm-generic\/(.+)$/.exec(file) ?? [];
    const isOwn = (folder: string): boolean => this.exists(`arch/${folder}/include/asm/${name}`);
    if (name === undefined || !['arm64', 'x86'].some(isOwn)) return file;
    const headers = [...files, ...this.#codeFiles].filter((path) => path.endsWith('.h'));
    return headers.find((path) => this.text(path)?.includes(`<asm/${name}>`)) ?? file;
  }

  #beside(files: readonly string[], name: string): string[] {
    const folders = files
      .filter((path) => /^arch\/.*\.h$/.test(path))
      .map((path) => path.replace(/\/[^/]*$/, ''));
    const listed = [...new Set(folders)].flatMap((folder) => this.#files.list?.(folder) ?? []);
    return listed.filter((path) => path.endsWith('.h') && isWanted(path) && this.mentions(path, name));
  }

  /** Where declarations may have moved to: the ABI headers and the code of live update. */
  get #movedTo(): readonly string[] {
    this.#moved ??= [...(this.#files.list?.(ABI_FOLDER) ?? []), ...this.#codeFiles].filter((path) =>
      MAY_DECLARE.test(path),
    );
    return this.#moved;
  }

  /** The first of some files that defines a function; code before headers, which may hold empty stand-ins. */
  fileOfFunction(files: readonly string[], name: string): string | undefined {
    const ordered = [...files].sort((a, b) => Number(b.endsWith('.c')) - Number(a.endsWith('.c')));
    return ordered.find((path) => this.#first(path)?.functionTokens(name) !== undefined);
  }

  /** The code of the kernel's live-update files, those of a component first, and what goes by another name in it. */
  codeBase(files: readonly string[], renamed?: Renamed): CodeBase {
    const key = [...files, renamed?.to ?? ''].join('\n');
    const known =
      this.#codeBases.get(key) ?? new CodeBase(this, [...new Set([...files, ...this.#codeFiles])], renamed);
    this.#codeBases.set(key, known);
    return known;
  }

  /** The first assertion of a file that fails on some target. */
  failedAssertion(path: string): { target: Target; text: string; where: Where } | undefined {
    const ask = (unit: Unit | undefined) => unit?.staticAssertions().find(({ holds }) => holds === false);
    for (const [target, failed] of this.byTarget(path, TARGETS, ask))
      if (failed) return { target, text: failed.text, where: failed.where };
    return undefined;
  }

  /** Options, beyond those of the components, that decide some facts of a file; none where a config is known. */
  dependences(path: string, facts: readonly string[]): ConfigDependence[] {
    return this.#first(path)?.configDependences(facts) ?? [];
  }

  /** The tokens of a function's body, and where it stands; undefined where no file at hand defines it. */
  functionBody(files: readonly string[], name: string): { tokens: string[]; where: string } | undefined {
    const file = this.fileOfFunction(files, name);
    const unit = file === undefined ? undefined : this.#first(file);
    const tokens = unit?.functionTokens(name)?.map(({ text }) => text);
    const line = unit?.fingerprint(name)?.where.line;
    return tokens && { tokens, where: `${file}:${line ?? 1}` };
  }

  /** Whether a declaration is there; undefined where none of the files that could hold it is at hand. */
  holds({ files, macro, struct, tokens }: Anchor): boolean | undefined {
    if (!files.some((path) => this.exists(path))) return undefined;
    if (macro !== undefined && !this.fileOf('constant', files, macro)) return false;
    if (struct !== undefined && !this.fileOf('struct', files, struct)) return false;
    return tokens === undefined || this.#hasTokens(files, tokens.function, tokens.sequence);
  }

  #hasTokens(files: readonly string[], name: string, sequence: readonly string[]): boolean {
    const file = this.fileOfFunction(files, name);
    const tokens = file === undefined ? [] : (this.#first(file)?.functionTokens(name) ?? []);
    const texts = tokens.map((token) => token.text);
    return texts.some((_, start) => sequence.every((text, index) => texts[start + index] === text));
  }

  // What a file declares does not depend on the page size; only the values do.
  #first(path: string): Unit | undefined {
    return this.unit(path, TARGETS[0]);
  }
}

/** A file's text is made from its bytes once, and the C front end shares what it learns from it between targets. */
function remembered(files: SourceFiles): SourceFiles {
  const texts = new Map<string, string | undefined>();
  return {
    ...(files.list && { list: (folder: string) => files.list?.(folder) ?? [] }),
    ...(files.sought && { sought: () => files.sought?.() ?? [] }),
    read(path) {
      if (!texts.has(path)) texts.set(path, files.read(path));
      return texts.get(path);
    },
  };
}
