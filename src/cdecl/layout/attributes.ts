import type { AttributeNode, Range } from '../expression/ast.ts';
import {
  type CType,
  INT,
  LLONG,
  SCHAR,
  SHORT,
  strip,
  UCHAR,
  UINT,
  ULLONG,
  USHORT,
} from '../expression/ctype.ts';
import { errorAt, type PlacedText } from '../lex/place.ts';
import type { Token } from '../lex/token.ts';

/** What attributes say about a layout. */
export interface Attributes {
  readonly isPacked: boolean;
  /** Where the kernel is built with CONFIG_RANDSTRUCT, each build has an order of members of its own. */
  readonly isRandomized: boolean;
  /** In bytes, in the order in which they stand: the last one counts for a type, the largest for a member (GCC). */
  readonly aligns: readonly number[];
  /** `DI`, `word` and the like. */
  readonly mode: string | undefined;
  /** The tokens of an enum's underlying type. */
  readonly underlying?: Range | undefined;
}

/** What the arguments of attributes mean, and where errors are. */
export interface AttributeContext {
  readonly scope: {
    isTypeStart(name: string): boolean;
    evaluate(tokens: readonly Token[], line: number): { value: bigint };
  };
  readonly frame: { readonly tokens: readonly Token[] };
  readonly source: PlacedText;
}

export const NO_ATTRIBUTES: Attributes = {
  isPacked: false,
  isRandomized: false,
  aligns: [],
  mode: undefined,
};

const REFUSED = new Set(['vector_size', 'scalar_storage_order', 'ms_struct', 'ext_vector_type']);
/** `aligned` without a number: the largest alignment of the target, 16 on both (GCC: __BIGGEST_ALIGNMENT__). */
const BIGGEST_ALIGN = 16;
const MAX_ALIGN = 2n ** 28n;

/** Reads the attributes that matter and passes over the rest. Throws C_SYNTAX for one that changes layouts in ways unknown here. */
export function readAttributes(attributes: readonly AttributeNode[], context: AttributeContext): Attributes {
  let isPacked = false;
  let isRandomized = false;
  const aligns: number[] = [];
  let mode: string | undefined;
  let underlying: Range | undefined;
  for (const { name, argument } of attributes) {
    const first = argument && context.frame.tokens[argument.from];
    if (name === 'packed') isPacked = true;
    else if (name === 'randomize_layout') isRandomized = true;
    else if (name === 'aligned') aligns.push(alignment(argument, context));
    else if (name === 'mode') mode = first?.text.replaceAll('_', '');
    else if (name === 'underlying') underlying = argument;
    else if (REFUSED.has(name))
      throw errorAt('C_SYNTAX', `the attribute ${name} is not supported`, context.source, first?.line ?? 1);
  }
  return { isPacked, isRandomized, aligns, mode, underlying };
}

function alignment(argument: Range | undefined, { scope, frame, source }: AttributeContext): number {
  if (!argument || argument.from === argument.to) return BIGGEST_ALIGN;
  const tokens = frame.tokens.slice(argument.from, argument.to);
  const first = tokens[0]!;
  const isType = first.kind === 'name' && scope.isTypeStart(first.text);
  const { value } = scope.evaluate(isType ? alignofTokens(tokens, first) : tokens, first.line);
  if (value < 0n || value > MAX_ALIGN || (value & (value - 1n)) !== 0n) {
    throw errorAt('C_SYNTAX', `${value} is not an alignment`, source, first.line);
  }
  return Number(value) || 1;
}

/** `_Alignas(type)` means `_Alignas(_Alignof(type))` (C11 6.7.5). */
function alignofTokens(tokens: readonly Token[], first: Token): Token[] {
  const punct = (text: string): Token => ({ ...first, kind: 'punct', text });
  return [{ ...first, text: '_Alignof' }, punct('('), ...tokens, punct(')')];
}

/** The integer type with the width that `mode` asks for (GCC manual: Common Type Attributes). */
export function withMode(type: CType, mode: string | undefined): CType {
  if (mode === undefined) return type;
  const bare = strip(type);
  const isSigned = bare.kind === 'integer' && bare.isSigned;
  const byMode: Record<string, CType> = isSigned
    ? { QI: SCHAR, HI: SHORT, SI: INT, DI: LLONG }
    : { QI: UCHAR, HI: USHORT, SI: UINT, DI: ULLONG };
  return byMode[mode] ?? (mode === 'word' || mode === 'pointer' ? byMode.DI! : type);
}

export function largest(aligns: readonly number[]): number | undefined {
  return aligns.length > 0 ? Math.max(...aligns) : undefined;
}
