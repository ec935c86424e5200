import { createHash } from 'node:crypto';
import type { CodeType } from './syntax.ts';

// What an expression comes to, as a number: each part that cannot be computed stands for a number drawn from what it is, so
// that two spellings of one value come to the same, and two values of the same parts to different ones.

/** Pages of 4, 16 and 64 KiB: what a value comes to may depend on them. */
const PAGE_SHIFTS = [12n, 14n, 16n] as const;
const MASK = (1n << 64n) - 1n;
/** What is counted in pages begins with one: its last bits are zero for every size of a page. */
const WHOLE_PAGES = 20n;

/** A value. */
export interface Sum {
  /** For each page size, with any numbers in its parts. */
  readonly exact: readonly bigint[];
  /** The same with multiples of a page in its parts. */
  readonly whole: readonly bigint[];
  /** What it is computed from. */
  readonly leaves: ReadonlySet<string>;
  /** Whether the size of a page is computed with. */
  readonly isPaged: boolean;
  /** Its type, where it is a pointer. */
  readonly pointer?: CodeType;
  /** The type of a pointer that a member holds: a step of it is taken for one, and `scaled` has it as long as it is. */
  readonly steps?: CodeType;
  /** What it comes to with such steps as long as they are, where they are in it. */
  readonly scaled?: Pick<Sum, 'exact' | 'whole'>;
  /** For a page, or its address or number, what is known of that page under any of the three. */
  readonly origin?: Sum;
}

/** A part that is not computed. */
export function leaf(key: string): Sum {
  const bytes = createHash('sha256').update(key).digest();
  // Small enough that a shift by a page loses nothing.
  const exact = bytes.readBigUInt64LE() >> 24n;
  const whole = (bytes.readBigUInt64LE(8) >> 40n) << WHOLE_PAGES;
  return {
    exact: PAGE_SHIFTS.map(() => exact),
    whole: PAGE_SHIFTS.map(() => whole),
    leaves: new Set([key]),
    isPaged: false,
  };
}

/** A number that is known, or one for each size of a page. */
export function constant(...of: readonly bigint[]): Sum {
  const values = PAGE_SHIFTS.map((_, at) => (of[at] ?? (of[0] as bigint)) & MASK);
  return { exact: values, whole: values, leaves: new Set(), isPaged: false };
}

/** A number that the bits of a page decide. */
export function ofPage(of: (shift: bigint) => bigint): Sum {
  const values = PAGE_SHIFTS.map((shift) => of(shift) & MASK);
  return { exact: values, whole: values, leaves: new Set(), isPaged: true };
}

/** What some values come to together. */
export function computed(of: readonly Sum[], how: (...values: bigint[]) => bigint): Sum {
  type Numbers = Pick<Sum, 'exact' | 'whole'>;
  const each = (which: 'exact' | 'whole', numbers: readonly Numbers[]): bigint[] =>
    PAGE_SHIFTS.map((_, at) => how(...numbers.map((one) => one[which][at] as bigint)) & MASK);
  const all = (numbers: readonly Numbers[]): Numbers => ({
    exact: each('exact', numbers),
    whole: each('whole', numbers),
  });
  return {
    ...all(of),
    ...(of.some(({ scaled }) => scaled) && { scaled: all(of.map((one) => one.scaled ?? one)) }),
    leaves: new Set(of.flatMap(({ leaves }) => [...leaves])),
    isPaged: of.some(({ isPaged }) => isPaged),
  };
}

/** Tells a value from all others. */
export function keyOf({ exact, leaves }: Sum): string {
  return shortDigest([...[...leaves].sort(), ...exact.map(String)].join('\n'));
}

/** The first hexadecimal digits of a SHA-256. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Whether the one part that a value is computed from stays what it is where it is a multiple of a page. */
export function isSameWhole({ whole, leaves }: Sum): boolean {
  const [only, ...others] = leaves;
  if (only === undefined || others.length > 0) return false;
  const from = leaf(only).whole;
  return whole.every((value, at) => value === from[at]);
}

/**
 * What is made of the one part that a value is computed from: nothing (`same`), a shift by the bits of a page (`/page`,
 * `*page`) or by a number (`>>12`, `<<3`), a sum (`+16`, `+page`); undefined for anything else.
 */
export function formOf({ exact, leaves }: Sum): string | undefined {
  const [only, ...others] = leaves;
  if (only === undefined || others.length > 0) return undefined;
  const [from] = leaf(only).exact as [bigint];
  const is = (of: (shift: bigint) => bigint): boolean =>
    PAGE_SHIFTS.every((shift, at) => exact[at] === (of(shift) & MASK));
  if (is(() => from)) return 'same';
  if (is((shift) => from >> shift)) return '/page';
  if (is((shift) => from << shift)) return '*page';
  if (is((shift) => from + (1n << shift))) return '+page';
  for (let bits = 1n; bits < 40n; bits += 1n) {
    if (is(() => from >> bits)) return `>>${bits}`;
    if (is(() => from << bits)) return `<<${bits}`;
  }
  const more = BigInt.asIntN(64, (exact[0] as bigint) - from);
  return more > -65536n && more < 65536n && is(() => from + more) ? `+${more}` : undefined;
}
