import { skipGroup, type Token } from '../lex/token.ts';
import type { TextRun } from '../preprocess/file-view.ts';
import type { Mark } from '../preprocess/macro-scope.ts';

/** One external declaration or function definition, as it is written (C11 6.9). */
export interface RawDeclaration {
  readonly tokens: readonly Token[];
  /** The macro event after which it ends, see FileView.macroAt. */
  readonly at: number;
  /** Where directives stand within it: from that token on, that event is the last one. Empty for none. */
  readonly marks: readonly Mark[];
  readonly pack: number | undefined;
  /** For a function definition: index of the brace that opens the body. */
  readonly body: number | undefined;
}

/** Splits a file's active text into external declarations by matching braces and parentheses. */
export function splitDeclarations(runs: readonly TextRun[]): RawDeclaration[] {
  const declarations: RawDeclaration[] = [];
  let tokens: Token[] = [];
  let depth = 0;
  let body: number | undefined;
  let marks: Mark[] = [];
  const finish = (run: TextRun) => {
    if (tokens.length > 1)
      declarations.push(
        withoutLeadingCall({
          tokens,
          at: run.at,
          marks: marks.length > 1 ? marks : [],
          pack: run.pack,
          body,
        }),
      );
    tokens = [];
    marks = [{ from: 0, at: run.at }];
    body = undefined;
    depth = 0;
  };
  for (const run of runs) {
    if (tokens.length === 0) marks = [];
    marks.push({ from: tokens.length, at: run.at });
    for (const token of run.tokens) {
      const { text } = token;
      if (depth === 0 && text === '{' && opensFunctionBody(tokens)) body = tokens.length;
      tokens.push(token);
      if (text === '(' || text === '{' || text === '[') depth += 1;
      else if (text === ')' || text === '}' || text === ']') depth = Math.max(0, depth - 1);
      if (depth === 0 && (text === ';' || (text === '}' && body !== undefined))) finish(run);
    }
  }
  return declarations;
}

/** Leaves out a macro's invocation at file level that no semicolon ends, such as `MODULE_THING(x)` before a struct. */
function withoutLeadingCall(declaration: RawDeclaration): RawDeclaration {
  const { tokens, marks, body } = declaration;
  if (
    tokens[0]!.kind !== 'name' ||
    tokens[0]!.text.startsWith('__') ||
    tokens[1]?.text !== '(' ||
    marks.length > 0
  )
    return declaration;
  const end = skipGroup(tokens, 1);
  if (!/^(?:struct|union|enum|typedef|static|extern|void|const)$/.test(tokens[end]?.text ?? ''))
    return declaration;
  return { ...declaration, tokens: tokens.slice(end), body: body === undefined ? undefined : body - end };
}

/** Whether a brace after these tokens opens a function's body rather than a type's or an initializer's. */
function opensFunctionBody(tokens: readonly Token[]): boolean {
  let hasParameters = false;
  let index = tokens.length - 1;
  let depth = 0;
  for (; index >= 0; index -= 1) {
    const { text } = tokens[index]!;
    if (text === ')') depth += 1;
    else if (text === '(') {
      depth -= 1;
      hasParameters = true;
    } else if (depth > 0) continue;
    else if (text === 'struct' || text === 'union' || text === 'enum') return !isSpecifierHead(tokens, index);
    else if (text === '=' || text === '}') return false;
  }
  return hasParameters;
}

/** Whether only attributes and a tag stand between a `struct` keyword and the end. */
function isSpecifierHead(tokens: readonly Token[], keyword: number): boolean {
  let names = 0;
  for (let index = keyword + 1; index < tokens.length; ) {
    const token = tokens[index]!;
    if (token.kind !== 'name') return token.text === '[' || token.text === ':';
    if (tokens[index + 1]?.text === '(') {
      if (names > 0 && !/^(?:__attribute__|__aligned)$/.test(token.text)) return false;
      index = skipGroup(tokens, index + 1);
    } else {
      names += 1;
      index += 1;
    }
  }
  return true;
}

/** Where a file's types are declared: by tag, by typedef name, by enumerator. Only a guide; the parser decides. */
export interface DeclarationIndex {
  readonly byTag: Map<string, number>;
  readonly byTypedef: Map<string, number[]>;
  readonly byEnumerator: Map<string, number>;
  /** Constant objects with an initializer. */
  readonly byObject: Map<string, number>;
  /** Enums with macros among their enumerators: their names show only after expansion. */
  readonly openEnums: number[];
}

