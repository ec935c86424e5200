import { errorAt, type PlacedText } from './place.ts';
import type { Token, TokenKind } from './token.ts';

/** A directive line (`name` without `#`, the tokens after it) or a run of text lines between two directives. */
export type LexedItem =
  | { readonly directive: string; readonly tokens: readonly Token[]; readonly line: number }
  | { readonly directive?: undefined; readonly tokens: readonly Token[]; readonly line: number };

// One token, or white space, or a comment, at the place where the last one ended. There are no groups: a file has some
// ten thousand matches, and the first character says what each of them is.
const PATTERN = new RegExp(
  [
    '[ \\t\\f\\v\\r]+',
    '\\n',
    '//[^\\n]*|/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/',
    '(?:u8|[LuU])?"[^"\\\\\\n]*(?:\\\\[^\\n][^"\\\\\\n]*)*"',
    "(?:[LuU])?'[^'\\\\\\n]*(?:\\\\[^\\n][^'\\\\\\n]*)*'",
    '[A-Za-z_$][\\w$]*',
    '\\.?\\d(?:[eEpP][+-]|[\\w.])*',
    '\\.\\.\\.|<<=|>>=|->|\\+\\+|--|<<|>>|<=|>=|==|!=|&&|\\|\\||##|::|[-+*/%&|^]=|[-+*/%&|^~!<>=?:;,.(){}\\[\\]#]',
    '[\\s\\S]',
  ].join('|'),
  'y',
);
const PUNCTUATION = /^[-+*/%&|^~!<>=?:;,.(){}[\]#]/;

type Matched = TokenKind | 'space' | 'break' | 'comment';

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
  for (let position = 0; position < text.length; ) {
    const start = position;
    PATTERN.lastIndex = start;
    PATTERN.test(text);
    position = PATTERN.lastIndex;
    while (join < joins.length && joins[join]! <= start) {
      line += 1;
      join += 1;
    }
    const matched = kindOf(text, start, position);
    if (matched === 'break') {
      endLine();
      line += 1;
      lineStart = true;
      space = true;
      continue;
    }
    if (matched === 'space' || matched === 'comment') {
      if (matched === 'comment') line += countBreaks(text.slice(start, position));
      space = true;
      continue;
    }
    const token: Token = { kind: matched, text: text.slice(start, position), line, space };
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
  for (let position = 0; position < text.length; ) {
    const start = position;
    PATTERN.lastIndex = start;
    PATTERN.test(text);
    position = PATTERN.lastIndex;
    const matched = kindOf(text, start, position);
    if (matched === 'space' || matched === 'break' || matched === 'comment') space = true;
    else {
      tokens.push({ kind: matched, text: text.slice(start, position), line, space });
      space = false;
    }
  }
  return tokens;
}

const BREAK = 10;
const QUOTE = 34;
const DOLLAR = 36;
const APOSTROPHE = 39;
const ASTERISK = 42;
const DOT = 46;
const SLASH = 47;
const UNDERSCORE = 95;

/** What the pattern matched from `start` to `end`. */
function kindOf(text: string, start: number, end: number): Matched {
  const first = text.charCodeAt(start);
  if (first === BREAK) return 'break';
  if (first === 32 || (first >= 9 && first <= 13)) return 'space';
  if (isLetter(first)) return kindOfWord(text.charCodeAt(end - 1));
  if (isDigit(first) || (first === DOT && end > start + 1 && isDigit(text.charCodeAt(start + 1))))
    return 'number';
  if (end > start + 1) {
    if (first === QUOTE) return 'string';
    if (first === APOSTROPHE) return 'char';
    const second = text.charCodeAt(start + 1);
    if (first === SLASH && (second === SLASH || second === ASTERISK)) return 'comment';
    return 'punct';
  }
  return PUNCTUATION.test(text[start]!) ? 'punct' : 'other';
}

/** A word that ends in a quote is a literal with a prefix. */
function kindOfWord(last: number): Matched {
  if (last === QUOTE) return 'string';
  return last === APOSTROPHE ? 'char' : 'name';
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === UNDERSCORE || code === DOLLAR;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
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
