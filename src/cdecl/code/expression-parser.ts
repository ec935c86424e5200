import { readString } from '../expression/literal.ts';
import { skipGroup } from '../lex/token.ts';
import type { Expression, Local, Statement } from './syntax.ts';
import { TokenMissing, type TokenReader } from './token-reader.ts';
import { typeUpTo } from './type-names.ts';

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const ASSIGNMENT = /^(?:[-+*/%&|^]|<<|>>)?=$/;
const PREFIX: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    '!': '!',
    '~': '~',
    '-': 'neg',
    '+': 'pos',
    '*': 'deref',
    '&': 'address',
    '++': 'pre++',
    '--': 'pre--',
  }),
);
const OPERAND_START = /^[\w"'(!~*&$.]/;

/** What the expression parser asks of the parser of statements. */
export interface ExpressionHost {
  resolve(name: string): Local | undefined;
  /** Parses the block of a statement expression, from its brace on. */
  block(): Statement[];
}

/** Parses expressions of function bodies, without knowing which names are types but by their look. */
export class ExpressionParser {
  readonly #in: TokenReader;
  readonly #host: ExpressionHost;

  constructor(reader: TokenReader, host: ExpressionHost) {
    this.#in = reader;
    this.#host = host;
  }

  /** An expression with commas. */
  whole(): Expression {
    let value = this.assignment();
    while (this.#in.is(',')) {
      this.#in.at += 1;
      value = { op: ',', args: [value, this.assignment()] };
    }
    return value;
  }

  assignment(): Expression {
    const left = this.conditional();
    const { text } = this.#in;
    if (!ASSIGNMENT.test(text)) return left;
    this.#in.at += 1;
    const right = this.#in.is('{') ? this.initializer() : this.assignment();
    if (text === '=') return { op: '=', args: [left, right] };
    return { op: '=', args: [left, { op: text.slice(0, -1), args: [left, right] }] };
  }

  conditional(): Expression {
    const test = this.#binary(0);
    if (!this.#in.is('?')) return test;
    this.#in.at += 1;
    const yes = this.#in.is(':') ? test : this.whole();
    this.#in.expect(':');
    return { op: '?:', args: [test, yes, this.conditional()] };
  }

  /** What may stand behind `=` in a declaration: an expression, or braces with designators. */
  initializer(): Expression {
    if (!this.#in.is('{')) return this.assignment();
    this.#in.at += 1;
    const args: Expression[] = [];
    while (!this.#in.is('}')) {
      args.push(this.#item());
      if (this.#in.is(',')) this.#in.at += 1;
      else if (!this.#in.is('}')) throw new TokenMissing(`unexpected ${this.#in.text}`);
    }
    this.#in.at += 1;
    return { op: 'list', args };
  }

  #item(): Expression {
    let text = '';
    const args: Expression[] = [];
    while (this.#in.is('.') || this.#in.is('[')) {
      if (this.#in.is('.')) {
        text += `.${this.#in.peek(1)}`;
        this.#in.at += 2;
      } else {
        this.#in.at += 1;
        args.push(this.conditional());
        text += '[]';
        this.#in.expect(']');
      }
    }
    if (text === '') return this.initializer();
    this.#in.expect('=');
    return { op: 'designate', text, args: [...args, this.initializer()] };
  }

  #binary(level: number): Expression {
    if (level === BINARY.length) return this.#unary();
    let left = this.#binary(level + 1);
    while (BINARY[level]?.includes(this.#in.text)) {
      const op = this.#in.text;
      this.#in.at += 1;
      left = { op, args: [left, this.#binary(level + 1)] };
    }
    return left;
  }

  #unary(): Expression {
    const { text } = this.#in;
    const prefix = PREFIX.get(text);
    if (prefix !== undefined) {
      this.#in.at += 1;
      return { op: prefix, args: [this.#unary()] };
    }
    if (text === 'sizeof' || text === '__alignof__' || text === '_Alignof') return this.#sizeof(text);
    if (text === '(') {
      const cast = this.#cast();
      if (cast) return cast;
    }
    return this.#postfix();
  }

  #sizeof(text: string): Expression {
    this.#in.at += 1;
    if (this.#in.is('(')) {
      const end = skipGroup(this.#in.tokens, this.#in.at) - 1;
      this.#in.at += 1;
      const type = typeUpTo(this.#in, end);
      if (type) {
        this.#in.at = end + 1;
        return { op: `${text}-type`, type, args: [] };
      }
      this.#in.at -= 1;
    }
    return { op: text, args: [this.#unary()] };
  }

  #cast(): Expression | undefined {
    const end = skipGroup(this.#in.tokens, this.#in.at);
    const start = this.#in.at;
    this.#in.at += 1;
    const type = typeUpTo(this.#in, end - 1);
    const next = this.#in.tokens[end];
    if (!type || !next || !(OPERAND_START.test(next.text) || next.text === '{' || /^[-+]/.test(next.text))) {
      this.#in.at = start;
      return undefined;
    }
    this.#in.at = end;
    if (this.#in.is('{')) return { op: 'cast', type, args: [this.initializer()] };
    return { op: 'cast', type, args: [this.#unary()] };
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (;;) {
      const { text } = this.#in;
      if (text === '(') value = this.#call(value);
      else if (text === '[') {
        this.#in.at += 1;
        value = { op: 'index', args: [value, this.whole()] };
        this.#in.expect(']');
      } else if (text === '.' || text === '->') {
        const object: Expression = text === '.' ? value : { op: 'deref', args: [value] };
        value = { op: 'member', text: this.#in.peek(1) ?? '', args: [object] };
        this.#in.at += 2;
      } else if (text === '++' || text === '--') {
        value = { op: `post${text}`, args: [value] };
        this.#in.at += 1;
      } else return value;
    }
  }

  #call(callee: Expression): Expression {
    const close = skipGroup(this.#in.tokens, this.#in.at) - 1;
    this.#in.at += 1;
    const args: Expression[] = [callee];
    while (this.#in.at < close) {
      const type = typeUpTo(this.#in, this.#in.endOfArgument(close));
      if (type && this.#host.resolve(this.#in.text) === undefined) {
        args.push({ op: 'type', type, args: [] });
        this.#in.at = this.#in.endOfArgument(close);
      } else args.push(this.#in.is('{') ? this.initializer() : this.assignment());
      if (this.#in.at < close) this.#in.expect(',');
    }
    this.#in.expect(')');
    return { op: 'call', args };
  }

  #primary(): Expression {
    const token = this.#in.tokens[this.#in.at];
    if (token?.text === '(') return this.#parenthesis();
    if (token?.kind === 'number' || token?.kind === 'char') {
      this.#in.at += 1;
      return { op: token.kind, text: token.text, args: [] };
    }
    if (token?.kind === 'string') return this.#string();
    if (token?.kind !== 'name') throw new TokenMissing(`an operand expected, not ${this.#in.text}`);
    this.#in.at += 1;
    const local = this.#host.resolve(token.text);
    if (local) return { op: 'local', text: local.name, type: local.type, args: [] };
    const isPrefixOfString = this.#in.tokens[this.#in.at]?.kind === 'string';
    if (isPrefixOfString) return this.#string(`<${token.text}>`);
    return { op: 'name', text: token.text, args: [] };
  }

  #parenthesis(): Expression {
    this.#in.at += 1;
    if (this.#in.is('{')) {
      const body = this.#host.block();
      this.#in.expect(')');
      return { op: 'block', args: [], body };
    }
    const value = this.whole();
    this.#in.expect(')');
    return value;
  }

  /** Literals in a row are one; a macro between them stands for some text. */
  #string(start = ''): Expression {
    let text = start;
    for (;;) {
      const token = this.#in.tokens[this.#in.at];
      if (token?.kind === 'string') text += readString(token.text);
      else if (token?.kind === 'name' && text !== '') text += `<${token.text}>`;
      else return { op: 'string', text, args: [] };
      this.#in.at += 1;
    }
  }
}
