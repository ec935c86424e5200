import { skipGroup, type Token } from '../lex/token.ts';
import { ExpressionParser } from './expression-parser.ts';
import { withStep } from './loop-step.ts';
import type { CodeType, Expression, FunctionCode, Local, Statement } from './syntax.ts';
import { TokenMissing, TokenReader } from './token-reader.ts';
import { isTypeStart, readType } from './type-names.ts';

/** Thrown where a body is beyond what the parser knows; the caller compares its tokens then. */
export class CodeSyntaxError extends TokenMissing {}

/** Parses a function: its signature up to the body, then the body. Throws CodeSyntaxError. */
export function parseFunction(
  tokens: readonly Token[],
  { name, body }: { name: number; body: number },
): FunctionCode {
  return new CodeParser(tokens).function(name, body);
}

/** Parses what stands behind `=` in the definition of a variable. Throws CodeSyntaxError. */
export function parseInitializer(tokens: readonly Token[]): Expression {
  return new CodeParser(tokens).initializer();
}

/** Parses the body of a macro as an expression or statement, its parameters as locals. Throws CodeSyntaxError. */
export function parseMacro(
  name: string,
  { parameters, isVariadic }: { parameters: readonly string[]; isVariadic: boolean },
  tokens: readonly Token[],
): FunctionCode {
  const plain = tokens.filter(({ text }) => text !== '#' && text !== '##');
  const code = new CodeParser(plain).macro(name, parameters);
  return isVariadic ? { ...code, isVariadic } : code;
}

class CodeParser {
  readonly #in: TokenReader;
  readonly #expressions: ExpressionParser;
  readonly #locals = new Map<string, Local>();
  #scopes: Map<string, string>[] = [new Map()];
  #count = 0;

