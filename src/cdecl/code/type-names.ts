import { skipGroup } from '../lex/token.ts';
import { type CodeType, integerClass, looksLikeType, QUALIFIERS, TYPE_WORDS } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

const TYPEOF = /^(?:typeof|__typeof__|__typeof|typeof_unqual)$/;
const TAGGED = /^(?:struct|union|enum)$/;
const STATEMENT = /^(?:return|goto|case|default|else|do|if|while|switch|break|continue|sizeof|for)$/;

/** Reads the type at the start of a declaration, with its stars; leaves the reader behind it. Undefined where there is none. */
export function readType(reader: TokenReader): CodeType | undefined {
  const words: string[] = [];
  let name: string | undefined;
  for (; !reader.isEnd; ) {
    const { text } = reader;
    const next = reader.peek(1);
    if (
      QUALIFIERS.has(text) ||
      (words.length + (name === undefined ? 0 : 1) === 0 &&
        /^__\w+$/.test(text) &&
        !looksLikeType(text) &&
        next !== '(')
    )
      reader.at += 1;
    else if (TAGGED.test(text) && next !== undefined) {
      name = `${text} ${next}`;
      reader.at += 2;
    } else if (TYPEOF.test(text) && next === '(') {
      name = 'typeof';
      reader.at = skipGroup(reader.tokens, reader.at + 1);
    } else if (TYPE_WORDS.has(text)) {
      words.push(text);
      reader.at += 1;
    } else if (name === undefined && words.length === 0 && reader.isName) {
      words.push(text);
      reader.at += 1;
    } else if (reader.isName && /^__(?:init|user|iomem|ref|must_check|initdata|maybe_unused)$/.test(text))
      reader.at += 1;
    else break;
  }
  if (name === undefined && words.length === 0) return undefined;
  let stars = 0;
  while (
    reader.text === '*' ||
    QUALIFIERS.has(reader.text) ||
    /^__(?:init|ref|user|iomem)$/.test(reader.text)
  ) {
    if (reader.text === '*') stars += 1;
    reader.at += 1;
  }
  return { name: name ?? integerClass(words) ?? words.join(' '), stars };
}

/** Whether a statement here declares something: two names in a row, or what only a declaration has. */
export function isTypeStart(reader: TokenReader, isLocal: (name: string) => boolean): boolean {
  const { text } = reader;
  if (!reader.isName || STATEMENT.test(text)) return false;
  if (QUALIFIERS.has(text) || TAGGED.test(text) || TYPE_WORDS.has(text)) return true;
  if (TYPEOF.test(text)) return true;
  if (isLocal(text)) return false;
  const [next, after] = [reader.tokens[reader.at + 1], reader.tokens[reader.at + 2]];
  if (next?.kind === 'name')
    return /^[=;,[(]$/.test(after?.text ?? '') || (after?.text ?? '').startsWith('__');
  if (next?.text !== '*') return false;
  let index = reader.at + 1;
  while (reader.tokens[index]?.text === '*' || reader.tokens[index]?.text === 'const') index += 1;
  return reader.tokens[index]?.kind === 'name' && /^[=;,[]$/.test(reader.tokens[index + 1]?.text ?? '');
}

/** The type that fills a pair of parentheses or an argument from here to `to`; undefined where it is an expression. */
export function typeUpTo(reader: TokenReader, to: number): CodeType | undefined {
  const first = reader.tokens[reader.at];
  if (first?.kind !== 'name') return undefined;
  const isPlain = to === reader.at + 1;
  const isSure =
    QUALIFIERS.has(first.text) ||
    TAGGED.test(first.text) ||
    looksLikeType(first.text) ||
    TYPEOF.test(first.text);
  const endsInStar = reader.tokens[to - 1]?.text === '*';
  if (!isSure && (isPlain || !endsInStar)) return undefined;
  const start = reader.at;
  const type = readType(reader);
  const end = reader.at;
  reader.at = start;
  return end === to ? type : undefined;
}
