import { posix } from 'node:path';
import {
  type CodeNames,
  type Expression,
  expandTokens,
  type FileCode,
  type FunctionCode,
  livingCall,
  type Macro,
  parseFunction,
  parseInitializer,
  parseMacro,
  skipGroup,
  type Token,
  TokenMissing,
  type WireMember,
  type WrittenFunction,
  type WrittenMember,
  type WrittenVariable,
} from '../cdecl/index.ts';
import { ToolError } from '../errors.ts';
import { sortKeys } from '../model/canonical.ts';
import type { Layout, Member } from '../model/layout.ts';
import { OWN_NAME, OWN_NAMES } from '../model/own-name.ts';
import { TARGETS, type Target } from '../model/target.ts';
import { abiStructNames, entryPoints } from './code-entries.ts';
import { covered, coveredMacros } from './covered.ts';
import type { CodeReader, Renamed } from './reading.ts';
import { Recall } from './recall.ts';
import { ABI_FOLDER, CODE_WITNESS, isLiveUpdateCode as isLiveUpdateFolder, MAY_DECLARE } from './wanted.ts';

/** Something that a component's code is made of. */
export interface CodePiece {
  readonly name: string;
  readonly kind: 'function' | 'macro' | 'variable';
  readonly file: string;
  readonly line: number;
  readonly tokens: readonly Token[];
  /** Undefined where the parser does not know a construct in it: its tokens are compared then. */
  readonly code: FunctionCode | undefined;
  readonly value: Expression | undefined;
}

/** A live-update file with what it holds. */
interface CodeFile {
  readonly path: string;
  readonly code: FileCode;
}

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]/gm;

/** A target for each size of a page. */
const PAGE_TARGETS: readonly Target[] = ['arm64-4k', 'arm64-16k', 'arm64-64k'];

const NOWHERE: readonly CodeFile[] = [];

interface MacroMeaning {
  /** What a macro without parameters stands for. */
  objectMacro(name: string): readonly Token[] | undefined;
}

type Written = WrittenFunction | WrittenVariable | Macro;

/** Pieces as they stand in a file, each read again only where a macro in it means something else. */
const pieces = new Recall<Written, MacroMeaning, CodePiece>();
/** The same object for the same place. */
const wireMembers = new Map<string, WireMember>();

/** The code of a kernel's live-update files: what a name in it means. */
export class CodeBase {
  readonly #reader: CodeReader;
  /** In the order in which a name is looked for. */
  readonly #paths: readonly string[];
  readonly #renamed: Renamed | undefined;
  #opened: ReadonlyMap<string, CodeFile> | undefined;
  #reached: readonly CodeFile[] | undefined;
  #includes: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #besideFiles = new Map<string, CodeFile>();
  #byName: ReadonlyMap<string, readonly CodeFile[]> | undefined;
  readonly #pieces = new Map<CodeFile, Map<string, CodePiece | undefined>>();
  readonly #objectMacros = new Map<CodeFile, Map<string, readonly Token[] | undefined>>();
  readonly #layouts = new Map<string, Layout | undefined>();

  /**
   * @param files where the component's own code lies, first, then all other live-update files
   * @param renamed the struct that goes by another name in this kernel
   */
  constructor(reader: CodeReader, files: readonly string[], renamed?: Renamed) {
    this.#reader = reader;
    this.#renamed = renamed;
    this.#paths = files.filter((path) => reader.exists(path));
  }

  /** Whether the kernel's code is at hand, not its headers alone. */
  get hasCode(): boolean {
    return this.#reader.exists(CODE_WITNESS);
  }

