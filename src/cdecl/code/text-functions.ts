import { skipGroup, type Token } from '../lex/token.ts';
import { parseFunction } from './code-parser.ts';
import type { FunctionCode } from './syntax.ts';
import { TokenMissing } from './token-reader.ts';

/** A function of a text that nobody preprocessed. */
export interface TextFunction {
  name: string;
  line: number;
  /** All of it, from its type on. */
  tokens: readonly Token[];
  /** Undefined where the parser does not know a construct in it. */
  code: FunctionCode | undefined;
}

/** The functions of a text with a word in them that is sought, as they stand there: no macro is put in. */
export function functionsWith(tokens: readonly Token[], isSought: (word: string) => boolean): TextFunction[] {
  const found: TextFunction[] = [];
  let start = 0;
  for (let at = 0; at < tokens.length; ) {
    const { text } = tokens[at] as Token;
    const end = /^[([{]$/.test(text) ? skipGroup(tokens, at) : at + 1;
    if (text === '{' && tokens[at - 1]?.text === ')') {
      const own = tokens.slice(start, end);
      if (own.some(({ kind, text: word }) => kind === 'name' && isSought(word)))
        found.push(...functionOf(own, at - start));
    }
    if (text === '{' || text === ';') start = end;
    at = end;
  }
  return found;
}

function functionOf(tokens: readonly Token[], body: number): TextFunction[] {
  const nameAt = tokens.findIndex(
    ({ kind, text }, at) => kind === 'name' && tokens[at + 1]?.text === '(' && !/^__attribute__$/.test(text),
  );
  const name = tokens[nameAt];
  if (!name || nameAt > body) return [];
  return [{ name: name.text, line: name.line, tokens, code: parsed(tokens, nameAt, body) }];
}

function parsed(tokens: readonly Token[], name: number, body: number): FunctionCode | undefined {
  try {
    return parseFunction(tokens, { name, body });
  } catch (error) {
    if (!(error instanceof TokenMissing)) throw error;
    return undefined;
  }
}
