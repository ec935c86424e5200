import { wrap } from './arithmetic.ts';
import { CHAR, INT, type IntegerType, LLONG, LONG, UINT, ULLONG, ULONG } from './ctype.ts';

/** The value and type of an integer literal (C11 6.4.4.1), undefined for what is none (a float, a bad suffix). */
export function readInteger(text: string): { value: bigint; type: IntegerType } | undefined {
  const match = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/.exec(text);
  if (!match) return undefined;
  const [, digits = '', suffix = ''] = match;
  const isDecimal = !/^0./.test(digits);
  if (!isDecimal && /^0\d/.test(digits) && /[89]/.test(digits)) return undefined;
  const value = /^0\d/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  const isUnsigned = /u/i.test(suffix);
  const longs = (suffix.match(/l/gi) ?? []).length;
  if (suffix.length > 3 || longs > 2) return undefined;
  const ladder = [INT, UINT, LONG, ULONG, LLONG, ULLONG].filter((type) => {
    if (type.rank < 4 + longs) return false;
    if (isUnsigned) return !type.isSigned;
    return type.isSigned || !isDecimal;
  });
  const type = ladder.find((candidate) => value <= maxOf(candidate));
  return type ? { value, type } : { value: BigInt.asUintN(64, value), type: ULLONG };
}

/** The largest value of a type. */
export function maxOf(type: IntegerType): bigint {
  const bits = BigInt(type.size * 8);
  return (1n << (type.isSigned ? bits - 1n : bits)) - 1n;
}

/** The value of a character constant (C11 6.4.4.4), undefined where it has none. */
export function readCharacter(text: string): { value: bigint; type: IntegerType } | undefined {
  const codes = readCodes(text.replace(/^(?:u8|[LuU])?'/, '').slice(0, -1));
  if (codes.length === 0) return undefined;
  const isWide = /^[LuU]'/.test(text);
  if (isWide || codes.length > 1) {
    const value = codes.reduce((sum, code) => (sum << 8n) | BigInt(code), 0n);
    return { value: BigInt.asIntN(32, isWide ? BigInt(codes[0]!) : value), type: INT };
  }
  return { value: wrap(BigInt(codes[0]!), CHAR), type: INT };
}

/** The text of a string literal, escapes resolved, one character a byte for numeric escapes. */
export function readString(text: string): string {
  const inner = text.replace(/^(?:u8|[LuU])?"/, '').slice(0, -1);
  return inner.includes('\\') ? String.fromCodePoint(...readCodes(inner)) : inner;
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27 };

function readCodes(text: string): number[] {
  const codes: number[] = [];
  for (const match of text.matchAll(/\\x([\da-fA-F]+)|\\([0-7]{1,3})|\\([\s\S])|([\s\S])/gu)) {
    if (match[1] !== undefined) codes.push(Number.parseInt(match[1].slice(-2), 16));
    else if (match[2] !== undefined) codes.push(Number.parseInt(match[2], 8) & 0xff);
    else if (match[3] !== undefined) codes.push(ESCAPES[match[3]] ?? match[3].codePointAt(0)!);
    else codes.push(match[4]!.codePointAt(0)!);
  }
  return codes;
}

/** sizeof a string literal: its UTF-8 bytes and the final NUL. */
export function stringSize(text: string): number {
  let size = 1;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return size;
}