/** Finds what each declaration may define, without expanding or parsing it. */
export function indexDeclarations(declarations: readonly RawDeclaration[]): DeclarationIndex {
  const index: DeclarationIndex = {
    byTag: new Map(),
    byTypedef: new Map(),
    byEnumerator: new Map(),
    byObject: new Map(),
    openEnums: [],
  };
  for (const [number, declaration] of declarations.entries()) {
    if (declaration.body !== undefined) continue;
    indexBodies(declaration.tokens, number, index);
    indexObject(declaration.tokens, number, index);
    if (declaration.tokens.slice(0, 2).some((token) => token.text === 'typedef'))
      indexTypedef(declaration.tokens, number, index);
  }
  return index;
}

function indexBodies(tokens: readonly Token[], number: number, index: DeclarationIndex): void {
  for (let at = 0; at < tokens.length; at += 1) {
    const keyword = tokens[at]!.text;
    if (keyword !== 'struct' && keyword !== 'union' && keyword !== 'enum') continue;
    const { brace, tag } = headOf(tokens, at + 1);
    if (brace === undefined) continue;
    if (tag !== undefined && !index.byTag.has(`${keyword} ${tag}`))
      index.byTag.set(`${keyword} ${tag}`, number);
    if (keyword === 'enum') indexEnumerators(tokens, brace, number, index);
  }
}

function headOf(tokens: readonly Token[], from: number): { brace?: number; tag?: string } {
  let tag: string | undefined;
  let hasTag = false;
  for (let at = from; at < tokens.length; ) {
    const token = tokens[at]!;
    if (token.text === '{') return tag === undefined ? { brace: at } : { brace: at, tag };
    if (token.kind !== 'name' && token.text !== ':') return {};
    // What follows a colon is an enum's underlying type, or the width of a bit-field, which no brace follows.
    if (token.text === ':') hasTag = true;
    const isCall = tokens[at + 1]?.text === '(';
    if (!isCall && !hasTag) tag = token.text;
    at = isCall ? skipGroup(tokens, at + 1) : at + 1;
  }
  return {};
}

function indexEnumerators(
  tokens: readonly Token[],
  brace: number,
  number: number,
  index: DeclarationIndex,
): void {
  let expectName = true;
  for (let at = brace + 1; at < tokens.length && tokens[at]!.text !== '}'; ) {
    const token = tokens[at]!;
    if (expectName && token.kind === 'name') {
      index.byEnumerator.set(token.text, number);
      if (!/^[,=}]$/.test(tokens[at + 1]?.text ?? '') && index.openEnums.at(-1) !== number)
        index.openEnums.push(number);
    }
    expectName = token.text === ',';
    at = /^[([{]$/.test(token.text) ? skipGroup(tokens, at) : at + 1;
  }
}

/** `const TYPE NAME = …` or `NAME[…] = …`. */
function indexObject(tokens: readonly Token[], number: number, index: DeclarationIndex): void {
  const equals = initializerOf(tokens);
  if (equals === undefined) return;
  const head = tokens.slice(0, equals);
  if (!head.some(({ text }) => text === 'const')) return;
  const bracket = head.findIndex(({ text }) => text === '[');
  const name = head[(bracket < 0 ? equals : bracket) - 1];
  if (name?.kind === 'name') index.byObject.set(name.text, number);
}

/** Where the `=` of a declaration's initializer stands; undefined without one. */
export function initializerOf(tokens: readonly Token[]): number | undefined {
  for (let at = 0; at < tokens.length; ) {
    const { text } = tokens[at]!;
    if (text === '=') return at;
    at = /^[([{]$/.test(text) ? skipGroup(tokens, at) : at + 1;
  }
  return undefined;
}

function indexTypedef(tokens: readonly Token[], number: number, index: DeclarationIndex): void {
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '{') depth += 1;
    else if (token.text === '}') depth -= 1;
    else if (depth === 0 && token.kind === 'name') {
      const known = index.byTypedef.get(token.text);
      if (known) known.push(number);
      else index.byTypedef.set(token.text, [number]);
    }
  }
}