  constructor(tokens: readonly Token[]) {
    this.#in = new TokenReader(tokens);
    this.#expressions = new ExpressionParser(this.#in, {
      resolve: (name) => this.#resolve(name),
      block: () => this.#braces(),
    });
  }

  function(name: number, body: number): FunctionCode {
    const { tokens } = this.#in;
    const returnType = readType(new TokenReader(tokens.slice(0, name))) ?? { name: 'void', stars: 0 };
    const parameters = this.#parameters(name + 2, skipGroup(tokens, name + 1) - 1);
    this.#in.at = body;
    const statements = this.#braces();
    return {
      name: tokens[name]?.text ?? '',
      parameters,
      locals: this.#locals,
      body: statements,
      returnType,
    };
  }

  initializer(): Expression {
    const value = this.#expressions.initializer();
    this.#in.expectEnd();
    return value;
  }

  macro(name: string, parameters: readonly string[]): FunctionCode {
    const locals = parameters.map((parameter) => this.#declare(parameter, { name: '?', stars: 0 }, false));
    const body: Statement[] = [];
    if (this.#in.is('do') || this.#in.is('{')) body.push(...this.#statement());
    else body.push({ kind: 'return', value: this.#expressions.whole(), line: 0 });
    this.#in.expectEnd();
    return { name, parameters: locals, locals: this.#locals, body, returnType: { name: '?', stars: 0 } };
  }

  #declare(name: string, type: CodeType, isStatic: boolean, exact?: CodeType): Local {
    this.#count += 1;
    const local = { name: `${name}#${this.#count}`, type, isStatic, ...(exact && { exact }) };
    this.#scopes.at(-1)?.set(name, local.name);
    this.#locals.set(local.name, local);
    return local;
  }

  #resolve(name: string): Local | undefined {
    for (let depth = this.#scopes.length - 1; depth >= 0; depth -= 1) {
      const local = this.#scopes[depth]?.get(name);
      if (local !== undefined) return this.#locals.get(local);
    }
    return undefined;
  }

  #parameters(from: number, to: number): Local[] {
    const locals: Local[] = [];
    this.#in.at = from;
    while (this.#in.at < to) {
      const end = this.#in.endOfArgument(to);
      const reader = new TokenReader(this.#in.tokens.slice(this.#in.at, end));
      const type = readType(reader);
      const name = reader.firstName();
      if (type && name !== undefined) locals.push(this.#declare(name, type, false));
      this.#in.at = end + 1;
    }
    return locals;
  }

  #braces(): Statement[] {
    this.#in.expect('{');
    this.#scopes.push(new Map());
    const statements: Statement[] = [];
    while (!this.#in.is('}')) {
      if (this.#in.isEnd) throw new CodeSyntaxError('a brace is not closed');
      statements.push(...this.#statement());
    }
    this.#in.at += 1;
    this.#scopes.pop();
    return statements;
  }

  #scoped(): Statement[] {
    this.#scopes.push(new Map());
    const statements = this.#statement();
    this.#scopes.pop();
    return statements;
  }

  #statement(): Statement[] {
    const { line } = this.#in;
    const { text } = this.#in;
    if (text === ';') {
      this.#in.at += 1;
      return [];
    }
    if (text === '{') return [{ kind: 'block', body: this.#braces(), line }];
    const known = this.#keyword(text, line);
    if (known) return known;
    if (this.#in.isName && this.#in.peek(1) === ':' && this.#in.peek(2) !== ':') {
      this.#in.at += 2;
      return [{ kind: 'label', label: text, line }];
    }
    if (isTypeStart(this.#in, (name) => this.#resolve(name) !== undefined)) return this.#declaration(line);
    return this.#expressionStatement(line);
  }

  #keyword(text: string, line: number): Statement[] | undefined {
    switch (text) {
      case 'if':
        return [this.#if(line)];
      case 'while':
        this.#in.at += 1;
        return [withStep({ kind: 'while', test: this.#test(), body: this.#scoped(), isPost: false, line })];
      case 'do':
        return [this.#doWhile(line)];
      case 'for':
        return this.#for(line);
      case 'switch':
        this.#in.at += 1;
        return [{ kind: 'switch', test: this.#test(), body: this.#scoped(), line }];
      case 'case':
      case 'default':
        return [this.#case(text, line)];
      case 'goto': {
        const label = this.#in.peek(1) ?? '';
        this.#in.at += 2;
        this.#in.expect(';');
        return [{ kind: 'goto', label, line }];
      }
      case 'break':
      case 'continue':
        this.#in.at += 1;
        this.#in.expect(';');
        return [{ kind: text, line }];
      case 'return':
        return [this.#return(line)];
      default:
        return undefined;
    }
  }

  #test(): Expression {
    this.#in.expect('(');
    const test = this.#expressions.whole();
    this.#in.expect(')');
    return test;
  }

  #if(line: number): Statement {
    this.#in.at += 1;
    const test = this.#test();
    const body = this.#scoped();
    let other: Statement[] = [];
    if (this.#in.is('else')) {
      this.#in.at += 1;
      other = this.#scoped();
    }
    return { kind: 'if', test, body, other, line };
  }

  #doWhile(line: number): Statement {
    this.#in.at += 1;
    const body = this.#scoped();
    this.#in.expect('while');
    const test = this.#test();
    if (this.#in.is(';')) this.#in.at += 1;
    return { kind: 'while', test, body, isPost: true, line };
  }

  /** A `for` is what it sets first, and a loop with a step. */
  #for(line: number): Statement[] {
    this.#in.at += 1;
    this.#in.expect('(');
    this.#scopes.push(new Map());
    const first = this.#in.is(';') ? this.#statement() : this.#forStart(line);
    const test: Expression = this.#in.is(';')
      ? { op: 'number', text: '1', args: [] }
      : this.#expressions.whole();
    this.#in.expect(';');
    const step = this.#in.is(')') ? undefined : this.#expressions.whole();
    this.#in.expect(')');
    const body = this.#scoped();
    this.#scopes.pop();
    const loop: Statement = { kind: 'while', test, body, isPost: false, line, ...(step && { step }) };
    return [{ kind: 'block', body: [...first, loop], line }];
  }

  #forStart(line: number): Statement[] {
    if (isTypeStart(this.#in, (name) => this.#resolve(name) !== undefined)) return this.#declaration(line);
    return this.#expressionStatement(line);
  }

  #case(text: string, line: number): Statement {
    this.#in.at += 1;
    if (text === 'default') {
      this.#in.expect(':');
      return { kind: 'case', line };
    }
    const value = this.#expressions.conditional();
    this.#in.expect(':');
    return { kind: 'case', value, line };
  }

  #return(line: number): Statement {
    this.#in.at += 1;
    if (this.#in.is(';')) {
      this.#in.at += 1;
      return { kind: 'return', line };
    }
    const value = this.#expressions.whole();
    this.#in.expect(';');
    return { kind: 'return', value, line };
  }

  #expressionStatement(line: number): Statement[] {
    const value = this.#expressions.whole();
    if (this.#in.is(';')) {
      this.#in.at += 1;
      return [{ kind: 'expression', value, line }];
    }
    // A call that a statement follows at once is a macro that loops, or one that guards the statement.
    if (value.op !== 'call' || this.#in.isEnd) throw new CodeSyntaxError(`unexpected ${this.#in.text}`);
    return [{ kind: 'each', test: value, body: this.#scoped(), line }];
  }

  #declaration(line: number): Statement[] {
    const statements: Statement[] = [];
    const isStatic = this.#in.is('static');
    const base = readType(this.#in);
    if (!base) throw new CodeSyntaxError('a declaration without a type');
    if (base.stars === 0 && this.#in.is('(')) {
      // `static DEFINE_SPINLOCK(lock);`
      this.#in.at = skipGroup(this.#in.tokens, this.#in.at);
      this.#in.expect(';');
      return [];
    }
    for (let isFirst = true; ; isFirst = false) {
      const { type, name } = this.#declarator(base);
      const exact = isFirst || base.stars === 0 ? undefined : { ...type, stars: type.stars - base.stars };
      const local = this.#declare(name, type, isStatic, exact);
      if (this.#in.is('=')) {
        this.#in.at += 1;
        statements.push({ kind: 'declare', local: local.name, value: this.#value(), line });
      } else statements.push({ kind: 'declare', local: local.name, line });
      if (!this.#in.is(',')) break;
      this.#in.at += 1;
    }
    this.#in.expect(';');
    return statements;
  }

  /** What a local is set to; `{}` sets all to zero as `{0}` does. */
  #value(): Expression {
    const value = this.#expressions.initializer();
    const isEmpty = value.op === 'list' && value.args.length === 0;
    return isEmpty ? { ...value, args: [{ op: 'number', text: '0', args: [] }] } : value;
  }

  #declarator(base: CodeType): { type: CodeType; name: string } {
    let { stars } = base;
    let isArray = false;
    if (this.#in.is('(')) throw new CodeSyntaxError('a pointer to a function');
    while (this.#in.is('*') || this.#in.is('const')) {
      if (this.#in.is('*')) stars += 1;
      this.#in.at += 1;
    }
    if (!this.#in.isName) throw new CodeSyntaxError('a declaration without a name');
    const name = this.#in.text;
    this.#in.at += 1;
    for (;;) {
      if (this.#in.is('[')) isArray = true;
      else if (!(this.#in.isName && /^__/.test(this.#in.text)) && !this.#in.is('(')) break;
      this.#in.at =
        this.#in.is('[') || this.#in.is('(') ? skipGroup(this.#in.tokens, this.#in.at) : this.#in.at + 1;
    }
    return { type: { name: base.name, stars, ...(isArray && { isArray: true as const }) }, name };
  }
}
