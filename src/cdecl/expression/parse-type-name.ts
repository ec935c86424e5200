import type { PlacedText } from '../lex/place.ts';
import { skipGroup, type Token } from '../lex/token.ts';
import type { RecordNode, ShapeNode, SpecifierNode } from './ast.ts';
import type { TypeNameNode } from './expression-node.ts';

/** What the parser must ask to tell a cast from a parenthesized expression. */
export interface TypeNameHost {
  /** Whether a name starts a type: a keyword, a builtin type, a typedef in reach. */
  isTypeStart(name: string): boolean;
  /** In an `#if`, where every integer is as wide as intmax_t (C11 6.10.1). */
  readonly isPreprocessing?: boolean;
  /** Parses a struct, union or enum with a body and a semicolon; absent where no type can stand. Throws C_SYNTAX, C_DEPTH. */
  parseRecord?(tokens: readonly Token[], source: PlacedText): SpecifierNode;
}

/** Tokens of a text, and the place that was come to in them. */
export interface TokenCursor {
  readonly tokens: readonly Token[];
  readonly host: TypeNameHost;
  readonly source: PlacedText;
  position: number;
  /** The token at the position; one without text at the end. */
  readonly token: Token;
  /** Throws C_SYNTAX at the position. */
  fail(): never;
  /** Goes past a token of this text, and fails at any other. */
  take(text: string): Token;
}

const BASE = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  'bool',
  '_Bool',
  '__int128',
  '__signed__',
]);
const QUALIFIERS = new Set([
  'const',
  'volatile',
  '__const',
  '__volatile__',
  'restrict',
  '__restrict',
  '_Atomic',
]);
const TYPEOF = new Set(['typeof', '__typeof__', '__typeof', 'typeof_unqual']);

const OPERATORS = /^(?:sizeof|_Alignof|alignof|__alignof(?:__)?|_Generic|__extension__|__builtin_\w+)$/;

/** Whether a name is an operator of the language, which no header declares. */
export function isOperator(name: string): boolean {
  return OPERATORS.test(name);
}

/** Whether a keyword starts a type name. */
export function isTypeKeyword(name: string): boolean {
  return BASE.has(name) || QUALIFIERS.has(name) || TYPEOF.has(name) || /^(?:struct|union|enum)$/.test(name);
}

/** Parses a type name (C11 6.7.7) at the parser's position. Throws C_SYNTAX. */
export function parseTypeName(parser: TokenCursor): TypeNameNode {
  const qualifiers: string[] = [];
  const words: string[] = [];
  const at = parser.position;
  let specifier: SpecifierNode | undefined;
  let body: { record: RecordNode; tokens: readonly Token[] } | undefined;
  for (;;) {
    const { text, kind } = parser.token;
    if (QUALIFIERS.has(text)) qualifiers.push(text);
    else if (BASE.has(text) && !specifier)
      words.push(text === '_Bool' ? 'bool' : text.replaceAll('_', '') === 'signed' ? 'signed' : text);
    else if (text === '__attribute__') {
      parser.position = skipGroup(parser.tokens, parser.position + 1);
      continue;
    } else if (!specifier && words.length === 0 && kind === 'name') {
      const read = readSpecifier(parser);
      specifier = read.specifier;
      body = read.body;
      continue;
    } else break;
    parser.position += 1;
  }
  if (!specifier && words.length === 0) parser.fail();
  specifier ??= { node: 'base', words, at };
  const shape = parseShape(parser);
  return { specifier, qualifiers, shape, tokens: parser.tokens, ...(body ? { body } : {}) };
}

interface ReadSpecifier {
  readonly specifier: SpecifierNode;
  readonly body?: { readonly record: RecordNode; readonly tokens: readonly Token[] };
}

function readSpecifier(parser: TokenCursor): ReadSpecifier {
  const at = parser.position;
  const { text } = parser.token;
  parser.position += 1;
  if (TYPEOF.has(text)) {
    const end = skipGroup(parser.tokens, parser.position);
    const operand = { from: parser.position + 1, to: end - 1 };
    parser.position = end;
    return { specifier: { node: 'typeof', operand, at } };
  }
  if (text !== 'struct' && text !== 'union' && text !== 'enum')
    return { specifier: { node: 'named', name: text, at } };
  return readTagged(parser, text, at);
}

function readTagged(parser: TokenCursor, keyword: 'struct' | 'union' | 'enum', at: number): ReadSpecifier {
  let tag: string | undefined;
  while (parser.token.kind === 'name') {
    if (parser.tokens[parser.position + 1]?.text === '(')
      parser.position = skipGroup(parser.tokens, parser.position + 1);
    else {
      tag = parser.token.text;
      parser.position += 1;
    }
    if (tag !== undefined) break;
  }
  if (parser.token.text !== '{') {
    if (tag === undefined) parser.fail();
    if (keyword === 'enum')
      return { specifier: { node: 'enum', tag, at, enumerators: undefined, attributes: [] } };
    return { specifier: { node: 'record', kind: keyword, tag, at, fields: undefined, attributes: [] } };
  }
  let end = skipGroup(parser.tokens, parser.position);
  while (parser.tokens[end]?.text === '__attribute__') end = skipGroup(parser.tokens, end + 1);
  const tokens = [
    ...parser.tokens.slice(at, end),
    { kind: 'punct', text: ';', line: parser.token.line, space: false } as const,
  ];
  parser.position = end;
  const specifier = parser.host.parseRecord?.(tokens, parser.source) ?? parser.fail();
  return specifier.node === 'record' ? { specifier, body: { record: specifier, tokens } } : { specifier };
}

/** An abstract declarator: pointers, then array lengths, or `(*)` for a pointer to a function or an array. */
function parseShape(parser: TokenCursor): ShapeNode[] {
  const shape: ShapeNode[] = [];
  while (parser.token.text === '*' || QUALIFIERS.has(parser.token.text)) {
    if (parser.token.text === '*') shape.push({ node: 'pointer' });
    parser.position += 1;
  }
  let inner: ShapeNode[] = [];
  if (parser.token.text === '(' && parser.tokens[parser.position + 1]?.text === '*') {
    parser.take('(');
    inner = parseShape(parser);
    parser.take(')');
  }
  const suffixes: ShapeNode[] = [];
  while (parser.token.text === '[' || parser.token.text === '(') {
    const from = parser.position + 1;
    const isArray = parser.token.text === '[';
    parser.position = skipGroup(parser.tokens, parser.position);
    const range = { from, to: parser.position - 1 };
    const length = range.to > range.from ? range : undefined;
    suffixes.unshift(isArray ? { node: 'array', length } : { node: 'function', parameters: range });
  }
  return [...shape, ...suffixes, ...inner];
}
