import { skipGroup, type Token } from '../lex/token.ts';

/** A place in a row of tokens. */
export class TokenReader {
  readonly tokens: readonly Token[];
  at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** The text here; empty at the end. */
  get text(): string {
    return this.tokens[this.at]?.text ?? '';
  }

  /** Whether this text is here. */
  is(text: string): boolean {
    return this.text === text;
  }

  get line(): number {
    return this.tokens[this.at]?.line ?? 0;
  }

  get isEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  get isName(): boolean {
    return this.tokens[this.at]?.kind === 'name';
  }

  peek(distance: number): string | undefined {
    return this.tokens[this.at + distance]?.text;
  }

  /** Passes a token that must be here. */
  expect(text: string): void {
    if (this.text !== text) throw new TokenMissing(`${text} expected, not ${this.text}`);
    this.at += 1;
  }

  expectEnd(): void {
    if (!this.isEnd) throw new TokenMissing(`unexpected ${this.text}`);
  }

  /** The index of the comma that ends an argument, or `to`. */
  endOfArgument(to: number): number {
    let index = this.at;
    while (index < to && this.tokens[index]?.text !== ',')
      index = /^[([{]$/.test(this.tokens[index]?.text ?? '') ? skipGroup(this.tokens, index) : index + 1;
    return index;
  }

  /** The first name from here on. */
  firstName(): string | undefined {
    return this.tokens.slice(this.at).find(({ kind, text }) => kind === 'name' && !text.startsWith('__'))
      ?.text;
  }
}

/** Thrown where the tokens are not what the parser knows. */
export class TokenMissing extends Error {}
