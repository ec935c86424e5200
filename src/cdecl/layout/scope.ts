import { ToolError } from '../../errors.ts';
import type { Where } from '../../model/layout.ts';
import { wrap } from '../expression/arithmetic.ts';
import type {
  AttributeNode,
  EnumNode,
  FieldNode,
  Range,
  RecordNode,
  ShapeNode,
  SpecifierNode,
} from '../expression/ast.ts';
import {
  BOOL,
  builtinType,
  type CType,
  INT,
  type IntegerType,
  integerOf,
  LLONG,
  type RecordType,
  sizeOf,
  strip,
  UINT,
} from '../expression/ctype.ts';
import {
  type EnumeratorValue,
  type EnumValues,
  enumeratorType,
  enumType,
} from '../expression/enum-values.ts';
import { type EvaluationHost, Evaluator, type Value } from '../expression/evaluate.ts';
import type { ExpressionNode, TypeNameNode } from '../expression/expression-node.ts';
import { ExpressionParser, parseExpression } from '../expression/parse-expression.ts';
import {
  isOperator,
  isTypeKeyword,
  parseTypeName,
  type TypeNameHost,
} from '../expression/parse-type-name.ts';
import { errorAt, type PlacedText, whereOf } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';
import type { FileDeclarations, ParsedDeclaration } from '../parse/file-declarations.ts';
import { parseDeclaration } from '../parse/parse-declaration.ts';
import { expandTokens } from '../preprocess/expand.ts';
import type { FileView } from '../preprocess/file-view.ts';
import type { MacroSource } from '../preprocess/macro-scope.ts';
import { macroScope } from '../preprocess/macro-scope.ts';
import { type Attributes, largest, NO_ATTRIBUTES, readAttributes, withMode } from './attributes.ts';
import { layoutRecord, type MemberInput } from './layout-record.ts';
import { lockNamed } from './locks.ts';
import { spellShape, spellSpecifier } from './spell.ts';

/** The tokens that ranges count in, and what was computed from the nodes over them. */
export type Frame = Pick<ParsedDeclaration, 'tokens' | 'records' | 'enums'>;

/** The option that gives structs with `__randomize_layout` an order of their own (security/Kconfig.hardening). */
const RANDOMIZING = 'CONFIG_RANDSTRUCT';
/** Sizes beyond this are a mistake; they would not fit the numbers of a document. */
const MAX_BYTES = 2 ** 44;

/** Where a declaration is that is being resolved. */
export interface Step {
  readonly view: FileView;
  readonly line: number;
}

/** What layouts depend on beside their declarations. */
export interface LayoutWorld {
  dependsOnArch: boolean;
  /** Whether an option is set; noted as one that no conditional tests and that decides all the same. */
  isSet(option: string, where: Where): boolean;
}

/** What a name declares that a scope meets: in its file, in the headers in reach. */
export interface Names {
  /** Notes where an answer follows from the architecture. */
  readonly space: MacroSource & LayoutWorld;
  declarations(view: FileView): Pick<FileDeclarations, 'index'>;
  typedef(view: FileView, name: string): CType | undefined;
  enumerator(
    view: FileView,
    name: string,
  ): (EnumeratorValue & { tag: string | undefined; view: FileView }) | undefined;
  /** A constant object, and the tokens of its initializer as they are written. */
  object(view: FileView, name: string): { parsed: ParsedDeclaration; initializer: Token[] } | undefined;
  record(view: FileView, form: string, tag: string): RecordType | undefined;
  /** The declaration with the body of a struct or union. */
  recordDeclaration(
    view: FileView,
    form: string,
    tag: string,
  ): { parsed: ParsedDeclaration; node: RecordNode } | undefined;
  enumType(view: FileView, tag: string): IntegerType | undefined;
  scopeAt(parsed: ParsedDeclaration): Scope;
  /** Runs `resolve` unless it is running for the same key already. */
  guard<T>(key: string, place: Step, resolve: () => T | undefined): T | undefined;
  /** Runs one step of a chain of declarations that need each other. Throws C_DEPTH when the chain gets too long. */
  nested<T>(place: Step, resolve: () => T): T;
}

/** Gives declarations their meaning at one place of one file: types, values, layouts. */
export class Scope implements EvaluationHost, TypeNameHost {
  readonly #lookup: Names;
  readonly #view: FileView;
  readonly #at: number;
  readonly #pack: number | undefined;

  constructor(lookup: Names, view: FileView, at: number, pack?: number) {
    this.#lookup = lookup;
    this.#view = view;
    this.#at = at;
    this.#pack = pack;
  }

