import { errorAt, type PlacedText } from './place.ts';
import type { Token, TokenKind } from './token.ts';

/** A directive line (`name` without `#`, the tokens after it) or a run of text lines between two directives. */
export type LexedItem =
  | { readonly directive: string; readonly tokens: readonly Token[]; readonly line: number }
  | { readonly directive?: undefined; readonly tokens: readonly Token[]; readonly line: number };

const PATTERN = new RegExp(
  [
    '([ \\t\\f\\v\\r]+)',
    '(\\n)',
    '(//[^\\n]*|/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/)',
    '((?:u8|[LuU])?"[^"\\\\\\n]*(?:\\\\[^\\n][^"\\\\\\n]*)*")',
    "((?:[LuU])?'[^'\\\\\\n]*(?:\\\\[^\\n][^'\\\\\\n]*)*')",
    '([A-Za-z_$][\\w$]*)',
    '(\\.?\\d(?:[eEpP][+-]|[\\w.])*)',
    '(\\.\\.\\.|<<=|>>=|->|\\+\\+|--|<<|>>|<=|>=|==|!=|&&|\\|\\||##|::|[-+*/%&|^]=|[-+*/%&|^~!<>=?:;,.(){}\\[\\]#])',
    '([\\s\\S])',
  ].join('|'),
  'y',
);
const KINDS: readonly (TokenKind | undefined)[] = [
  undefined,
  undefined,
  undefined,
  undefined,
  'string',
  'char',
  'name',
  'number',
  'punct',
  'other',
];

/**
 * Splits a file into directives and text runs: comments become white space, lines that end in a backslash are joined.
 * Throws C_SYNTAX for a NUL byte and for a comment that never ends.
 */
export function lexFile(source: PlacedText): LexedItem[] {
  const nul = source.text.indexOf('\0');
  if (nul >= 0) throw errorAt('C_SYNTAX', 'the file holds a NUL byte', source, countLines(source.text, nul));
  const { text, joins } = joinLines(source.text);
  const items: LexedItem[] = [];
  let run: Token[] = [];
  let directive: Token[] | undefined;
  let line = 1;
  let join = 0;
  let space = false;
  let lineStart = true;
  const endLine = () => {
    if (directive) {
      items.push(toDirective(directive));
      directive = undefined;
    }
  };
  PATTERN.lastIndex = 0;
  let position = 0;
  while (position < text.length) {
    const match = PATTERN.exec(text)!;
    while (join < joins.length && joins[join]! <= position) {
      line += 1;
      join += 1;
    }
    position = PATTERN.lastIndex;
    if (match[2] !== undefined) {
      endLine();
      line += 1;
      lineStart = true;
      space = true;
      continue;
    }
    if (match[1] !== undefined || match[3] !== undefined) {
      line += match[3] === undefined ? 0 : countBreaks(match[3]);
      space = true;
      continue;
    }
    const token: Token = { kind: kindOf(match), text: match[0], line, space };
    if (token.text === '/' && text[position] === '*')
      throw errorAt('C_SYNTAX', 'a comment never ends', source, line);
    space = false;
    if (lineStart && token.text === '#') {
      if (run.length > 0) items.push({ tokens: run, line: run[0]!.line });
      run = [];
      directive = [token];
    } else (directive ?? run).push(token);
    lineStart = false;
  }
  endLine();
  if (run.length > 0) items.push({ tokens: run, line: run[0]!.line });
  return items;
}

/** The tokens of a piece of text without directives, all on one line. */
export function lexText(text: string, line: number): Token[] {
  const tokens: Token[] = [];
  let space = false;
  PATTERN.lastIndex = 0;
  for (let position = 0; position < text.length; position = PATTERN.lastIndex) {
    PATTERN.lastIndex = position;
    const match = PATTERN.exec(text)!;
    if (match[1] !== undefined || match[2] !== undefined || match[3] !== undefined) space = true;
    else {
      tokens.push({ kind: kindOf(match), text: match[0], line, space });
      space = false;
    }
  }
  return tokens;
}

function kindOf(match: RegExpExecArray): TokenKind {
  for (let group = 4; group < KINDS.length; group += 1) if (match[group] !== undefined) return KINDS[group]!;
  return 'other';
}

function toDirective(tokens: readonly Token[]): LexedItem {
  const name = tokens[1]?.kind === 'name' ? tokens[1].text : '';
  return { directive: name, tokens: tokens.slice(name === '' ? 1 : 2), line: tokens[0]!.line };
}

/** Removes backslash-newline pairs; `joins` are the offsets in the result where a line was joined, ascending. */
function joinLines(text: string): { text: string; joins: number[] } {
  if (!/\\\r?\n/.test(text)) return { text, joins: [] };
  const joins: number[] = [];
  let length = 0;
  const parts = text.split(/\\\r?\n/);
  for (const part of parts.slice(0, -1)) {
    length += part.length;
    joins.push(length);
  }
  return { text: parts.join(''), joins };
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function countLines(text: string, end: number): number {
  return countBreaks(text.slice(0, end)) + 1;
}
