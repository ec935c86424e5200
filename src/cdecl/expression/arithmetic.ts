import { INT, type IntegerType, UINT } from './ctype.ts';

/** A value brought into the range of its type, as a conversion to it does (C11 6.3.1.3, two's complement). */
export function wrap(value: bigint, type: IntegerType): bigint {
  if (type.encoding === 'bool') return value === 0n ? 0n : 1n;
  const bits = type.size * 8;
  return type.isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** C11 6.3.1.1: what is smaller than int becomes int. */
export function promote(type: IntegerType): IntegerType {
  return type.rank < INT.rank ? INT : type;
}

/** C11 6.3.1.8 for integers. */
export function commonType(left: IntegerType, right: IntegerType): IntegerType {
  const one = promote(left);
  const other = promote(right);
  if (one.isSigned === other.isSigned) return one.rank >= other.rank ? one : other;
  const [unsigned, signed] = one.isSigned ? [other, one] : [one, other];
  if (unsigned.rank >= signed.rank) return unsigned;
  if (signed.size > unsigned.size) return signed;
  return signed.size === 4
    ? UINT
    : { ...signed, isSigned: false, encoding: signed.encoding.replace('s', 'u') };
}

/** The result of an arithmetic operator on converted operands, not yet wrapped; undefined for a division by zero. */
export function compute(operator: string, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    default:
      return compare(operator, left, right) ? 1n : 0n;
  }
}

function compare(operator: string, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    default:
      return left >= right;
  }
}

/** Shifts by a count that is masked to the width, as both processors do where C leaves it open. */
export function shift(operator: string, value: bigint, count: bigint, type: IntegerType): bigint {
  const by = BigInt.asUintN(64, count) & BigInt(type.size * 8 - 1);
  return operator === '<<' ? value << by : value >> by;
}

/** The compiler builtins that constants use (GCC manual: Bit Operation Builtins), undefined for another name. */
export function builtinFunction(name: string, value: bigint): bigint | undefined {
  const match = /^__builtin_(clz|ctz|ffs|popcount|parity|clrsb)(l|ll)?$/.exec(name);
  const bits = match?.[2] === undefined ? 32 : 64;
  const unsigned = BigInt.asUintN(bits, value);
  const digits = unsigned.toString(2);
  switch (match?.[1]) {
    case 'clz':
      return BigInt(unsigned === 0n ? bits : bits - digits.length);
    case 'ctz':
      return BigInt(unsigned === 0n ? bits : digits.length - 1 - digits.lastIndexOf('1'));
    case 'ffs':
      return BigInt(unsigned === 0n ? 0 : digits.length - digits.lastIndexOf('1'));
    case 'popcount':
      return BigInt(digits.replaceAll('0', '').length);
    case 'parity':
      return BigInt(digits.replaceAll('0', '').length % 2);
    default:
      return swapBytes(name, value);
  }
}

function swapBytes(name: string, value: bigint): bigint | undefined {
  const bits = /^__builtin_bswap(16|32|64)$/.exec(name)?.[1];
  if (bits === undefined) return undefined;
  const size = Number(bits) / 8;
  let result = 0n;
  for (let index = 0; index < size; index += 1)
    result |= ((value >> BigInt(8 * index)) & 0xffn) << BigInt(8 * (size - 1 - index));
  return result;
}