  /** All files: which of them say something of a name shows when each was opened. */
  get #files(): ReadonlyMap<string, CodeFile> {
    if (!this.#opened) {
      const opened = this.#paths.flatMap((path): [string, CodeFile][] => {
        const code = this.#reader.unit(path, TARGETS[0])?.code;
        return code ? [[path, { path, code }]] : [];
      });
      this.#opened = new Map(opened);
    }
    return this.#opened;
  }

  /** The files that may say something of a name, in their order. */
  #filesOf(name: string): readonly CodeFile[] {
    if (!this.#byName) {
      const byName = new Map<string, CodeFile[]>();
      for (const file of this.#files.values())
        for (const said of file.code.names) {
          const known = byName.get(said);
          if (known) known.push(file);
          else byName.set(said, [file]);
        }
      this.#byName = byName;
    }
    return this.#byName.get(name) ?? NOWHERE;
  }

  /** What the first file says of a name, that one before all others that it is seen from. */
  #firstOf<T>(name: string, from: string | undefined, ask: (file: CodeFile) => T | undefined): T | undefined {
    const own = from === undefined ? undefined : this.#files.get(from);
    const said = own && ask(own);
    if (said !== undefined) return said;
    for (const file of this.#filesOf(name)) {
      const found = ask(file);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a file calls outside of its functions: `late_initcall(memfd_luo_init);`. */
  callsAtFileLevel(path: string): FileCode['calls'] {
    return this.#files.get(path)?.code.calls ?? [];
  }

  /** What a file says of a function outside of its functions: `early_param("kho", f)`, `.release = f`. */
  saidOf(name: string, path: string): string[] {
    return this.#files.get(path)?.code.saidOf(name) ?? [];
  }

  /** Whether something calls a function: an initcall at file level, or another function of its file. */
  isCalled(name: string, path: string): boolean {
    const code = this.#files.get(path)?.code;
    if (!code) return false;
    if (code.calls.some(({ argument }) => argument === name)) return true;
    for (const { tokens, body } of code.functions.values())
      if (tokens.slice(body).some((token: Token) => token.kind === 'name' && token.text === name))
        return true;
    return false;
  }

  /** The first of some files, whatever they are about, that comes to a call of a function. */
  callerOf(name: string, paths: readonly string[]): string | undefined {
    return paths.find((path) => {
      const source = this.#reader.placed(path);
      return attempt(() => source && livingCall(source, name, () => true)) !== undefined;
    });
  }

  /** Whether anything leads to a function: another file, an initcall, a table, or a function of its file to which something leads. */
  isReached(name: string, path: string, above: ReadonlySet<string> = new Set()): boolean {
    const code = this.#files.get(path)?.code;
    const own = code?.functions.get(name);
    const isStatic = own?.tokens.slice(0, own.nameAt).some(({ text }) => text === 'static') === true;
    if (!code || !(isStatic || this.#isInternal(name))) return true;
    if (code.calls.some(({ argument }) => argument === name)) return true;
    const names = (tokens: readonly Token[]): boolean =>
      tokens.some(({ kind, text }) => kind === 'name' && text === name);
    if ([...code.variables.values()].some(({ value }) => names(value))) return true;
    const seen = new Set([...above, name]);
    const bodies = (file: CodeFile['code']) => [...file.functions.values()];
    const isCalledBelow = bodies(code).some(
      (caller) =>
        !seen.has(caller.name) &&
        names(caller.tokens.slice(caller.body)) &&
        this.isReached(caller.name, path, seen),
    );
    // A function that moved away calls what is still called the file's own.
    return (
      isCalledBelow ||
      [...this.#files.values()].some(
        (file) =>
          file.path !== path && bodies(file.code).some(({ tokens, body }) => names(tokens.slice(body))),
      )
    );
  }

  /** Whether a header that live update has for itself declares a function: no other code can call it. */
  #isInternal(name: string): boolean {
    const headers = this.#paths.filter((path) => path.endsWith('.h') && this.#reader.mentions(path, name));
    return headers.length > 0 && headers.every(isLiveUpdateFolder);
  }

  /** What a name means in the code, as a file sees it; undefined for what is no live-update code. */
  find(name: string, from?: string): CodePiece | undefined {
    const own = this.#firstOf(name, from, (file) => {
      const piece = this.#pieceIn(file, name);
      return piece?.kind === 'macro' && !isSeen(file, from) ? undefined : piece;
    });
    if (own) return own;
    for (const file of [...this.#forwarded, ...this.#beside(name)]) {
      const piece = this.#pieceIn(file, name);
      if (piece) return piece;
    }
    return undefined;
  }

  /** What a variable is set to where it is declared, by itself or by a macro that is given its name. */
  objectOf(name: string): Expression | undefined {
    const own = this.find(name);
    if (own?.kind === 'variable') return own.value;
    for (const { path, code } of this.#files.values()) {
      const made = code.made.find((tokens) => tokens.some(({ text }) => text === name));
      const written = made && attempt(() => variableMade(made, name, (macro) => this.#macroFor(macro, path)));
      if (!written) continue;
      const objectMacro = (text: string) => this.#objectMacro(text, path);
      return pieceOf(written, path, { objectMacro }).value;
    }
    return undefined;
  }

  /** A macro with parameters as a file sees it. */
  #macroFor(name: string, from: string): Macro | undefined {
    return (
      this.#firstOf(name, from, (file) =>
        isSeen(file, from) ? functionMacro(file.code, name) : undefined,
      ) ??
      this.#includesOf(from)
        .flatMap((path) => this.#openBeside(path) ?? [])
        .map(({ code }) => functionMacro(code, name))
        .find((macro) => macro)
    );
  }

  /** Other headers that the code includes and that hold a name which only live-update code has. */
  #beside(name: string): readonly CodeFile[] {
    if (!OWN_NAME.test(name)) return NOWHERE;
    this.#includes ??= this.#ownNamesIncluded();
    return (this.#includes.get(name) ?? []).flatMap((path) => {
      const file = this.#besideFiles.get(path) ?? this.#openBeside(path);
      if (file) this.#besideFiles.set(path, file);
      return file ?? [];
    });
  }

  #openBeside(path: string): CodeFile | undefined {
    const code = attempt(() => this.#reader.unit(path, TARGETS[0])?.code);
    return code && { path, code };
  }

  /** Names of live-update code in the headers that its files include and that are none themselves, with those that hold them. */
  #ownNamesIncluded(): ReadonlyMap<string, readonly string[]> {
    const paths = new Set([...this.#files.keys()].flatMap((path) => this.#includesOf(path)));
    const byName = new Map<string, string[]>();
    for (const path of paths) {
      const text = this.#files.has(path) ? undefined : this.#reader.text(path);
      for (const [name] of text?.matchAll(OWN_NAMES) ?? [])
        if (byName.get(name)?.at(-1) !== path) byName.set(name, [...(byName.get(name) ?? []), path]);
    }
    return byName;
  }

  #includesOf(path: string): string[] {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const text = this.#reader.text(path) ?? '';
    return [...text.matchAll(INCLUDE)].map(([, form, name = '']) =>
      form === '<' ? `include/${name}` : posix.normalize(`${folder}/${name}`),
    );
  }

  /** Headers that ABI headers only lead to: what they held moved there. */
  get #forwarded(): readonly CodeFile[] {
    if (!this.#reached) {
      const headers = this.#paths.filter((path) => path.startsWith(`${ABI_FOLDER}/`));
      const reached = headers.flatMap(
        (path) => attempt(() => this.#reader.unit(path, TARGETS[0])?.consultedFiles()) ?? [],
      );
      this.#reached = [...new Set(reached)]
        .filter((path) => MAY_DECLARE.test(path) && !this.#files.has(path) && this.#reader.exists(path))
        .flatMap((path) => {
          const code = this.#reader.unit(path, TARGETS[0])?.code;
          return code ? [{ path, code }] : [];
        });
    }
    return this.#reached;
  }

  /** What the build has for the options that a piece of code asks for; undefined where that is not known. */
  optionsIn({ tokens }: CodePiece): Record<string, string> | undefined {
    const { config } = this.#reader;
    const asked = tokens.flatMap(({ text }, at) => {
      const option = /^IS_(?:ENABLED|BUILTIN|MODULE|REACHABLE)$/.test(text)
        ? tokens[at + 2]?.text
        : undefined;
      return option === undefined ? [] : [option];
    });
    if (!config || asked.length === 0) return undefined;
    return sortKeys(Object.fromEntries(asked.map((option) => [option, config.get(option) ?? 'n'])));
  }

  /** `path:line` of a function. */
  placeOf(name: string): string | undefined {
    const piece = this.find(name);
    return piece && `${piece.file}:${piece.line}`;
  }

  /** The functions of some files; of those that moved, all files are looked through. */
  pieces(paths: readonly string[]): CodePiece[] {
    const isCode = (path: string): boolean => path.endsWith('.c') && this.#reader.exists(path);
    const own = paths.some(isCode) ? paths.filter(isCode) : this.#paths.filter((path) => path.endsWith('.c'));
    return own.flatMap((path) => {
      const file = this.#files.get(path);
      return file ? [...file.code.functions.keys()].flatMap((name) => this.#pieceIn(file, name) ?? []) : [];
    });
  }

  #pieceIn(file: CodeFile, name: string): CodePiece | undefined {
    const known = this.#pieces.get(file) ?? new Map<string, CodePiece | undefined>();
    this.#pieces.set(file, known);
    if (!known.has(name)) known.set(name, this.#read(file, name));
    return known.get(name);
  }

  #read({ path, code }: CodeFile, name: string): CodePiece | undefined {
    const written = code.functions.get(name) ?? functionMacro(code, name) ?? code.variables.get(name);
    const meaning: MacroMeaning = { objectMacro: (text) => this.#objectMacro(text, path) };
    return written && pieces.of(written, meaning, (source) => pieceOf(written, path, source));
  }

  /** What a macro without parameters stands for, where it is one of live-update code and its value is compared nowhere else. */
  #objectMacro(name: string, from: string): readonly Token[] | undefined {
    const file =
      this.#firstOf(name, from, (one) => (hasValue(one, name) && isSeen(one, from) ? one : undefined)) ??
      this.#beside(name).find((one) => hasValue(one, name)) ??
      this.#movedMacro(name);
    if (!file) return undefined;
    const known = this.#objectMacros.get(file) ?? new Map<string, readonly Token[] | undefined>();
    this.#objectMacros.set(file, known);
    if (!known.has(name)) {
      // While it is looked at it stands for itself.
      known.set(name, undefined);
      known.set(name, this.#objectMacroIn(file, name));
    }
    return known.get(name);
  }

  #objectMacroIn({ path, code }: CodeFile, name: string): readonly Token[] | undefined {
    const macro = code.macro(name);
    const body = macro ? (macro.parameters ? undefined : macro.body) : code.enumerators.get(name)?.value;
    const text = body ?? constantText(code, name);
    if (!text || text.length === 0 || (!body && isHidden(code, name))) return undefined;
    if (body && !covered().has(name)) return body;
    const inner = expanded(text, { objectMacro: (inside) => this.#objectMacro(inside, path) }, 1);
    const isText = inner.every(({ kind, text: one }) => kind === 'string' || one === '(' || one === ')');
    return isText ? text : this.#textIn(path, name, text[0] as Token);
  }

  /** The text of a name that the preprocessor puts together: `"luo-v" __stringify(LUO_ABI_VERSION)`. */
  #textIn(path: string, name: string, { line }: Token): readonly Token[] | undefined {
    const value = attempt(() => this.#reader.unit(path, TARGETS[0])?.constant(name)?.value);
    const isPlain =
      typeof value === 'string' && /^[\x20-\x7e]*[^\d\s-][\x20-\x7e]*$/.test(value) && !/["\\]/.test(value);
    return isPlain ? [{ kind: 'string', text: `"${value}"`, line, space: true }] : undefined;
  }

  /** The file that a component's macro moved to, where its own headers include that. */
  #movedMacro(name: string): CodeFile | undefined {
    if (!coveredMacros().has(name)) return undefined;
    return attempt(() => {
      const reaching = this.#reader.fileOf('constant', this.#paths, name);
      const first = (path: string) => this.#reader.unit(path, TARGETS[0]);
      const path = reaching === undefined ? undefined : first(reaching)?.constant(name)?.where.file;
      const code = path === undefined ? undefined : first(path)?.code;
      return path !== undefined && code?.macro(name) ? { path, code } : undefined;
    });
  }

  /** The names as seen from a file. */
  names(
    file: string,
    { isByOrder, markers }: { isByOrder: boolean; markers: ReadonlySet<string> },
  ): CodeNames {
    return {
      wire: (struct, member) => this.wire(struct, member),
      memberType: (struct, member) => this.#membersOf(struct)?.find(({ name }) => name === member)?.type,
      memberName: (struct, member) => this.#memberName(struct, member, isByOrder),
      structName: (name) => this.knownName(name),
      variableType: (name) => this.#firstOf(name, file, ({ code }) => code.variableTypes.get(name)),
      returnType: (name) => this.find(name, file)?.code?.returnType,
      name: (name) => entryPoints().get(name) ?? name,
      isMarker: (text) => markers.has(text),
    };
  }

  #memberName(struct: string, member: string, isByOrder: boolean): string {
    if (!isByOrder) return member;
    const index = this.#membersOf(struct)?.findIndex(({ name }) => name === member) ?? -1;
    return index < 0 ? member : `${struct}#${index}`;
  }

  /** The structs of some files that nobody hands over, with their members. */
  privateStructs(isOwn: (path: string) => boolean): [tag: string, members: readonly WrittenMember[]][] {
    return [...this.#files.values()].flatMap(({ path, code }) =>
      path.startsWith(`${ABI_FOLDER}/`) || !isOwn(path)
        ? []
        : [...code.structs].filter(([tag]) => !abiStructNames().has(tag)),
    );
  }

  /** The names of a struct's members, as it is declared. */
  membersOf(struct: string): string[] {
    return this.#membersOf(struct)?.map(({ name }) => name) ?? [];
  }

  #membersOf(struct: string) {
    return (
      this.#firstOf(struct, undefined, ({ code }) => code.structs.get(struct)) ?? this.#movedMembers(struct)
    );
  }

  /** The members of handed-over data whose struct moved to a header that no component names. */
  #movedMembers(struct: string) {
    if (!abiStructNames().has(this.knownName(struct))) return undefined;
    const forwarded = this.#forwarded.find(({ code }) => code.structs.has(struct));
    if (forwarded) return forwarded.code.structs.get(struct);
    const file = this.#reader.fileOf('struct', this.#paths, struct);
    return file === undefined ? undefined : this.#reader.unit(file, TARGETS[0])?.code.structs.get(struct);
  }

  /** The name by which the registry knows a struct of this kernel. */
  knownName(struct: string): string {
    return struct === this.#renamed?.to ? this.#renamed.from : struct;
  }

  /** Where a member of handed-over data lies: by the struct's name here, or by the name that the registry knows it by. */
  wire(named: string, name: string): WireMember | undefined {
    const known = this.knownName(named);
    if (!abiStructNames().has(known)) return undefined;
    const struct = known === this.#renamed?.from ? this.#renamed.to : named;
    const found = this.#layout(struct)?.members.find((member: Member) => member.name === name);
    if (!found) return undefined;
    const key = `${known}@${found.bitOffset}`;
    const member = wireMembers.get(key) ?? { struct: known, bitOffset: found.bitOffset };
    wireMembers.set(key, member);
    return member;
  }

  /** A number that the ABI headers define, with pages of 4, 16 and 64 KiB, with blanks between; undefined for any other. */
  numbersOf(name: string): string | undefined {
    if (!coveredMacros().has(name)) return undefined;
    const file = attempt(() => this.#reader.fileOf('constant', this.#paths, name));
    if (file === undefined) return undefined;
    const values = PAGE_TARGETS.map((target) =>
      attempt(() => this.#reader.unit(file, target)?.constant(name)?.value),
    );
    return values.every((value) => /^-?\d+$/.test(String(value))) ? values.join(' ') : undefined;
  }

  /** The bytes of a struct that is handed over; undefined for any other. */
  sizeOf(struct: string): number | undefined {
    return abiStructNames().has(this.knownName(struct)) ? this.#layout(struct)?.size : undefined;
  }

  /** The layout of a struct that the code's files declare, handed over or not. */
  layoutOf(struct: string): Layout | undefined {
    return this.#layout(struct);
  }

  #layout(struct: string): Layout | undefined {
    if (!this.#layouts.has(struct)) this.#layouts.set(struct, this.#readLayout(struct));
    return this.#layouts.get(struct);
  }

  #readLayout(struct: string): Layout | undefined {
    const file = this.#reader.fileOf('struct', this.#paths, struct);
    const unit = file === undefined ? undefined : this.#reader.unit(file, TARGETS[0]);
    return attempt(() => unit?.layout(struct)?.layout);
  }
}

