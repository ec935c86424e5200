import { skipGroup, type Token } from '../lex/token.ts';
import type { FileDeclarations } from '../parse/file-declarations.ts';
import type { FileView } from '../preprocess/file-view.ts';
import type { Macro } from '../preprocess/macro.ts';
import type { CodeType } from './syntax.ts';
import { TokenReader } from './token-reader.ts';
import { readType } from './type-names.ts';

/** A function as it stands in a file. */
export interface WrittenFunction {
  readonly name: string;
  readonly tokens: readonly Token[];
  /** Index of the function's name, and of the brace that opens its body. */
  readonly nameAt: number;
  readonly body: number;
  readonly line: number;
}

/** A variable at file level that is given a value there. */
export interface WrittenVariable {
  readonly name: string;
  readonly type: CodeType | undefined;
  /** What stands behind `=`. */
  readonly value: readonly Token[];
  readonly line: number;
  /** Characters that nothing can write to: it is one text for good. */
  readonly isText?: boolean;
}

/** A member of a struct as its declaration spells it, in their order. */
export interface WrittenMember {
  readonly name: string;
  readonly type: CodeType;
}

/** An enumerator as it stands in a file. */
export interface WrittenEnumerator {
  readonly value: readonly Token[];
  /** Of an enum with a tag, which names a type; without one it is a constant and nothing else. */
  readonly isTagged: boolean;
}

/** What a file holds beside declarations: functions, variables with values, macros, and how its structs are spelled. */
export class FileCode {
  readonly functions = new Map<string, WrittenFunction>();
  readonly variables = new Map<string, WrittenVariable>();
  readonly variableTypes = new Map<string, CodeType>();
  readonly structs = new Map<string, readonly WrittenMember[]>();
  /** The values of enumerators that are spelled in capitals, as they are written; one without a value is one more than the last. */
  readonly enumerators = new Map<string, WrittenEnumerator>();
  /** Calls at file level: `late_initcall(memfd_luo_init);`. */
  readonly calls: { name: string; argument: string; line: number; tokens: readonly Token[] }[] = [];
  /** Declarations that a macro makes: `static DEFINE_HANDLER(memfd_handler, "memfd-v2");`. */
  readonly made: (readonly Token[])[] = [];
  readonly #view: FileView;
  #names: ReadonlySet<string> | undefined;

  constructor(declarations: FileDeclarations, view: FileView) {
    this.#view = view;
    for (const { tokens, body } of declarations.raw) {
      if (body !== undefined) this.#addFunction(tokens, body);
      else this.#addDeclaration(tokens);
    }
  }

  /** A macro as it stands at the end of the file. */
  macro(name: string): Macro | undefined {
    return this.#view.macroAt(name, Infinity) ?? undefined;
  }

