import type { AttributeNode, Range } from '../expression/ast.ts';
import { MAX_DEPTH } from '../lex/place.ts';
import { skipGroup, type Token } from '../lex/token.ts';

/**
 * A declaration as text for the grammar. What the grammar cannot know is taken out beforehand: expressions, attributes
 * and parameter lists become numbered placeholders, because C cannot be parsed without knowing which names are types,
 * and because GNU attributes may stand where the grammar does not expect them.
 *
 *   u8 a[N + 1] __attribute__((aligned(8)));   ->   u8 a [ 0 ] __attribute__((A1)) ;
 */
export interface NormalizedText {
  readonly text: string;
  /** Offset in `text` where a token starts -> index of that token. */
  readonly tokenByOffset: ReadonlyMap<number, number>;
  readonly ranges: readonly Range[];
  readonly attributes: readonly (readonly AttributeNode[])[];
  /** The token at which nesting goes beyond the limit. */
  readonly tooDeepAt: number | undefined;
}

const DROPPED = new Set([
  '__extension__',
  '__inline',
  '__inline__',
  'inline',
  'register',
  'static',
  'extern',
  '_Noreturn',
  '__restrict',
  'restrict',
  '__restrict__',
  'auto',
  '_Thread_local',
  '__thread',
  '__always_inline',
]);
const RENAMED: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    __signed__: 'signed',
    __signed: 'signed',
    __const: 'const',
    __const__: 'const',
    __volatile__: 'volatile',
    __volatile: 'volatile',
    _Bool: 'bool',
  }),
);
const TYPEOF = new Set(['typeof', '__typeof__', '__typeof', 'typeof_unqual', '__auto_type_of']);

/** The placeholder prefixes: a name of the source cannot hold a dollar sign between two names of ours by accident. */
export const TYPEOF_PREFIX = 'typeof$';
export const PARAMETERS_PREFIX = 'parameters$';
export const UNNAMED_PREFIX = 'unnamed$';

/** Throws nothing: what it cannot make sense of it leaves for the grammar to reject. */
export function normalizeDeclaration(tokens: readonly Token[]): NormalizedText {
  return new Normalizer(tokens).run();
}

interface Body {
  readonly kind: 'record' | 'enum';
  readonly attributes: AttributeNode[];
}

