import {
  type CodeNames,
  type CodeType,
  type Expression,
  type FunctionCode,
  parseFunction,
  parseInitializer,
  parseMacro,
  type Token,
  TokenMissing,
  type WireMember,
} from '../cdecl/index.ts';
import { ToolError } from '../errors.ts';
import { sortKeys } from '../model/canonical.ts';
import type { Layout, Member } from '../model/layout.ts';
import { TARGETS } from '../model/target.ts';
import { ABI_STRUCT_NAMES, CANONICAL_NAMES, ENTRY_NAMES } from './code-entries.ts';
import type { DeclarationReader } from './reader.ts';
import type { Renamed } from './renamed.ts';
import { ABI_FOLDER, CODE_WITNESS, MAY_DECLARE } from './wanted.ts';

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

/** The code of a kernel's live-update files: what a name in it means. */
export class CodeBase {
  readonly #reader: DeclarationReader;
  /** In the order in which a name is looked for. */
  readonly #files: readonly string[];
  readonly #renamed: Renamed | undefined;
  #reached: readonly string[] | undefined;
  readonly #pieces = new Map<string, CodePiece | undefined>();
  readonly #layouts = new Map<string, Layout | undefined>();

  /**
   * @param files where the component's own code lies, first, then all other live-update files
   * @param renamed the struct that goes by another name in this kernel
   */
  constructor(reader: DeclarationReader, files: readonly string[], renamed?: Renamed) {
    this.#reader = reader;
    this.#renamed = renamed;
    this.#files = files.filter((path) => reader.exists(path));
  }