  /** Every name that the file may say something of: functions, variables, macros in any branch, tags of structs. */
  get names(): ReadonlySet<string> {
    this.#names ??= new Set([
      ...this.functions.keys(),
      ...this.variables.keys(),
      ...this.variableTypes.keys(),
      ...this.structs.keys(),
      ...this.enumerators.keys(),
      ...this.#view.skeleton.events.keys(),
    ]);
    return this.#names;
  }

  /** The calls at file level that a name is given to, and the elements of initializers that it stands in. */
  saidOf(name: string): string[] {
    const calls = this.calls.flatMap(({ argument, tokens }) => (argument === name ? [tokens] : []));
    const elements = [...this.variables.values()].flatMap(({ value }) => elementsIn(value));
    return [...calls, ...elements]
      .filter((tokens) => tokens.some(({ text }) => text === name))
      .map((tokens) => tokens.map(({ text }) => text).join(' '));
  }

  #addFunction(tokens: readonly Token[], body: number): void {
    let depth = 0;
    let nameAt = -1;
    for (let index = 0; index < body; index += 1) {
      const { text, kind } = tokens[index]!;
      if (
        depth === 0 &&
        kind === 'name' &&
        tokens[index + 1]?.text === '(' &&
        !/^__attribute__$/.test(text)
      ) {
        nameAt = index;
        break;
      }
      if (text === '(') depth += 1;
      else if (text === ')') depth -= 1;
    }
    if (nameAt < 0) return;
    const { text: name, line } = tokens[nameAt]!;
    this.functions.set(name, { name, tokens, nameAt, body, line });
  }

  #addDeclaration(tokens: readonly Token[]): void {
    const [first, second] = tokens;
    const isCall = first?.kind === 'name' && second?.text === '(';
    if (isMadeByMacro(tokens)) this.made.push(tokens);
    if (isCall && skipGroup(tokens, 1) >= tokens.length - 1) {
      for (const { kind, text } of tokens.slice(2))
        if (kind === 'name') this.calls.push({ name: first.text, argument: text, line: first.line, tokens });
      return;
    }
    const at = topLevel(tokens, '=');
    const head = at < 0 ? tokens.slice(0, -1) : tokens.slice(0, at);
    const brace = head.findIndex(({ text }) => text === '{');
    const value = at < 0 ? undefined : tokens.slice(at + 1, -1);
    if (brace < 0) {
      this.#addVariable(head, value);
      return;
    }
    const keyword = head.findIndex(({ text }) => /^(?:struct|union|enum)$/.test(text));
    const end = skipGroup(head, brace);
    const isTagged = head[keyword + 1]?.kind === 'name';
    if (head[keyword]?.text === 'enum') this.#addEnumerators(head.slice(brace + 1, end - 1), isTagged);
    else if (keyword === 0) this.#addStruct(head, brace);
    // What is declared beside a body has the type of that.
    const declared = head.slice(end);
    const type = head.slice(Math.max(0, keyword), keyword + (isTagged ? 2 : 1));
    if (value && keyword >= 0)
      this.#addVariable([...type, ...(isTagged ? [] : [NAMELESS]), ...declared], value);
  }

  #addEnumerators(tokens: readonly Token[], isTagged: boolean): void {
    let last: readonly Token[] | undefined;
    for (let index = 0; index < tokens.length; ) {
      const name = tokens[index]!;
      const end = nextComma(tokens, index);
      const given = tokens.slice(index + 1, end);
      const own = given[0]?.text === '=' ? given.slice(1) : last ? oneMore(last) : [number('0', name)];
      if (name.kind === 'name' && /^[A-Z][A-Z0-9_]*$/.test(name.text))
        this.enumerators.set(name.text, { value: own, isTagged });
      last = own;
      index = end + 1;
    }
  }

  #addVariable(head: readonly Token[], value: readonly Token[] | undefined): void {
    if (head.some(({ text }) => text === 'typedef')) return;
    const reader = new TokenReader(head);
    const type = readType(reader);
    const name = reader.tokens[reader.at];
    if (name?.kind !== 'name' || head[reader.at + 1]?.text === '(') return;
    const isArray = head[reader.at + 1]?.text === '[';
    const whole = type && { ...type, ...(isArray && { isArray: true as const }) };
    if (whole) this.variableTypes.set(name.text, whole);
    const words = head.slice(0, reader.at).map(({ text }) => text);
    const isFixed = words.includes('char') && words.lastIndexOf('const') > words.lastIndexOf('*');
    const isText = isFixed && (type?.stars ?? 0) + (isArray ? 1 : 0) === 1;
    if (value)
      this.variables.set(name.text, { name: name.text, type: whole, value, line: name.line, isText });
  }

  #addStruct(head: readonly Token[], brace: number): void {
    const tag = head.slice(0, brace).findLast(({ kind, text }) => kind === 'name' && !text.startsWith('__'));
    if (!tag || !/^(?:struct|union)$/.test(head[0]?.text ?? '')) return;
    const end = skipGroup(head, brace) - 1;
    const members: WrittenMember[] = [];
    let from = brace + 1;
    for (let index = from; index < end; ) {
      if (head[index]?.text === ';') {
        members.push(...membersOf(head.slice(from, index)));
        from = index + 1;
      }
      index = /^[([{]$/.test(head[index]?.text ?? '') ? skipGroup(head, index) : index + 1;
    }
    this.structs.set(tag.text, members);
  }
}

/** Stands where a struct without a tag is the type of a variable. */
const NAMELESS: Token = { kind: 'name', text: '(unnamed)', line: 0, space: true };

/** Whether a declaration is nothing but the call of a macro, behind its storage class. */
function isMadeByMacro(tokens: readonly Token[]): boolean {
  const at = tokens.findIndex(({ text }) => !/^(?:static|const|extern)$/.test(text));
  const isCall = tokens[at]?.kind === 'name' && tokens[at + 1]?.text === '(';
  return isCall && skipGroup(tokens, at + 1) >= tokens.length - 1;
}

function nextComma(tokens: readonly Token[], from: number): number {
  let index = from;
  while (index < tokens.length && tokens[index]?.text !== ',')
    index = /^[([{]$/.test(tokens[index]?.text ?? '') ? skipGroup(tokens, index) : index + 1;
  return index;
}

function number(text: string, { line }: Token): Token {
  return { kind: 'number', text, line, space: true };
}

function oneMore(value: readonly Token[]): readonly Token[] {
  const [first] = value as [Token];
  const counted = value.length === 1 && /^\d+$/.test(first.text) ? Number(first.text) : undefined;
  if (counted !== undefined) return [number(String(counted + 1), first)];
  const punct = (text: string): Token => ({ ...number(text, first), kind: 'punct' });
  return [punct('('), ...value, punct(')'), punct('+'), number('1', first)];
}

function topLevel(tokens: readonly Token[], text: string): number {
  for (let index = 0; index < tokens.length; ) {
    if (tokens[index]?.text === text) return index;
    index = /^[([{]$/.test(tokens[index]?.text ?? '') ? skipGroup(tokens, index) : index + 1;
  }
  return -1;
}

/** The members of one declaration; those of an unnamed struct or union one by one, those that a macro declares by name. */
function membersOf(tokens: readonly Token[]): WrittenMember[] {
  const [first, second] = tokens;
  if (first?.kind === 'name' && second?.text === '(' && tokens[2]?.kind === 'name')
    return [{ name: tokens[2].text, type: { name: `${first.text}()`, stars: 0 } }];
  const brace = tokens.findIndex(({ text }) => text === '{');
  if (brace >= 0) {
    const last = tokens.at(-1);
    return last?.kind === 'name' ? [{ name: last.text, type: { name: 'struct', stars: 0 } }] : [];
  }
  const reader = new TokenReader(tokens);
  const base = readType(reader);
  if (!base) return [];
  const members: WrittenMember[] = [];
  while (!reader.isEnd) {
    const end = reader.endOfArgument(tokens.length);
    const own = tokens.slice(reader.at, end);
    const stars = own.filter(({ text }) => text === '*').length;
    const name = own.find(({ kind, text }) => kind === 'name' && !/^(?:const|volatile)$/.test(text));
    const isArray = own.some(({ text }) => text === '[');
    if (name)
      members.push({
        name: name.text,
        type: {
          name: base.name,
          stars: (members.length === 0 ? base.stars : 0) + stars,
          ...(isArray && { isArray: true as const }),
        },
      });
    reader.at = end + 1;
  }
  return members;
}

/** What stands between the commas and braces of an initializer. */
function elementsIn(tokens: readonly Token[]): Token[][] {
  const elements: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0 && /^[,{}]$/.test(token.text)) elements.push([]);
    else elements.at(-1)?.push(token);
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
  }
  return elements;
}
