import { CodeWords, skipGroup, type Token } from '../cdecl/index.ts';
import { attempt } from '../errors.ts';
import type { DeclarationReader } from './reader.ts';
import { HAND_OVER, REGISTERING_FUNCTIONS } from './sought.ts';
import { TREE_FUNCTIONS } from './tree-words.ts';

// What code hands over that nobody has described, as far as the words of it show: the structs behind the pointers that it keeps
// or takes, and the names of numbers that come together with them. No types are worked out and no calls are followed beyond
// these files; a name that is too much is told apart by where it is declared.

/** Functions that yield memory which is handed over, in code that hands over; and those that such memory is given to. */
const YIELDS =
  /^(?:kho_alloc_preserve|kho_block_\w+|kho_restore_\w+|KHOSER_LOAD_PTR|folio_address|page_address|page_to_virt|phys_to_virt|pfn_to_kaddr|__va|fdt_getprop\w*)$/;
const TAKES = /^(?:KHOSER_STORE_PTR|virt_to_phys|virt_to_folio|virt_to_page|__pa|fdt_property|fdt_setprop)$/;
/** A member of what the caller of a handler gives it. */
const GIVEN = 'serialized_data';

/** A function, or what else stands between functions. */
interface Piece {
  tokens: readonly Token[];
  /** Index of the brace that opens a function's body. */
  body: number | undefined;
  name: string | undefined;
}

/** The code of some files. */
export class HandedCode {
  readonly #pieces: readonly Piece[];
  /** What is declared outside of functions, members of structs among it. */
  readonly #outside = new Map<string, Set<string>>();