  /** Whether the kernel's code is at hand, not its headers alone. */
  get hasCode(): boolean {
    return this.#reader.exists(CODE_WITNESS);
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

  /** Whether something calls a function: an initcall at file level, or another function of its file. */
  isCalled(name: string, file: string): boolean {
    if (this.fileCalls(file).some(({ argument }) => argument === name)) return true;
    const functions = this.#unit(file)?.code.functions ?? new Map();
    for (const { tokens, body } of functions.values())
      if (tokens.slice(body).some((token: Token) => token.kind === 'name' && token.text === name))
        return true;
    return false;
  }

  /** What a name means in the code, as a file sees it; undefined for what is no live-update code. */
  find(name: string, from?: string): CodePiece | undefined {
    const files = from === undefined ? this.#files : [from, ...this.#files];
    for (const file of files) {
      const piece = this.#pieceIn(file, name);
      if (piece) return piece;
    }
    for (const file of this.#forwarded) {
      const piece = this.#pieceIn(file, name);
      if (piece) return piece;
    }
    return undefined;
  }

  /** Headers that ABI headers only lead to: what they held moved there. */
  get #forwarded(): readonly string[] {
    if (!this.#reached) {
      const headers = this.#files.filter((path) => path.startsWith(`${ABI_FOLDER}/`));
      const reached = headers.flatMap((path) => attempt(() => this.#unit(path)?.consultedFiles()) ?? []);
      this.#reached = [...new Set(reached)].filter(
        (path) => MAY_DECLARE.test(path) && !this.#files.includes(path) && this.#reader.exists(path),
      );
    }
    return this.#reached;
  }

  /** `path:line` of a function. */
  placeOf(name: string): string | undefined {
    const piece = this.find(name);
    return piece && `${piece.file}:${piece.line}`;
  }

  /** The calls at file level of the files in which code was found: initcalls. */
  fileCalls(file: string): readonly { name: string; argument: string; line: number }[] {
    return this.#unit(file)?.code.calls ?? [];
  }

  /** The functions of some files; of those that moved, all files are looked through. */
  pieces(files: readonly string[]): CodePiece[] {
    const code = files.filter((path) => path.endsWith('.c') && this.#reader.exists(path));
    const own = code.length > 0 ? code : this.#files.filter((path) => path.endsWith('.c'));
    return own.flatMap((file) =>
      [...(this.#unit(file)?.code.functions.keys() ?? [])].flatMap((name) => this.#pieceIn(file, name) ?? []),
    );
  }

  #unit(file: string) {
    return this.#reader.unit(file, TARGETS[0]);
  }

  #pieceIn(file: string, name: string): CodePiece | undefined {
    const key = `${file} ${name}`;
    if (!this.#pieces.has(key)) this.#pieces.set(key, this.#read(file, name));
    return this.#pieces.get(key);
  }

  #read(file: string, name: string): CodePiece | undefined {
    const code = this.#unit(file)?.code;
    const written = code?.functions.get(name);
    if (written) {
      const { tokens, nameAt: at, body, line } = written;
      const whole = [...tokens.slice(0, body), ...this.expanded(tokens.slice(body), file)];
      const parsed = attempt(() => parseFunction(whole, { name: at, body }));
      return { name, kind: 'function', file, line, tokens: whole, code: parsed, value: undefined };
    }
    const macro = code?.macros.get(name);
    if (macro?.parameters) {
      const body = this.expanded(macro.body, file);
      const { parameters, variadic } = macro;
      const isVariadic = variadic !== undefined;
      const parsed = attempt(() => parseMacro(name, { parameters, isVariadic }, body));
      return { name, kind: 'macro', file, line: macro.line, tokens: body, code: parsed, value: undefined };
    }
    const variable = code?.variables.get(name);
    if (!variable) return undefined;
    const tokens = this.expanded(variable.value, file);
    const value = attempt(() => parseInitializer(tokens));
    return { name, kind: 'variable', file, line: variable.line, tokens, code: undefined, value };
  }

  /** Tokens with the macros of live-update code in place that are no function, no number that is compared by itself. */
  expanded(tokens: readonly Token[], file: string, depth = 0): readonly Token[] {
    if (depth > 8) return tokens;
    return tokens.flatMap((token) => {
      const body = token.kind === 'name' ? this.objectMacro(token.text, file) : undefined;
      if (!body) return [token];
      const inner = this.expanded(body, file, depth + 1).map((one) => ({ ...one, line: token.line }));
      const isWhole = inner.length === 1;
      return isWhole ? inner : [punct('(', token), ...inner, punct(')', token)];
    });
  }

  /** What a macro without parameters stands for, where it is one of live-update code and its value is compared nowhere else. */
  objectMacro(name: string, file: string): readonly Token[] | undefined {
    const moved = CANONICAL_NAMES.has(name) ? this.#fileOfMoved(name) : undefined;
    for (const path of new Set([file, ...this.#files, ...(moved === undefined ? [] : [moved])])) {
      const macro = this.#unit(path)?.code.macros.get(name);
      if (!macro) continue;
      if (macro.parameters || macro.body.length === 0) return undefined;
      const isText = this.expanded(macro.body, path, 1).every(
        ({ kind, text }) => kind === 'string' || text === '(' || text === ')',
      );
      return isText || !CANONICAL_NAMES.has(name) ? macro.body : undefined;
    }
    return undefined;
  }

  /** The file that a component's macro moved to, where its own headers include that. */
  #fileOfMoved(name: string): string | undefined {
    const file = attempt(() => this.#reader.fileOf('constant', this.#files, name));
    return file === undefined ? undefined : attempt(() => this.#unit(file)?.constant(name)?.where.file);
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
      variableType: (name) => this.#variableType(name, file),
      returnType: (name) => this.find(name, file)?.code?.returnType,
      name: (name) => ENTRY_NAMES.get(name) ?? name,
      isMarker: (text) => markers.has(text),
    };
  }

  #memberName(struct: string, member: string, isByOrder: boolean): string {
    if (!isByOrder) return member;
    const index = this.#membersOf(struct)?.findIndex(({ name }) => name === member) ?? -1;
    return index < 0 ? member : `${struct}#${index}`;
  }

  #membersOf(struct: string) {
    for (const path of this.#files) {
      const members = this.#unit(path)?.code.structs.get(struct);
      if (members) return members;
    }
    return undefined;
  }

  #variableType(name: string, file: string): CodeType | undefined {
    for (const path of new Set([file, ...this.#files])) {
      const type = this.#unit(path)?.code.variableTypes.get(name);
      if (type) return type;
    }
    return undefined;
  }

  /** The name by which the registry knows a struct of this kernel. */
  knownName(struct: string): string {
    return struct === this.#renamed?.to ? this.#renamed.from : struct;
  }

  /** Where a member of handed-over data lies: by the struct's name here, or by the name that the registry knows it by. */
  wire(named: string, name: string): WireMember | undefined {
    const known = this.knownName(named);
    if (!ABI_STRUCT_NAMES.has(known)) return undefined;
    const struct = known === this.#renamed?.from ? this.#renamed.to : named;
    const found = this.#layout(struct)?.members.find((member: Member) => member.name === name);
    return found && { struct: known, bitOffset: found.bitOffset };
  }

  #layout(struct: string): Layout | undefined {
    if (!this.#layouts.has(struct)) this.#layouts.set(struct, this.#readLayout(struct));
    return this.#layouts.get(struct);
  }

  #readLayout(struct: string): Layout | undefined {
    const file = this.#reader.fileOf('struct', this.#files, struct);
    const unit = file === undefined ? undefined : this.#unit(file);
    return attempt(() => unit?.layout(struct)?.layout);
  }
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
