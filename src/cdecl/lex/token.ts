/** What a preprocessing token is. A placemarker is the empty operand of `##` and never leaves an expansion. */
export type TokenKind = 'name' | 'number' | 'string' | 'char' | 'punct' | 'other' | 'placemarker';

/** A preprocessing token. Tokens that a macro yields bear the line of the macro's invocation. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Line in its file, from 1. */
  readonly line: number;
  /** White space or a comment stood before it. */
  readonly space: boolean;
  /** A name that met its own macro while that was being expanded: never expanded again (C11 6.10.3.4). */
  readonly painted?: boolean;
}

/** Tokens as C text: one space between any two, so that equal sequences give equal texts. */
export function renderTokens(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join(' ');
}

/** Tokens as they were spelled, with one space where there was white space. */
export function spellTokens(tokens: readonly Token[]): string {
  return tokens.map((token, index) => (token.space && index > 0 ? ` ${token.text}` : token.text)).join('');
}

/** The index after the group that opens at `open`; the length where it never closes. */
export function skipGroup(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    const text = tokens[index]!.text;
    if (text === '(' || text === '[' || text === '{') depth += 1;
    else if (text === ')' || text === ']' || text === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return tokens.length;
}

/** Adds tokens to the end of a list; a spread would put each of them on the stack. */
export function appendTokens(output: Token[], tokens: readonly Token[]): void {
  for (const token of tokens) output.push(token);
}
