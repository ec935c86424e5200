import { wrap } from './arithmetic.ts';
import { INT, type IntegerType, LONG, SCHAR, SHORT, UCHAR, UINT, ULONG, USHORT } from './ctype.ts';
import { maxOf } from './literal.ts';

/** One enumerator. */
export interface EnumeratorValue {
  readonly value: bigint;
  readonly type: IntegerType;
  readonly line: number;
}

/** The enumerators of an enum as far as they are evaluated, and the type of the whole. */
export interface EnumValues {
  readonly tag: string | undefined;
  readonly values: Map<string, EnumeratorValue>;
  type: IntegerType;
}

/** Whether a value fits a type. */
function fits(value: bigint, type: IntegerType): boolean {
  return wrap(value, type) === value && value <= maxOf(type);
}

/** The type of an enumerator: int where the value fits, else what holds it (GNU C, before C23). */
export function enumeratorType(value: bigint, type: IntegerType): IntegerType {
  return fits(value, INT) ? INT : type;
}

/** The type that GCC gives an enum: unsigned int unless a value is negative, wider where needed, the smallest if packed. */
export function enumType(values: Iterable<EnumeratorValue>, isPacked: boolean): IntegerType {
  const all = [...values].map((entry) => entry.value);
  const isSigned = all.some((value) => value < 0n);
  const small = isSigned ? [SCHAR, SHORT] : [UCHAR, USHORT];
  const candidates = [...(isPacked ? small : []), ...(isSigned ? [INT, LONG] : [UINT, ULONG])];
  return candidates.find((type) => all.every((value) => fits(value, type))) ?? ULONG;
}