  constructor(files: readonly string[], reader: DeclarationReader) {
    this.#pieces = files.flatMap((path) => knownPieces(path, reader));
    for (const { tokens, body } of this.#pieces) if (body === undefined) addTypes(tokens, this.#outside);
  }

  /** The types, by tag or name, of what is kept for the other kernel or taken from it. */
  structs(): Set<string> {
    const found = new Set<string>();
    for (const { tokens, body } of this.#pieces) {
      if (body === undefined || !tokens.some(({ text }) => handsOver(text))) continue;
      const types = addTypes(tokens, new Map(this.#outside));
      const add = (name: string | undefined): void => {
        for (const type of types.get(name ?? '') ?? []) found.add(type);
      };
      for (const [at, { text }] of tokens.entries()) {
        if (tokens[at + 1]?.text === '=') {
          const value = tokens.slice(at + 2, endOf(tokens, at));
          if (value.some((token) => YIELDS.test(token.text))) add(text);
        }
        if (tokens[at + 1]?.text !== '(' || !isGivenMemory(text)) continue;
        const args = tokens.slice(at + 2, skipGroup(tokens, at + 1) - 1);
        for (const arg of splitAt(args, ',')) {
          const isPlain = arg.every(
            ({ kind, text: word }) => kind === 'name' || /^(?:[&*().]|->)$/.test(word),
          );
          if (isPlain) add(arg.findLast(({ kind }) => kind === 'name')?.text);
          const tag = arg.findIndex(({ text: word }) => word === 'struct' || word === 'union');
          if (arg.some(({ text: word }) => word === 'sizeof') && tag >= 0)
            found.add(arg[tag + 1]?.text ?? '');
        }
      }
    }
    return found;
  }

  /** The names that stand in a statement with data of some types, or with what goes into them. */
  namesWith(structs: ReadonlySet<string>): Set<string> {
    const found = new Set<string>();
    const functions = this.#pieces.flatMap(({ tokens, body, name }) =>
      body === undefined || name === undefined
        ? []
        : [new Statements(tokens, { name, body }, this.#dataIn(tokens, structs))],
    );
    const speaking = new Set<string>();
    const yielding = new Set<string>();
    for (let known = -1; known !== found.size + speaking.size + yielding.size; ) {
      known = found.size + speaking.size + yielding.size;
      for (const one of functions) one.read({ found, speaking, yielding });
    }
    for (const { tokens, body } of this.#pieces) {
      const at = body === undefined ? tokens.findIndex(({ text }) => text === '=') : -1;
      const named = tokens.slice(0, Math.max(at, 0)).some(({ text }) => found.has(text));
      if (named) for (const { kind, text } of tokens.slice(at)) if (kind === 'name') found.add(text);
    }
    return found;
  }

  #dataIn(tokens: readonly Token[], structs: ReadonlySet<string>): Set<string> {
    const types = addTypes(tokens, new Map(this.#outside));
    return new Set(
      [...types].flatMap(([name, of]) => ([...of].some((type) => structs.has(type)) ? name : [])),
    );
  }
}

interface Shared {
  found: Set<string>;
  /** Functions with a parameter that goes into data. */
  speaking: Set<string>;
  /** Functions whose result goes into data. */
  yielding: Set<string>;
}

/** The statements of one function. */
class Statements {
  readonly #name: string;
  readonly #parameters: ReadonlySet<string>;
  readonly #statements: readonly (readonly Token[])[];
  readonly #assigned: ReadonlySet<string>;
  /** Variables that hold data, or what goes into data. */
  readonly #about: Set<string>;
  readonly #data: ReadonlySet<string>;

  constructor(
    tokens: readonly Token[],
    { name, body }: { name: string; body: number },
    data: ReadonlySet<string>,
  ) {
    this.#name = name;
    this.#data = data;
    this.#about = new Set(data);
    this.#parameters = new Set(namesIn(tokens.slice(0, body)));
    this.#statements = statementsOf(tokens.slice(body));
    this.#assigned = new Set(
      tokens.flatMap(({ text }, at) =>
        ASSIGNS.test(tokens[at + 1]?.text ?? '') && isBare(tokens, at) ? text : [],
      ),
    );
  }

  read({ found, speaking, yielding }: Shared): void {
    for (const tokens of this.#statements) {
      const isResult = tokens[0]?.text === 'return' && yielding.has(this.#name);
      const isAbout = tokens.some(
        ({ text }, at) =>
          this.#data.has(text) ||
          (this.#about.has(text) && isBare(tokens, at)) ||
          (speaking.has(text) && tokens[at + 1]?.text === '('),
      );
      if (!isAbout && !isResult) continue;
      const set = tokens.findIndex(({ text }) => ASSIGNS.test(text));
      const isStored = this.#about.has(tokens[0]?.text ?? '');
      for (const [at, { kind, text }] of tokens.entries()) {
        if (kind !== 'name') continue;
        if (tokens[at + 1]?.text !== '(') found.add(text);
        else if (isStored && set >= 0 && at > set) yielding.add(text);
        if (!isBare(tokens, at) || this.#data.has(text) || this.#isResult(tokens, at)) continue;
        if (this.#assigned.has(text)) this.#about.add(text);
        else if (this.#parameters.has(text)) {
          this.#about.add(text);
          speaking.add(this.#name);
        }
      }
    }
  }

  /** Whether a variable is given what a function says of data as a whole, as an error is. */
  #isResult(tokens: readonly Token[], at: number): boolean {
    const isCall = tokens[at + 1]?.text === '=' && tokens[at + 3]?.text === '(';
    return (
      isCall &&
      !tokens.some(
        ({ text }, index) => this.#data.has(text) && /^(?:\.|->)$/.test(tokens[index + 1]?.text ?? ''),
      )
    );
  }
}

const ASSIGNS = /^(?:[-+*/%&|^]|<<|>>)?=$/;

/** A variable itself, neither a member nor what one is reached through. */
function isBare(tokens: readonly Token[], at: number): boolean {
  return (
    !/^(?:\.|->)$/.test(tokens[at - 1]?.text ?? '') && !/^(?:\.|->|\()$/.test(tokens[at + 1]?.text ?? '')
  );
}

function handsOver(name: string): boolean {
  return (
    name === GIVEN || TREE_FUNCTIONS.test(name) || (HAND_OVER.test(name) && !REGISTERING_FUNCTIONS.test(name))
  );
}

function isGivenMemory(name: string): boolean {
  return TAKES.test(name) || (HAND_OVER.test(name) && !REGISTERING_FUNCTIONS.test(name));
}

function namesIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ kind, text }) => (kind === 'name' ? text : []));
}

function endOf(tokens: readonly Token[], at: number): number {
  const end = tokens.findIndex(({ text }, index) => index > at && text === ';');
  return end < 0 ? tokens.length : end;
}

function splitAt(tokens: readonly Token[], separator: string): Token[][] {
  const parts: Token[][] = [[]];
  for (let at = 0; at < tokens.length; ) {
    const isGroup = /^[([{]$/.test(tokens[at]?.text ?? '');
    const end = isGroup ? skipGroup(tokens, at) : at + 1;
    if (tokens[at]?.text === separator) parts.push([]);
    else parts.at(-1)?.push(...tokens.slice(at, end));
    at = end;
  }
  return parts;
}

const pieces = new WeakMap<DeclarationReader, Map<string, Piece[]>>();

/** The pieces of a file, which are the same however often they are asked for. */
function knownPieces(path: string, reader: DeclarationReader): Piece[] {
  const text = reader.text(path);
  if (text === undefined) return [];
  const byPath = pieces.get(reader) ?? new Map<string, Piece[]>();
  pieces.set(reader, byPath);
  const words = byPath.has(path) ? undefined : attempt(() => new CodeWords({ path, text }));
  const known = byPath.get(path) ?? (words ? piecesOf(words.code) : []);
  byPath.set(path, known);
  return known;
}

/** The functions of a file, and what stands between them. */
function piecesOf(code: readonly Token[]): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (let at = 0; at < code.length; ) {
    const { text } = code[at] as Token;
    const isBody = text === '{' && code[at - 1]?.text === ')';
    const end = /^[([{]$/.test(text) ? skipGroup(code, at) : at + 1;
    if (isBody || text === ';') {
      const tokens = code.slice(from, end);
      const open = tokens.findIndex(
        (token, index) => token.kind === 'name' && tokens[index + 1]?.text === '(',
      );
      found.push({
        tokens,
        body: isBody ? at - from : undefined,
        name: isBody ? tokens[open]?.text : undefined,
      });
      from = end;
    }
    at = end;
  }
  return found;
}

/** What a function does, piece by piece: a condition is one, and what a `switch` on data is held against belongs to it. */
function statementsOf(body: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  for (let at = 0; at < body.length; at += 1) {
    const token = body[at] as Token;
    if (/^[;{}]$/.test(token.text)) {
      found.push([]);
      continue;
    }
    if (/^(?:if|while|for|switch)$/.test(token.text) && body[at + 1]?.text === '(') {
      const end = skipGroup(body, at + 1);
      const cases = token.text === 'switch' ? casesOf(body, end) : [];
      found.push([...body.slice(at + 2, end - 1), ...cases], []);
      at = end - 1;
      continue;
    }
    found.at(-1)?.push(token);
  }
  return found.filter((tokens) => tokens.length > 0);
}

function casesOf(body: readonly Token[], open: number): Token[] {
  const within = body[open]?.text === '{' ? body.slice(open, skipGroup(body, open)) : [];
  return within.flatMap(({ text }, at) => (text === 'case' ? within.slice(at + 1, at + 2) : []));
}

/** Adds to each variable, parameter or member that some tokens declare its struct, or the name of its type. */
function addTypes(tokens: readonly Token[], types: Map<string, Set<string>>): Map<string, Set<string>> {
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'name' || /^(?:struct|union|return|const|sizeof)$/.test(text)) continue;
    let next = at + 1;
    while (tokens[next]?.text === '*' || tokens[next]?.text === 'const') next += 1;
    const before = tokens[at - 1]?.text;
    const isType = before === 'struct' || before === 'union' || before === undefined || STARTS.test(before);
    const name = tokens[next];
    if (!isType || name?.kind !== 'name' || !ENDS.test(tokens[next + 1]?.text ?? '')) continue;
    types.set(name.text, new Set([...(types.get(name.text) ?? []), text]));
  }
  return types;
}

/** What stands before a declaration, and behind the name that it declares. */
const STARTS = /^(?:[;{}(,]|const|static)$/;
const ENDS = /^(?:[;,)=[]|__free)$/;
