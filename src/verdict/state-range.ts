import type { ContentSchema } from '../model/state.ts';

const SAFE_BITS = 53;

/** Integers of a width: a range of numbers, beside it decimal strings where a number does not hold them exactly. */
export function integerSchema(bits: number, signed: boolean): ContentSchema {
  const magnitude = signed ? bits - 1 : bits;
  const most = 2n ** BigInt(magnitude) - 1n;
  if (magnitude <= SAFE_BITS) {
    return { type: 'integer', minimum: signed ? -Number(most) - 1 : 0, maximum: Number(most) };
  }
  const minimum = signed ? Number.MIN_SAFE_INTEGER : 0;
  const digits = signed ? `-?${upTo(most)}|-${most + 1n}` : upTo(most);
  return {
    anyOf: [
      { type: 'integer', minimum, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: `^(?:${digits})$` },
    ],
  };
}

/** A pattern for the decimal numbers from 0 to `most`, without leading zeros: fewer digits, or a smaller digit somewhere. */
function upTo(most: bigint): string {
  const text = String(most);
  const smaller = [...text].flatMap((digit, index) => {
    const least = index === 0 ? 1 : 0;
    const below = Number(digit) - 1;
    return below < least
      ? []
      : [`${text.slice(0, index)}[${least}-${below}]${anyDigits(text.length - index - 1)}`];
  });
  return `(?:0|[1-9][0-9]{0,${text.length - 2}}|${[...smaller, text].join('|')})`;
}

function anyDigits(count: number): string {
  return count === 0 ? '' : `[0-9]{${count}}`;
}

const MAX_LISTED = 256;

/** Sums of some of the flags: a range where no bit is missing from it, a list where some are. */
export function flagsSchema(values: readonly number[]): ContentSchema {
  const mask = Number(values.reduce((all, value) => all | BigInt(value), 0n));
  if (Number.isInteger(Math.log2(mask + 1))) return { type: 'integer', minimum: 0, maximum: mask };
  const sums = new Set([0]);
  for (const value of values) {
    for (const sum of [...sums]) sums.add(Number(BigInt(sum) | BigInt(value)));
    if (sums.size > MAX_LISTED) return { type: 'integer', minimum: 0, maximum: mask };
  }
  return { type: 'integer', enum: [...sums].sort((a, b) => a - b) };
}

/** Why a value does not fit a scalar's schema: the values that do, in words. Undefined where it fits or nothing is known. */
export function misfitOf(value: boolean | number | string, schema: ContentSchema): string | undefined {
  return fits(value, schema) ? undefined : rangeText(schema);
}

function fits(value: boolean | number | string, schema: ContentSchema): boolean {
  if (schema.anyOf) return schema.anyOf.some((each) => fits(value, each));
  switch (schema.type) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && isWithin(value, schema);
    case 'string':
      return typeof value === 'string' && isText(value, schema);
    case 'boolean':
      return typeof value === 'boolean' || value === 0 || value === 1;
    default:
      return true;
  }
}

function isWithin(value: number, { minimum, maximum, enum: listed }: ContentSchema): boolean {
  if (listed) return listed.includes(value);
  return (minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum);
}

function isText(value: string, { maxLength, pattern }: ContentSchema): boolean {
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return false;
  return maxLength === undefined || Buffer.byteLength(value) <= maxLength;
}

function rangeText({ type, minimum, maximum, enum: listed, maxLength }: ContentSchema): string {
  if (listed) return `one of ${listed.join(', ')}`;
  if (type === 'string') return `at most ${maxLength} bytes`;
  return maximum === undefined ? 'another kind of value' : `${minimum} to ${maximum}`;
}