class Normalizer {
  readonly #tokens: readonly Token[];
  readonly #parts: string[] = [];
  #length = 0;
  readonly #tokenByOffset = new Map<number, number>();
  readonly #ranges: Range[] = [];
  readonly #attributes: AttributeNode[][] = [];
  /** The open braces: struct or union bodies hold bit-fields, enum bodies hold values. */
  readonly #bodies: Body[] = [];
  /** The keyword that was met last, with the attributes between it and its body: the grammar wants those behind the body. */
  #pending: Body = { kind: 'record', attributes: [] };
  #isAfterKeyword = false;
  /** Index in `parts` of the trailing run of attributes, to move them behind a bit-field's width. */
  #attributeRun: number | undefined;
  /** Tokens of the member declaration so far, attributes left out. */
  #member: Token[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  run(): NormalizedText {
    let tooDeepAt: number | undefined;
    for (let index = 0; index < this.#tokens.length; ) {
      if (this.#bodies.length > MAX_DEPTH) {
        tooDeepAt = index;
        break;
      }
      index = this.#step(index);
    }
    return {
      text: this.#parts.join(''),
      tokenByOffset: this.#tokenByOffset,
      ranges: this.#ranges,
      attributes: this.#attributes,
      tooDeepAt,
    };
  }

  #emit(text: string, index: number): void {
    this.#tokenByOffset.set(this.#length, index);
    this.#parts.push(`${text} `);
    this.#length += text.length + 1;
    this.#attributeRun = undefined;
    this.#isAfterKeyword = false;
  }

  #range(from: number, to: number): number {
    return this.#ranges.push({ from, to }) - 1;
  }

  #step(index: number): number {
    const token = this.#tokens[index]!;
    const { text } = token;
    if (token.kind === 'name') return this.#name(index, text);
    const inEnum = this.#bodies.at(-1)?.kind === 'enum';
    if (text === '{') return this.#openBody(index);
    if (text === '}') return this.#closeBody(index);
    if (text === '[') return this.#bracket(index);
    if (text === '(') return this.#parenthesis(index);
    if (text === '=' && inEnum) return this.#enumValue(index);
    if (text === ':' && !inEnum) return this.#underlyingType(index) ?? this.#bitWidth(index);
    if (text === ';') return this.#semicolon(index);
    this.#emit(text, index);
    this.#member.push(token);
    return index + 1;
  }

  #name(index: number, text: string): number {
    if (DROPPED.has(text)) return index + 1;
    const isGroup = this.#tokens[index + 1]?.text === '(';
    if (text === '__attribute__' && isGroup) return this.#attribute(index);
    if ((text === '_Alignas' || text === 'alignas') && isGroup) return this.#alignas(index);
    if (TYPEOF.has(text) && isGroup) {
      const end = skipGroup(this.#tokens, index + 1);
      this.#emit(`${TYPEOF_PREFIX}${this.#range(index + 2, end - 1)}`, index);
      this.#member.push(this.#tokens[index]!);
      return end;
    }
    this.#emit(RENAMED.get(text) ?? text, index);
    if (text === 'enum' || text === 'struct' || text === 'union') {
      this.#pending = { kind: text === 'enum' ? 'enum' : 'record', attributes: [] };
      this.#isAfterKeyword = true;
    }
    this.#member.push(this.#tokens[index]!);
    return index + 1;
  }

  #openBody(index: number): number {
    this.#emit('{', index);
    this.#bodies.push(this.#pending);
    this.#member = [];
    return index + 1;
  }

  #closeBody(index: number): number {
    const body = this.#bodies.pop();
    this.#emit('}', index);
    this.#member = [this.#tokens[index]!];
    if (body && body.attributes.length > 0) this.#pushAttributes(body.attributes);
    return index + 1;
  }

  /** A second semicolon declares nothing; compilers take it within a struct, the grammar does not. */
  #semicolon(index: number): number {
    if (this.#member.length > 0 || this.#bodies.length === 0) this.#emit(';', index);
    this.#member = [];
    return index + 1;
  }

  #bracket(index: number): number {
    const end = skipGroup(this.#tokens, index);
    if (this.#tokens[index + 1]?.text === '[') {
      this.#addAttributes({ from: index + 2, to: end - 2 });
      return end;
    }
    this.#emit(end === index + 2 ? '[ ]' : `[ ${this.#range(index + 1, end - 1)} ]`, index);
    return end;
  }

  #parenthesis(index: number): number {
    const before = this.#member.at(-1);
    let inner = index + 1;
    while (this.#tokens[inner]?.text === '__attribute__') inner = skipGroup(this.#tokens, inner + 1);
    const first = this.#tokens[inner]?.text;
    const end = skipGroup(this.#tokens, index);
    const isDeclarator =
      before?.text !== ')' &&
      (first === '*' || first === '(' || (end === index + 3 && this.#tokens[end]?.text === '('));
    if (isDeclarator) {
      this.#emit('(', index);
      this.#member.push(this.#tokens[index]!);
      return index + 1;
    }
    this.#emit(`( ${PARAMETERS_PREFIX}${this.#range(index + 1, end - 1)} )`, index);
    this.#member.push(this.#tokens[end - 1]!);
    return end;
  }

  #enumValue(index: number): number {
    const end = this.#endOfExpression(index + 1, new Set([',', '}']));
    this.#emit(`= ${this.#range(index + 1, end)}`, index);
    return end;
  }

  /** `enum name : TYPE {`, which the grammar knows for few types: kept as an attribute of the enum. */
  #underlyingType(index: number): number | undefined {
    const end = this.#endOfExpression(index + 1, new Set([',', ';', '{', '=']));
    if (this.#pending.kind !== 'enum' || this.#tokens[end]?.text !== '{') return undefined;
    this.#pending.attributes.push({ name: 'underlying', argument: { from: index + 1, to: end } });
    return end;
  }

  #bitWidth(index: number): number {
    const end = this.#endOfExpression(index + 1, new Set([',', ';', '__attribute__']));
    const moved = this.#attributeRun === undefined ? [] : this.#parts.splice(this.#attributeRun);
    for (const part of moved) this.#length -= part.length;
    if (this.#isUnnamed()) this.#emit(`${UNNAMED_PREFIX}${index}`, index);
    this.#emit(`: ${this.#range(index + 1, end)}`, index);
    if (moved.length > 0) this.#attributeRun = this.#parts.length;
    for (const part of moved) {
      this.#parts.push(part);
      this.#length += part.length;
    }
    return end;
  }

  /** Whether the member declaration so far holds a type and no name: `u32 : 3`, `unsigned int : 3`, `int a : 1, : 2`. */
  #isUnnamed(): boolean {
    const last = this.#member.at(-1);
    if (!last || last.text === ',') return true;
    if (last.kind !== 'name' || KEYWORDS.has(last.text)) return true;
    const lastComma = this.#member.findLastIndex((token) => token.text === ',');
    if (lastComma >= 0) return false;
    const words = this.#member.filter((token) => !QUALIFIERS.has(token.text));
    if (words.length === 1) return true;
    return words.length === 2 && /^(?:enum|struct|union)$/.test(words[0]!.text);
  }

  #endOfExpression(from: number, stops: ReadonlySet<string>): number {
    let index = from;
    while (index < this.#tokens.length && !stops.has(this.#tokens[index]!.text)) {
      index = /^[([{]$/.test(this.#tokens[index]!.text) ? skipGroup(this.#tokens, index) : index + 1;
    }
    return index;
  }

  #attribute(index: number): number {
    const end = skipGroup(this.#tokens, index + 1);
    this.#addAttributes({ from: index + 3, to: end - 2 });
    return end;
  }

  #alignas(index: number): number {
    const end = skipGroup(this.#tokens, index + 1);
    this.#pushAttributes([{ name: 'aligned', argument: { from: index + 2, to: end - 1 } }]);
    return end;
  }

  #addAttributes(range: Range): void {
    if (this.#bodies.at(-1)?.kind === 'enum') return;
    this.#pushAttributes(splitAttributes(this.#tokens, range));
  }

  #pushAttributes(attributes: AttributeNode[]): void {
    if (this.#isAfterKeyword) {
      this.#pending.attributes.push(...attributes);
      return;
    }
    if (this.#attributeRun !== undefined) {
      // The grammar takes one attribute specifier where C takes many.
      this.#attributes.at(-1)!.push(...attributes);
      return;
    }
    const text = `__attribute__((A${this.#attributes.push(attributes) - 1})) `;
    this.#attributeRun = this.#parts.length;
    this.#parts.push(text);
    this.#length += text.length;
  }
}

const QUALIFIERS = new Set(['const', 'volatile', '__const', '__volatile__', '_Atomic']);
const KEYWORDS = new Set([
  'int',
  'unsigned',
  'signed',
  'long',
  'short',
  'char',
  'bool',
  '_Bool',
  ...QUALIFIERS,
]);

function splitAttributes(tokens: readonly Token[], range: Range): AttributeNode[] {
  const attributes: AttributeNode[] = [];
  for (let index = range.from; index < range.to; ) {
    const token = tokens[index]!;
    if (token.kind !== 'name') {
      index += 1;
      continue;
    }
    const isGroup = tokens[index + 1]?.text === '(';
    const end = isGroup ? skipGroup(tokens, index + 1) : index + 1;
    const argument = isGroup ? { from: index + 2, to: end - 1 } : undefined;
    attributes.push({ name: token.text.replace(/^__|__$/g, ''), argument });
    index = end;
  }
  return attributes;
}
