import { skipGroup, type Token } from '../lex/token.ts';
import type { FunctionText } from './function-tokens.ts';

const TYPE_WORDS = new Set([
  'const',
  'volatile',
  'static',
  'register',
  'unsigned',
  'signed',
  'long',
  'short',
  'int',
  'char',
  'bool',
  'void',
  'float',
  'double',
  '__auto_type',
]);
const STATEMENT_WORDS = new Set([
  'return',
  'goto',
  'case',
  'default',
  'else',
  'do',
  'if',
  'while',
  'switch',
  'break',
  'continue',
  'sizeof',
  'for',
  'typeof',
]);

/**
 * Finds a function's parameters and local variables by the shape of their declarations, without types or macros:
 * two names in a row at the start of a statement are a type and a variable. A local that a macro declares is not found
 * and keeps its name.
 */
export class LocalNames {
  readonly #tokens: readonly Token[];
  readonly #text: FunctionText;
  readonly #scopes: Map<string, string>[] = [new Map()];
  readonly #replacements = new Map<number, string>();
  #count = 0;

  constructor(text: FunctionText) {
    this.#text = text;
    this.#tokens = text.tokens;
  }

  /** Token index to the text that stands for it. */
  replacements(): ReadonlyMap<number, string> {
    const open = this.#text.name + 1;
    const close = skipGroup(this.#tokens, open);
    this.#declareParameters(open + 1, close - 1);
    for (let index = open; index < close; index += 1) this.#use(index);
    this.#walkBody();
    return this.#replacements;
  }

  #declare(index: number): void {
    this.#count += 1;
    this.#scopes.at(-1)!.set(this.#tokens[index]!.text, `local ${this.#count}`);
  }

  #use(index: number): void {
    const token = this.#tokens[index]!;
    if (token.kind !== 'name') return;
    const before = this.#tokens[index - 1]?.text;
    const isOther =
      before === '.' ||
      before === '->' ||
      before === 'struct' ||
      before === 'union' ||
      before === 'enum' ||
      before === 'goto';
    if (isOther) return;
    for (let depth = this.#scopes.length - 1; depth >= 0; depth -= 1) {
      const name = this.#scopes[depth]!.get(token.text);
      if (name !== undefined) {
        this.#replacements.set(index, name);
        return;
      }
    }
  }

  #declareParameters(from: number, to: number): void {
    let start = from;
    for (let index = from; index <= to; ) {
      if (index === to || this.#tokens[index]!.text === ',') {
        this.#declareParameter(start, index);
        start = index + 1;
        index += 1;
      } else index = this.#tokens[index]!.text === '(' ? skipGroup(this.#tokens, index) : index + 1;
    }
  }

  /** The name of one parameter: inside `(*name)`, or the last name before an array's length. */
  #declareParameter(from: number, to: number): void {
    const pointer = this.#tokens.findIndex(
      (token, at) => at >= from && at < to && token.text === '(' && this.#tokens[at + 1]?.text === '*',
    );
    if (pointer >= 0) {
      if (this.#tokens[pointer + 2]?.kind === 'name') this.#declare(pointer + 2);
      return;
    }
    let names = 0;
    let last = -1;
    for (let index = from; index < to && this.#tokens[index]!.text !== '['; index += 1) {
      if (this.#tokens[index]!.kind !== 'name') continue;
      names += 1;
      last = index;
    }
    if (names > 1 && !TYPE_WORDS.has(this.#tokens[last]!.text)) this.#declare(last);
  }

  #walkBody(): void {
    let isStart = true;
    for (let index = this.#text.body; index < this.#tokens.length; index += 1) {
      const { text } = this.#tokens[index]!;
      if (isStart) this.#declareStatement(index);
      this.#use(index);
      const isFor = text === '(' && this.#tokens[index - 1]?.text === 'for';
      isStart = text === '{' || text === '}' || text === ';' || isFor;
      if (text === '{') this.#scopes.push(new Map());
      else if (text === '}' && this.#scopes.length > 1) this.#scopes.pop();
    }
  }

  /** Declares what the statement declares, if it is a declaration. */
  #declareStatement(start: number): void {
    let index = this.#skipType(start);
    if (index === undefined) return;
    while (index < this.#tokens.length) {
      while (this.#tokens[index]?.text === '*' || this.#tokens[index]?.text === 'const') index += 1;
      let name: number = index;
      if (this.#tokens[index]?.text === '(' && this.#tokens[index + 1]?.text === '*') name = index + 2;
      const token = this.#tokens[name];
      if (token?.kind !== 'name' || !this.#endsDeclarator(name + 1)) return;
      this.#declare(name);
      index = this.#nextDeclarator(name + 1);
      if (this.#tokens[index]?.text !== ',') return;
      index += 1;
    }
  }

  /** The index after the type at the start of a statement; undefined where it is no declaration. */
  #skipType(start: number): number | undefined {
    let index = start;
    let hasType = false;
    for (;;) {
      const token = this.#tokens[index];
      if (token?.kind !== 'name' || STATEMENT_WORDS.has(token.text) !== (token.text === 'typeof')) break;
      const next = this.#tokens[index + 1];
      if (TYPE_WORDS.has(token.text)) {
        hasType = hasType || !/^(?:const|volatile|static|register)$/.test(token.text);
        index += 1;
      } else if (/^(?:struct|union|enum)$/.test(token.text) && next?.kind === 'name') {
        hasType = true;
        index += 2;
      } else if (/^(?:__typeof__|typeof|__typeof)$/.test(token.text) && next?.text === '(') {
        hasType = true;
        index = skipGroup(this.#tokens, index + 1);
      } else if (!hasType && (next?.kind === 'name' || next?.text === '*')) {
        hasType = true;
        index += 1;
      } else break;
    }
    return hasType ? index : undefined;
  }

  #endsDeclarator(index: number): boolean {
    const token = this.#tokens[index];
    return token !== undefined && (/^(?:[=;,[):])$/.test(token.text) || token.text.startsWith('__'));
  }

  #nextDeclarator(from: number): number {
    let index = from;
    while (index < this.#tokens.length && !/^[,;]$/.test(this.#tokens[index]!.text)) {
      index = /^[([{]$/.test(this.#tokens[index]!.text) ? skipGroup(this.#tokens, index) : index + 1;
    }
    return index;
  }
}
