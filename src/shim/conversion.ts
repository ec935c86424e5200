import { readEncoding } from '../diff/encoding.ts';
import type { FlatMember } from '../diff/rule.ts';

// How the value of one member becomes that of another: the same kind of data, whatever its width. A value that does not fit is
// refused; data of another kind is no conversion at all.

export type Scalar =
  | { kind: 'integer'; signed: boolean; bits: number }
  | { kind: 'swapped'; bits: number }
  | { kind: 'boolean' }
  | { kind: 'pointer' };

export interface Conversion {
  element: { from: Scalar; to: Scalar } | { fromTag: string; toTag: string } | { opaque: number };
  /** Elements from the outside in; none for a single value. */
  dimensions: { from: readonly number[]; to: readonly number[] };
  /** Text with a NUL at its end. */
  isText: boolean;
  /** What must hold of the value, in words; undefined where any value gets over. */
  check: string | undefined;
}

/**
 * How one member becomes the other; undefined where they are not the same kind of data. `isPlanned`: whether a struct that is
 * embedded on both sides is converted by a function of its own.
 */
export function conversionOf(
  from: FlatMember,
  to: FlatMember,
  isPlanned: (from: string, to: string) => boolean,
): Conversion | undefined {
  const [written, read] = [readEncoding(from.encoding), readEncoding(to.encoding)];
  // A row of unnamed structs has no function of its own.
  if (from.stride !== undefined || to.stride !== undefined) return undefined;
  const dimensions = { from: lengthsOf(written.dimensions), to: lengthsOf(read.dimensions) };
  if (!areSameButFirst(dimensions)) return undefined;
  const isText = written.element === 'char' && read.element === 'char' && dimensions.from.length === 1;
  const length = lengthCheck(dimensions, isText);
  if (written.tag !== undefined || read.tag !== undefined) {
    const isKnown = written.tag !== undefined && read.tag !== undefined && isPlanned(written.tag, read.tag);
    if (!isKnown) return undefined;
    const element = { fromTag: written.tag as string, toTag: read.tag as string };
    return { element, dimensions, isText: false, check: length };
  }
  const element = { from: scalarOf(from), to: scalarOf(to) };
  if (!element.from || !element.to || !isSameKind(element.from, element.to)) return undefined;
  const range = rangeCheck(element.from, element.to);
  const check = [range, length].filter((part) => part !== undefined).join('; ');
  return {
    element: { from: element.from, to: element.to },
    dimensions,
    isText,
    check: check === '' ? undefined : check,
  };
}

/** A flexible dimension counts as one element. */
function lengthsOf(dimensions: readonly (number | undefined)[]): number[] {
  return dimensions.map((length) => length ?? 1);
}

function areSameButFirst({ from, to }: Conversion['dimensions']): boolean {
  return from.length === to.length && from.slice(1).every((length, at) => length === to[at + 1]);
}

function lengthCheck(
  { from: [written = 1], to: [read = 1] }: Conversion['dimensions'],
  isText: boolean,
): string | undefined {
  if (read >= written) return undefined;
  return isText ? `text of at most ${read - 1} characters` : `nothing behind element ${read - 1}`;
}

/** The scalar that a member, or each of its elements, is; undefined for a struct and for what is not known. */
export function scalarOf({
  encoding,
  bitSize,
}: Pick<FlatMember, 'bitSize' | 'encoding'>): Scalar | undefined {
  const { element, isBitField } = readEncoding(encoding);
  const [, sign, bits] = /^([us])(8|16|32|64)$/.exec(element) ?? [];
  if (sign !== undefined)
    return { kind: 'integer', signed: sign === 's', bits: isBitField ? bitSize : Number(bits) };
  const [, swapped] = /^be(16|32|64)$/.exec(element) ?? [];
  if (swapped !== undefined) return { kind: 'swapped', bits: Number(swapped) };
  if (element === 'char') return { kind: 'integer', signed: false, bits: 8 };
  if (element === 'bool') return { kind: 'boolean' };
  if (element === 'ptr') return { kind: 'pointer' };
  return undefined;
}

function isSameKind(from: Scalar, to: Scalar): boolean {
  const isNumber = ({ kind }: Scalar): boolean => kind !== 'pointer';
  return from.kind === to.kind || (isNumber(from) && isNumber(to));
}

/** The values of a scalar. */
export function limitsOf(scalar: Scalar): { least: bigint; most: bigint } {
  if (scalar.kind === 'boolean') return { least: 0n, most: 1n };
  if (scalar.kind === 'pointer') return { least: 0n, most: 2n ** 64n - 1n };
  const bits = BigInt(scalar.bits);
  if (scalar.kind === 'integer' && scalar.signed)
    return { least: -(2n ** (bits - 1n)), most: 2n ** (bits - 1n) - 1n };
  return { least: 0n, most: 2n ** bits - 1n };
}

function rangeCheck(from: Scalar, to: Scalar): string | undefined {
  const [written, read] = [limitsOf(from), limitsOf(to)];
  const parts = [
    ...(written.least < read.least ? [`not below ${read.least}`] : []),
    ...(written.most > read.most ? [`not above ${read.most}`] : []),
  ];
  return parts.length > 0 ? parts.join(' and ') : undefined;
}