  isTypeStart(name: string): boolean {
    if (isTypeKeyword(name) || builtinType(name)) return true;
    if (isOperator(name)) return false;
    if (this.#lookup.declarations(this.#view).index.byEnumerator.has(name)) return false;
    return this.#lookup.typedef(this.#view, name) !== undefined;
  }

  parseRecord(tokens: readonly Token[], source: PlacedText): SpecifierNode {
    return parseDeclaration(tokens, source).specifier;
  }

  /** Evaluates tokens that were expanded already. */
  evaluate(tokens: readonly Token[], line: number): { value: bigint; type: CType } {
    const node = parseExpression(tokens, this, this.#view, line);
    return new Evaluator(this, this.#view).integer(node);
  }

  valueOf(name: string, node: ExpressionNode): Value | undefined {
    const enumerator = this.#lookup.enumerator(this.#view, name);
    if (enumerator) return { type: enumerator.type, value: enumerator.value };
    return this.#lookup.guard(
      `value ${this.#view.path} ${name}`,
      { view: this.#view, line: node.token.line },
      () => {
        const tokens = this.expand([{ ...node.token, painted: false }]);
        if (tokens.length === 1 && tokens[0]!.text === name) return this.#objectValue(name);
        return new Evaluator(this, this.#view).value(
          parseExpression(tokens, this, this.#view, node.token.line),
        );
      },
    );
  }

  /** The value of a `static const` integer, which compilers take where they need a constant of no array. */
  #objectValue(name: string): Value | undefined {
    const object = this.#lookup.object(this.#view, name);
    if (!object) return undefined;
    const { parsed, initializer } = object;
    const scope = this.#lookup.scopeAt(parsed);
    return scope.#initialText(parsed, initializer) ?? scope.initialValue(parsed, initializer);
  }

  /** An array of characters that is as long as its text. */
  #initialText({ tokens }: ParsedDeclaration, initializer: readonly Token[]): Value | undefined {
    const isOpen = tokens.some(({ text }, at) => text === '[' && tokens[at + 1]?.text === ']');
    if (!isOpen) return undefined;
    const line = initializer[0]?.line ?? 1;
    const node = parseExpression(this.expand(initializer), this, this.#view, line);
    return node.node === 'string' ? new Evaluator(this, this.#view).value(node) : undefined;
  }

  /** What an integer object holds from the start. */
  initialValue({ node, tokens: own, ...frame }: ParsedDeclaration, initializer: readonly Token[]): Value {
    const line = initializer[0]?.line ?? 1;
    const { value } = this.evaluate(this.expand(initializer), line);
    const type = this.specifier(node.specifier, { ...frame, tokens: own });
    const bare = strip(type);
    return { type, value: bare.kind === 'integer' ? wrap(value, bare) : value };
  }

  /** Expands tokens here, looking for every name in the headers; undefined where nothing is a macro. */
  expand(tokens: readonly Token[]): Token[] {
    const scope = macroScope({ space: this.#lookup.space, view: this.#view, at: this.#at, depth: 'always' });
    return expandTokens(tokens, scope, this.#view);
  }

  typeOf(node: TypeNameNode): CType {
    const tokens = node.body?.tokens ?? node.tokens;
    const frame: Frame = { tokens, records: new Map(), enums: new Map() };
    const base = () => this.specifier(node.specifier, frame);
    return this.#shaped(base, node.shape, { ...frame, tokens: node.tokens }).type();
  }

  /** The type that a specifier names. Throws ToolError. */
  specifier(node: SpecifierNode, frame: Frame): CType {
    const token = frame.tokens[node.at];
    switch (node.node) {
      case 'base':
        return this.#base(node.words, token);
      case 'named':
        return this.#named(node.name, token);
      case 'typeof':
        return this.#typeof(node.operand, frame);
      case 'enum':
        return this.#enum(node, frame);
      case 'record': {
        if (node.fields) return this.record(node, frame);
        const { kind: form, tag = '' } = node;
        const find = () =>
          this.#tagged(form, tag) ?? this.#fail(token, 'C_UNRESOLVED', `${form} ${tag} is not declared here`);
        const memberType = (name: string) => this.#memberOfTagged(form, tag, name);
        return { kind: 'incomplete', form, tag, find, memberType };
      }
    }
  }

  /** A struct or union by its tag, which a header may have renamed by a macro. */
  #tagged(form: 'struct' | 'union', tag: string): CType | undefined {
    const record = this.#lookup.record(this.#view, form, tag);
    if (record) return record;
    const [renamed, ...rest] = this.expand([{ kind: 'name', text: tag, line: 1, space: false }]);
    if (renamed?.kind !== 'name' || renamed.text === tag || rest.length > 0) return undefined;
    return this.#lookup.record(this.#view, form, renamed.text);
  }

  #memberOfTagged(form: 'struct' | 'union', tag: string, name: string): CType | undefined {
    const found = this.#lookup.recordDeclaration(this.#view, form, tag);
    return found && this.#lookup.scopeAt(found.parsed).memberType(found.node, found.parsed, name);
  }

  /** The type of a member, those of unnamed structs and unions included; undefined for a bit-field and where there is none. */
  memberType(node: RecordNode, frame: Frame, name: string): CType | undefined {
    for (const field of node.fields ?? []) {
      const { specifier, declarators } = field;
      const declarator = declarators.find((one) => one.name === name);
      if (declarator?.bits) return undefined;
      if (declarator)
        return this.#declared(field, declarator, this.#attributes(field.attributes, frame), frame).type();
      if (declarators.length > 0 || specifier.node !== 'record') continue;
      const inner = specifier.fields
        ? this.memberType(specifier, frame, name)
        : this.#memberOfTagged(specifier.kind, specifier.tag ?? '', name);
      if (inner) return inner;
    }
    return undefined;
  }

  #declared(
    { specifier }: FieldNode,
    { shape }: FieldNode['declarators'][number],
    { mode }: Attributes,
    frame: Frame,
  ): { type: () => CType; lengths: (number | undefined)[] } {
    return this.#shaped(() => withMode(this.specifier(specifier, frame), mode), shape, frame);
  }

  #fail(token: Token | undefined, code: 'C_UNRESOLVED' | 'C_SYNTAX' | 'C_DEPTH', message: string): never {
    throw errorAt(code, message, this.#view, token?.line ?? 1);
  }

  #base(words: readonly string[], token: Token | undefined): CType {
    const integer = integerOf(words);
    if (integer) return integer;
    if (words.includes('void')) return { kind: 'void' };
    if (words.length === 1 && words[0] === 'float') return { kind: 'float', size: 4, encoding: 'f32' };
    if (words.length === 1 && words[0] === 'double') return { kind: 'float', size: 8, encoding: 'f64' };
    return this.#fail(token, 'C_SYNTAX', `${words.join(' ')} has no layout that kernels share`);
  }

  #named(name: string, token: Token | undefined): CType {
    const known = builtinType(name) ?? this.#lookup.typedef(this.#view, name);
    if (known) return known;
    const type = this.#lookup.guard(
      `type ${this.#view.path} ${name}`,
      { view: this.#view, line: token?.line ?? 1 },
      () => {
        const tokens = this.expand([{ kind: 'name', text: name, line: token?.line ?? 1, space: false }]);
        if (tokens.length === 0 || tokens[0]!.text === name) return undefined;
        return this.#typeNameOf(tokens, token);
      },
    );
    return type ?? this.#fail(token, 'C_UNRESOLVED', `the type ${name} is not declared here`);
  }

  #typeNameOf(tokens: readonly Token[], token: Token | undefined): CType {
    const parser = new ExpressionParser(tokens, this, this.#view, token?.line ?? 1);
    const node = parseTypeName(parser);
    parser.expectEnd();
    return this.typeOf(node);
  }

  #typeof(operand: Range, frame: Frame): CType {
    const tokens = frame.tokens.slice(operand.from, operand.to);
    const [first] = tokens;
    if (first?.kind === 'name' && this.isTypeStart(first.text)) return this.#typeNameOf(tokens, first);
    return new Evaluator(this, this.#view).value(parseExpression(tokens, this, this.#view, first?.line ?? 1))
      .type;
  }

  #enum(node: EnumNode, frame: Frame): CType {
    if (node.enumerators) return this.enumValues(node, frame).type;
    const token = frame.tokens[node.at];
    return (
      this.#lookup.enumType(this.#view, node.tag ?? '') ??
      this.#fail(token, 'C_UNRESOLVED', `enum ${node.tag} is not declared here`)
    );
  }

  /** The enumerators of an enum with a body; those that are not reached yet are missing while it is being evaluated. */
  enumValues(node: EnumNode, frame: Frame): EnumValues {
    const known = frame.enums.get(node);
    if (known) return known;
    const values = new Map<string, EnumeratorValue>();
    const result: EnumValues = { tag: node.tag, values, type: INT };
    frame.enums.set(node, result);
    try {
      const line = frame.tokens[node.at]?.line ?? 1;
      this.#lookup.nested({ view: this.#view, line }, () => this.#fillEnum(node, frame, values));
    } catch (error) {
      frame.enums.delete(node);
      throw error;
    }
    const { isPacked, underlying } = this.#attributes(node.attributes, frame);
    const fixed = underlying && this.#underlyingType(underlying, frame);
    result.type = fixed ?? enumType(values.values(), isPacked);
    // What does not fit an int has the enum's own type once the enum is complete (gcc/c/c-decl.cc: finish_enum); with a
    // type of its own every enumerator has that (C23 6.7.3.3).
    for (const [name, entry] of values)
      if (fixed || entry.type !== INT) values.set(name, { ...entry, type: result.type });
    return result;
  }

  #underlyingType({ from, to }: Range, frame: Frame): IntegerType {
    const tokens = frame.tokens.slice(from, to);
    const type = strip(this.#typeNameOf(tokens, tokens[0]));
    if (type.kind === 'integer') return type;
    return this.#fail(tokens[0], 'C_SYNTAX', 'the underlying type of an enum is no integer');
  }

  #fillEnum(node: EnumNode, frame: Frame, values: Map<string, EnumeratorValue>): void {
    let next = 0n;
    let type = INT;
    for (const { name, at, value } of node.enumerators ?? []) {
      const line = frame.tokens[at]?.line ?? 1;
      if (value) {
        const result = this.#evaluateRange(value, frame, line);
        next = result.value;
        type = strip(result.type) as typeof INT;
      } else if (type.size === 4 && !(next <= 0x7fffffffn)) type = next > 0xffffffffn ? LLONG : UINT;
      values.set(name, { value: next, type: enumeratorType(next, type), line });
      next += 1n;
    }
  }

