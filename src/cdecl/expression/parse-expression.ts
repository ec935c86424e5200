import { errorAt, MAX_EXPRESSION_DEPTH, type PlacedText } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';
import { INT, LLONG, ULLONG } from './ctype.ts';
import type { ExpressionNode, TypeNameNode } from './expression-node.ts';
import { readCharacter, readInteger, readString } from './literal.ts';
import { isTypeKeyword, parseTypeName, type TokenCursor, type TypeNameHost } from './parse-type-name.ts';

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};
/** What may follow a type's name other than a name. */
const AFTER_TYPE = new Set([')', '*', ',', '[', ';']);
/** What an operand may start with other than a name or a literal. */
const BEFORE_OPERAND = new Set(['(', '{', '+', '-', '*', '&', '~', '!', '++', '--', '&&']);
const END: Token = { kind: 'punct', text: '', line: 0, space: false };

/** Parses tokens as one expression, a comma operator included. Throws C_SYNTAX, C_DEPTH. */
export function parseExpression(
  tokens: readonly Token[],
  host: TypeNameHost,
  source: PlacedText,
  line: number,
): ExpressionNode {
  const parser = new ExpressionParser(tokens, host, source, line);
  const node = parser.comma();
  parser.expectEnd();
  return node;
}

export class ExpressionParser implements TokenCursor {
  readonly tokens: readonly Token[];
  readonly host: TypeNameHost;
  readonly source: PlacedText;
  readonly #line: number;
  position = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], host: TypeNameHost, source: PlacedText, line: number) {
    this.tokens = tokens;
    this.host = host;
    this.source = source;
    this.#line = line;
  }

  get token(): Token {
    return this.tokens[this.position] ?? END;
  }

  is(text: string): boolean {
    return this.token.text === text;
  }

  fail(): never {
    const { text, line } = this.token;
    const message =
      text === '' ? 'the expression ends too early' : `the expression cannot be read at "${text}"`;
    throw errorAt('C_SYNTAX', message, this.source, line || (this.tokens.at(-1)?.line ?? this.#line));
  }

  take(text: string): Token {
    if (this.token.text !== text) this.fail();
    this.position += 1;
    return this.tokens[this.position - 1]!;
  }

  expectEnd(): void {
    if (this.position < this.tokens.length) this.fail();
  }

  comma(): ExpressionNode {
    let left = this.conditional();
    while (this.token.text === ',') {
      const token = this.take(',');
      left = { node: 'binary', operator: ',', left, right: this.conditional(), token };
    }
    return left;
  }

  conditional(): ExpressionNode {
    this.#enter();
    const test = this.#binary(1);
    let node = test;
    if (this.token.text === '?') {
      const token = this.take('?');
      const then = this.is(':') ? undefined : this.comma();
      this.take(':');
      node = { node: 'conditional', test, then, otherwise: this.conditional(), token };
    }
    this.#depth -= 1;
    return node;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_EXPRESSION_DEPTH) this.#failDepth();
  }

  #failDepth(): never {
    const message = `the expression nests deeper than ${MAX_EXPRESSION_DEPTH}`;
    throw errorAt('C_DEPTH', message, this.source, this.token.line || this.#line);
  }

  #binary(lowest: number): ExpressionNode {
    let left = this.#unary();
    for (let links = 0; ; links += 1) {
      const token = this.token;
      if (links > MAX_EXPRESSION_DEPTH) this.#failDepth();
      const precedence = token.kind === 'punct' ? PRECEDENCE[token.text] : undefined;
      if (precedence === undefined || precedence < lowest) return left;
      this.position += 1;
      left = { node: 'binary', operator: token.text, left, right: this.#binary(precedence + 1), token };
    }
  }

  #unary(): ExpressionNode {
    const token = this.token;
    this.#enter();
    const node = this.#unaryOf(token);
    this.#depth -= 1;
    return node;
  }

  #unaryOf(token: Token): ExpressionNode {
    if (token.kind === 'punct' && /^[-+!~&*]$/.test(token.text)) {
      this.position += 1;
      return { node: 'unary', operator: token.text, operand: this.#unary(), token };
    }
    if (token.kind === 'name') {
      const size = /^(sizeof)$|^(?:_Alignof|alignof|__alignof__|__alignof)$/.exec(token.text);
      if (size) return this.#sizeof(token, size[1] ? 'sizeof' : 'alignof');
      if (token.text === '__extension__') {
        this.position += 1;
        return this.#unary();
      }
    }
    if (token.text === '(' && this.#mayBeCast() && this.#startsTypeName(this.position + 1)) {
      const type = this.#parenthesizedType();
      if (this.token.text === '{') this.fail();
      return { node: 'cast', type, operand: this.#unary(), token };
    }
    return this.#postfix(this.#primary());
  }

  #startsTypeName(position: number): boolean {
    const token = this.tokens[position];
    if (token?.kind !== 'name') return false;
    if (!isTypeKeyword(token.text) && !this.#mayFollowType(position + 1)) return false;
    return this.host.isTypeStart(token.text);
  }

  /** Whether what stands here could go on after a type's name: spares the search for a type in most parentheses. */
  #mayFollowType(position: number): boolean {
    const token = this.tokens[position];
    if (!token || token.kind === 'name') return true;
    return token.text === '(' ? this.tokens[position + 1]?.text === '*' : AFTER_TYPE.has(token.text);
  }

  /** Not where nothing that could be cast follows `(name)`. */
  #mayBeCast(): boolean {
    if (this.tokens[this.position + 2]?.text !== ')') return true;
    const next = this.tokens[this.position + 3];
    return next !== undefined && (next.kind !== 'punct' || BEFORE_OPERAND.has(next.text));
  }

  #parenthesizedType(): TypeNameNode {
    this.take('(');
    const type = parseTypeName(this);
    this.take(')');
    return type;
  }

  #sizeof(token: Token, node: 'sizeof' | 'alignof'): ExpressionNode {
    this.position += 1;
    const isType = this.token.text === '(' && this.#startsTypeName(this.position + 1);
    return { node, operand: isType ? this.#parenthesizedType() : this.#unary(), token };
  }

  #postfix(start: ExpressionNode): ExpressionNode {
    let node = start;
    for (;;) {
      const token = this.token;
      if (token.text === '[') {
        this.position += 1;
        node = { node: 'index', operand: node, index: this.comma(), token };
        this.take(']');
      } else if (token.text === '.' || token.text === '->') {
        this.position += 1;
        const name = this.token;
        if (name.kind !== 'name') this.fail();
        this.position += 1;
        node = { node: 'member', operand: node, name: name.text, isArrow: token.text === '->', token };
      } else return node;
    }
  }

  #primary(): ExpressionNode {
    const token = this.token;
    if (token.kind === 'number') return this.#number(token);
    if (token.kind === 'string') return this.#string(token);
    if (token.kind === 'char') {
      const character = readCharacter(token.text);
      if (!character) this.fail();
      this.position += 1;
      return { node: 'number', ...character, token };
    }
    if (token.kind === 'name') {
      this.position += 1;
      return this.token.text === '(' ? this.#call(token) : { node: 'name', name: token.text, token };
    }
    if (token.text !== '(' || this.tokens[this.position + 1]?.text === '{') this.fail();
    this.position += 1;
    const node = this.comma();
    this.take(')');
    return node;
  }

  #number(token: Token): ExpressionNode {
    const integer = readInteger(token.text);
    if (!integer) this.fail();
    this.position += 1;
    const type = this.host.isPreprocessing ? (integer.type.isSigned ? LLONG : ULLONG) : integer.type;
    return { node: 'number', value: integer.value, type, token };
  }

  #string(token: Token): ExpressionNode {
    let text = '';
    while (this.token.kind === 'string') {
      text += readString(this.token.text);
      this.position += 1;
    }
    return { node: 'string', text, token };
  }

  #call(name: Token): ExpressionNode {
    this.take('(');
    if (name.text === '__builtin_offsetof') return this.#offsetof(name);
    if (name.text === '__builtin_types_compatible_p') {
      const left = parseTypeName(this);
      this.take(',');
      const right = parseTypeName(this);
      this.take(')');
      return { node: 'compatible', left, right, token: name };
    }
    if (name.text === '_Generic') return this.#generic(name);
    const operands: ExpressionNode[] = [];
    while (this.token.text !== ')') {
      if (operands.length > 0) this.take(',');
      operands.push(this.#startsTypeName(this.position) ? this.#typeOperand() : this.conditional());
    }
    this.take(')');
    return { node: 'call', name: name.text, operands, token: name };
  }

  /** A type where a function call has an operand: some helper that is not expanded, and so has no value. */
  #typeOperand(): ExpressionNode {
    const token = this.token;
    parseTypeName(this);
    return { node: 'number', value: 0n, type: INT, token };
  }

  #offsetof(token: Token): ExpressionNode {
    const type = parseTypeName(this);
    this.take(',');
    const path: (string | ExpressionNode)[] = [];
    while (this.token.text !== ')') {
      if (this.token.text === '[') {
        this.take('[');
        path.push(this.comma());
        this.take(']');
        continue;
      }
      if (path.length > 0) this.take('.');
      if (this.token.kind !== 'name') this.fail();
      path.push(this.token.text);
      this.position += 1;
    }
    this.take(')');
    return { node: 'offsetof', type, path, token };
  }

  #generic(token: Token): ExpressionNode {
    const control = this.conditional();
    const cases: { type: TypeNameNode | undefined; value: ExpressionNode }[] = [];
    while (this.token.text === ',') {
      this.take(',');
      const isDefault = this.is('default');
      if (isDefault) this.take('default');
      const type = isDefault ? undefined : parseTypeName(this);
      this.take(':');
      cases.push({ type, value: this.conditional() });
    }
    this.take(')');
    return { node: 'generic', control, cases, token };
  }
}