/** A file of code has its macros and enumerators for itself. */
function isSeen({ path }: CodeFile, from: string | undefined): boolean {
  return from === undefined || path === from || !path.endsWith('.c');
}

function hasValue({ path, code }: CodeFile, name: string): boolean {
  if (code.macro(name)) return true;
  if (constantText(code, name)) return true;
  const enumerator = code.enumerators.get(name);
  // Those of a type that the rest of the kernel has too are names of what happens, never bytes.
  const isShared =
    enumerator?.isTagged === true && path.startsWith('include/') && !path.startsWith(ABI_FOLDER);
  return enumerator !== undefined && !isShared;
}

/** What stands behind `=` of a variable that is one text for good. */
function constantText(code: FileCode, name: string): readonly Token[] | undefined {
  const variable = code.variables.get(name);
  return variable?.isText ? variable.value : undefined;
}

/** Whether some function of a file has a local or a member of that name, which a variable of the file is not. */
function isHidden(code: FileCode, name: string): boolean {
  return [...code.functions.values()].some(({ tokens }) =>
    tokens.some(({ text }, at) => {
      if (text !== name) return false;
      const before = tokens[at - 1];
      const isType = before?.kind === 'name' && !/^(?:return|case|else|sizeof)$/.test(before.text);
      return isType || /^(?:\.|->|\*)$/.test(before?.text ?? '');
    }),
  );
}