  #evaluateRange(range: Range, frame: Frame, line: number) {
    return this.evaluate(frame.tokens.slice(range.from, range.to), line);
  }

  #attributes(attributes: readonly AttributeNode[], frame: Frame): Attributes {
    return attributes.length === 0
      ? NO_ATTRIBUTES
      : readAttributes(attributes, { scope: this, frame, source: this.#view });
  }

  /** Lays out a struct or union with a body. */
  record(node: RecordNode, frame: Frame): RecordType {
    const known = frame.records.get(node);
    const token = frame.tokens[node.at];
    if (known === 'building')
      this.#fail(token, 'C_SYNTAX', `${node.kind} ${node.tag ?? '(anon)'} contains itself`);
    if (known) return known;
    frame.records.set(node, 'building');
    try {
      const record = this.#lookup.nested({ view: this.#view, line: token?.line ?? 1 }, () =>
        this.#layout(node, frame),
      );
      frame.records.set(node, record);
      return record;
    } catch (error) {
      frame.records.delete(node);
      throw error;
    }
  }

  #layout(node: RecordNode, frame: Frame): RecordType {
    const { isPacked, isRandomized, aligns } = this.#attributes(node.attributes, frame);
    const members = node.fields!.flatMap((field) => this.#members(field, frame));
    const { space } = this.#lookup;
    // Only there do the two architectures lay out differently.
    if (members.some(({ name, bits }) => name === undefined && bits !== undefined))
      space.dependsOnArch = true;
    const placed = layoutRecord({
      form: node.kind,
      members,
      isPacked,
      align: aligns.at(-1),
      pack: this.#pack,
      unnamedBitFieldsAlign: space.world.target.startsWith('arm64'),
    });
    const where = whereOf(this.#view, frame.tokens[node.at]?.line ?? 1);
    if (isRandomized && space.isSet(RANDOMIZING, where))
      this.#fail(
        frame.tokens[node.at],
        'C_UNRESOLVED',
        `${node.kind} ${node.tag ?? '(anon)'} has another order of members in each build with ${RANDOMIZING}`,
      );
    if (!(placed.size <= MAX_BYTES))
      this.#fail(
        frame.tokens[node.at],
        'C_SYNTAX',
        `${node.kind} ${node.tag ?? '(anon)'} is larger than any memory`,
      );
    return { kind: 'record', form: node.kind, tag: node.tag, isPacked, where, ...placed };
  }

  #members(field: FieldNode, frame: Frame): MemberInput[] {
    const { specifier } = field;
    const own = this.#attributes(field.attributes, frame);
    const line = frame.tokens[field.at]?.line ?? 1;
    if (field.declarators.length === 0) {
      // A tagged one is a member too: kernels are built with -fms-extensions (Makefile, since 6.19).
      if (specifier.node !== 'record') return [];
      const type = this.specifier(specifier, frame);
      return [
        {
          name: undefined,
          type,
          spelled: spellSpecifier(field, frame.tokens),
          bits: undefined,
          isPacked: own.isPacked,
          align: largest(own.aligns),
          where: whereOf(this.#view, line),
        },
      ];
    }
    return field.declarators.map((declarator) => this.#member(field, declarator, own, frame));
  }

  #member(
    field: FieldNode,
    declarator: FieldNode['declarators'][number],
    own: Attributes,
    frame: Frame,
  ): MemberInput {
    const { type, lengths } = this.#declared(field, declarator, own, frame);
    const attributes = this.#attributes(declarator.attributes, frame);
    const token = frame.tokens[declarator.at];
    const member = {
      name: declarator.name,
      type: this.#sized(type, field, declarator, token),
      spelled: spellShape(spellSpecifier(field, frame.tokens), declarator.shape, lengths, frame.tokens),
      isPacked: own.isPacked || attributes.isPacked,
      align: largest([...own.aligns, ...attributes.aligns]),
      where: whereOf(this.#view, token?.line ?? 1),
    };
    return { ...member, bits: this.#bits(declarator.bits, member.type, frame, token) };
  }

  /** The type of a member, which must have a size, so that the error stands at the member. */
  #sized(
    type: () => CType,
    { specifier }: FieldNode,
    { name = '' }: FieldNode['declarators'][number],
    token: Token | undefined,
  ): CType {
    try {
      const found = type();
      const { kind } = strip(found);
      if (kind === 'void' || kind === 'function')
        this.#fail(token, 'C_SYNTAX', `the member ${name} has no size`);
      sizeOf(found);
      return found;
    } catch (error) {
      const lock = lockNamed(specifier);
      if (!(error instanceof ToolError) || !lock) throw error;
      const message = `the layout of ${lock.name} depends on ${lock.options}, and is not known`;
      return this.#fail(token, 'C_UNRESOLVED', message);
    }
  }

  #bits(range: Range | undefined, type: CType, frame: Frame, token: Token | undefined): number | undefined {
    if (!range) return undefined;
    const bits = Number(this.#evaluateRange(range, frame, token?.line ?? 1).value);
    const bare = strip(type);
    const limit = bare === BOOL ? 1 : bare.kind === 'integer' ? bare.size * 8 : 0;
    if (bits < 0 || bits > limit)
      this.#fail(token, 'C_SYNTAX', `a bit-field of ${bits} bits does not fit its type`);
    return bits;
  }

  /** Applies a declarator to a base type, which stays unresolved behind a pointer. `lengths` are the array lengths found. */
  #shaped(
    base: () => CType,
    shape: readonly ShapeNode[],
    frame: Frame,
  ): { type: () => CType; lengths: (number | undefined)[] } {
    let type = base;
    const lengths: (number | undefined)[] = [];
    for (const step of shape) {
      const inner = type;
      if (step.node === 'pointer') type = () => ({ kind: 'pointer', target: inner });
      else if (step.node === 'function') type = () => ({ kind: 'function' });
      else {
        const length = step.length && this.#length(step.length, frame);
        lengths.push(length);
        type = () => ({ kind: 'array', element: inner(), length });
      }
    }
    return { type, lengths };
  }

  #length(range: Range, frame: Frame): number | undefined {
    const token = frame.tokens[range.from];
    const { value } = this.#evaluateRange(range, frame, token?.line ?? 1);
    if (value < 0n || value > BigInt(MAX_BYTES)) this.#fail(token, 'C_SYNTAX', `${value} is no array length`);
    return Number(value);
  }

  /** The type that a typedef gives a name; undefined where the declaration declares another one. */
  typedef(parsed: ParsedDeclaration, name: string): CType | undefined {
    const declarator = parsed.node.declarators.find((candidate) => candidate.name === name);
    if (!parsed.node.isTypedef || !declarator) return undefined;
    const own = this.#attributes(parsed.node.attributes, parsed);
    const attributes = this.#attributes(declarator.attributes, parsed);
    const base = () => withMode(this.specifier(parsed.node.specifier, parsed), own.mode ?? attributes.mode);
    const type = this.#shaped(base, declarator.shape, parsed).type();
    const align = [...own.aligns, ...attributes.aligns].at(-1);
    return align === undefined ? type : { kind: 'aligned', base: type, align };
  }
}