/** A variable that the call of a macro declares. */
function variableMade(
  made: readonly Token[],
  name: string,
  macroFor: (name: string) => Macro | undefined,
): WrittenVariable | undefined {
  const scope = { macro: (used: string, isCall: boolean) => (isCall ? macroFor(used) : undefined) };
  const tokens = expandTokens(made, scope, { path: '', text: '' });
  const named = tokens.findIndex(
    ({ text }, at) => text === name && /^(?:=|\[)$/.test(tokens[at + 1]?.text ?? ''),
  );
  const from = tokens.findIndex(({ text }, at) => at > named && text === '=');
  if (named < 0 || from < 0) return undefined;
  let end = from + 1;
  while (end < tokens.length && tokens[end]?.text !== ';')
    end = /^[([{]$/.test(tokens[end]?.text ?? '') ? skipGroup(tokens, end) : end + 1;
  return { name, type: undefined, value: tokens.slice(from + 1, end), line: made[0]?.line ?? 1 };
}

function functionMacro(code: FileCode, name: string): Macro | undefined {
  const macro = code.macro(name);
  return macro?.parameters && macro;
}

function pieceOf(written: Written, file: string, meaning: MacroMeaning): CodePiece {
  const { name, line } = written;
  if ('nameAt' in written) {
    const { tokens, nameAt, body } = written;
    const whole = [...tokens.slice(0, body), ...expanded(tokens.slice(body), meaning)];
    const code = attempt(() => parseFunction(whole, { name: nameAt, body }));
    return { name, kind: 'function', file, line, tokens: whole, code, value: undefined };
  }
  if ('value' in written) {
    const tokens = expanded(written.value, meaning);
    const value = attempt(() => parseInitializer(tokens));
    return { name, kind: 'variable', file, line, tokens, code: undefined, value };
  }
  const body = expanded(written.body, meaning);
  const code = attempt(() =>
    parseMacro(
      name,
      { parameters: written.parameters ?? [], isVariadic: written.variadic !== undefined },
      body,
    ),
  );
  return { name, kind: 'macro', file, line, tokens: body, code, value: undefined };
}

/** Tokens with the macros of live-update code in place that are no function, no number that is compared by itself. */
function expanded(tokens: readonly Token[], meaning: MacroMeaning, depth = 0): readonly Token[] {
  if (depth > 8) return tokens;
  return tokens.flatMap((token) => {
    const body = token.kind === 'name' ? meaning.objectMacro(token.text) : undefined;
    if (!body) return token;
    const inner = expanded(body, meaning, depth + 1).map((one) => ({ ...one, line: token.line }));
    const isWhole = inner.length === 1;
    return isWhole ? inner : [punct('(', token), ...inner, punct(')', token)];
  });
}

function punct(text: string, { line }: Token): Token {
  return { kind: 'punct', text, line, space: true };
}

/** What is beyond the parser is compared by its tokens, and a layout that cannot be read is another finding's. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TokenMissing || error instanceof ToolError)) throw error;
    return undefined;
  }
}
