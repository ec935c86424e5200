import type { Where } from '../../model/layout.ts';

/** An integer type. `rank` orders conversions (C11 6.3.1.1): int is 4, long 5, long long 6. */
export interface IntegerType {
  readonly kind: 'integer';
  /** In bytes. */
  readonly size: number;
  readonly isSigned: boolean;
  readonly rank: number;
  /** As Member.encoding has it. */
  readonly encoding: string;
}

/** A member that was placed. Offsets and sizes are bits. */
export interface PlacedMember {
  /** undefined for an unnamed bit-field and for an anonymous struct or union. */
  readonly name: string | undefined;
  readonly type: CType;
  readonly spelled: string;
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly isBitField: boolean;
  readonly where: Where;
}

/** A struct or union; sizes in bytes. */
export interface RecordType {
  readonly kind: 'record';
  readonly form: 'struct' | 'union';
  readonly tag: string | undefined;
  readonly size: number;
  readonly align: number;
  readonly isPacked: boolean;
  readonly members: readonly PlacedMember[];
  readonly where: Where;
}

export type CType =
  | IntegerType
  | RecordType
  | { readonly kind: 'float'; readonly size: number; readonly encoding: string }
  | { readonly kind: 'void' }
  | { readonly kind: 'pointer'; readonly target: () => CType }
  /** `length` undefined: a flexible array. */
  | { readonly kind: 'array'; readonly element: CType; readonly length: number | undefined }
  | { readonly kind: 'function' }
  /**
   * A struct or union whose body is not at hand. `find` throws C_UNRESOLVED or gives the body; `memberType` the type of a
   * member, none of the others being read; undefined where that takes the whole.
   */
  | {
      readonly kind: 'incomplete';
      readonly form: 'struct' | 'union';
      readonly tag: string;
      readonly find: () => CType;
      readonly memberType: (name: string) => CType | undefined;
    }
  /** A typedef with an alignment of its own, in bytes. */
  | { readonly kind: 'aligned'; readonly base: CType; readonly align: number };

function integer(size: number, isSigned: boolean, rank: number, encoding?: string): IntegerType {
  return {
    kind: 'integer',
    size,
    isSigned,
    rank,
    encoding: encoding ?? `${isSigned ? 's' : 'u'}${size * 8}`,
  };
}

export const INT = integer(4, true, 4);
export const UINT = integer(4, false, 4);
export const LONG = integer(8, true, 5);
export const ULONG = integer(8, false, 5);
export const LLONG = integer(8, true, 6);
export const ULLONG = integer(8, false, 6);
/** The kernel is built with -funsigned-char on every architecture (Makefile, since 6.2). */
export const CHAR = integer(1, false, 1, 'char');
export const SCHAR = integer(1, true, 1);
export const UCHAR = integer(1, false, 1);
export const SHORT = integer(2, true, 2);
export const USHORT = integer(2, false, 2);
export const BOOL = integer(1, false, 0, 'bool');
const INT128 = integer(16, true, 7);
const UINT128 = integer(16, false, 7);

/** An integer type from its keywords in any order; undefined for void, floats and what is no type. */
export function integerOf(words: readonly string[]): IntegerType | undefined {
  const has = (word: string) => words.includes(word);
  const isUnsigned = has('unsigned');
  if (has('bool')) return BOOL;
  if (has('char')) return isUnsigned ? UCHAR : has('signed') ? SCHAR : CHAR;
  if (has('short')) return isUnsigned ? USHORT : SHORT;
  if (has('__int128')) return isUnsigned ? UINT128 : INT128;
  const longs = words.filter((word) => word === 'long').length;
  if (has('double') || has('float')) return undefined;
  if (longs === 1) return isUnsigned ? ULONG : LONG;
  if (longs === 2) return isUnsigned ? ULLONG : LLONG;
  if (has('int') || isUnsigned || has('signed')) return isUnsigned ? UINT : INT;
  return undefined;
}

const NAMES: readonly (readonly [IntegerType, string])[] = [
  [UCHAR, 'u8 __u8 uint8_t u_int8_t unchar u_char'],
  [SCHAR, 's8 __s8 int8_t'],
  [
    USHORT,
    'u16 __u16 uint16_t u_int16_t u_short ushort umode_t __kernel_sa_family_t sa_family_t __sum16_raw',
  ],
  [SHORT, 's16 __s16 int16_t'],
  [
    UINT,
    'u32 __u32 uint32_t u_int32_t u_int uint gfp_t __poll_t slab_flags_t fmode_t dev_t uid_t gid_t __kernel_uid_t __kernel_gid_t __kernel_uid32_t __kernel_gid32_t mode_t __kernel_mode_t blk_opf_t',
  ],
  [
    INT,
    's32 __s32 int32_t pid_t __kernel_pid_t __kernel_key_t key_t clockid_t timer_t __kernel_timer_t __kernel_clockid_t __kernel_daddr_t __kernel_mqd_t mqd_t',
  ],
  [ULLONG, 'u64 __u64 uint64_t u_int64_t phys_addr_t dma_addr_t resource_size_t sector_t blkcnt_t'],
  [LLONG, 's64 __s64 int64_t loff_t __kernel_loff_t time64_t __kernel_time64_t ktime_t'],
  [
    ULONG,
    'size_t __kernel_size_t uintptr_t ulong u_long pgoff_t irq_hw_number_t __kernel_ulong_t ino_t __kernel_ino_t',
  ],
  [
    LONG,
    'ssize_t __kernel_ssize_t ptrdiff_t __kernel_ptrdiff_t intptr_t off_t __kernel_off_t __kernel_long_t __kernel_time_t __kernel_old_time_t time_t clock_t __kernel_clock_t __kernel_suseconds_t suseconds_t',
  ],
  [BOOL, 'bool _Bool'],
  [integer(2, false, 2, 'u16'), '__le16 __sum16'],
  [integer(4, false, 4, 'u32'), '__le32 __wsum'],
  [integer(8, false, 6, 'u64'), '__le64'],
  [integer(2, false, 2, 'be16'), '__be16'],
  [integer(4, false, 4, 'be32'), '__be32'],
  [integer(8, false, 6, 'be64'), '__be64'],
  [INT128, '__int128 __int128_t __s128 s128'],
  [UINT128, '__uint128_t __u128 u128'],
];
const integerByName = new Map(
  NAMES.flatMap(([type, names]) => names.split(' ').map((name) => [name, type] as const)),
);

/**
 * The types that the targets fix (include/linux/types.h, include/uapi/linux/types.h, asm-generic/int-ll64.h,
 * posix_types.h; phys_addr_t and dma_addr_t with CONFIG_PHYS_ADDR_T_64BIT, as all four targets have it).
 */
export function builtinType(name: string): CType | undefined {
  const found = integerByName.get(name);
  if (found) return found;
  if (/^__aligned_[usbl]e?64$/.test(name)) return { kind: 'aligned', base: alignedBase(name), align: 8 };
  return undefined;
}

function alignedBase(name: string): CType {
  return integerByName.get(`__${name.slice('__aligned_'.length)}`) ?? ULLONG;
}

/** The type without the alignment that a typedef added, and with its body where that can be found. */
export function strip(type: CType): CType {
  let current = type;
  for (;;) {
    if (current.kind === 'aligned') current = current.base;
    else if (current.kind === 'incomplete') current = current.find();
    else return current;
  }
}

/** sizeof, in bytes. A flexible array has 0, void and functions have 1 (GNU). */
export function sizeOf(type: CType): number {
  const bare = strip(type);
  switch (bare.kind) {
    case 'pointer':
      return 8;
    case 'array':
      return (bare.length ?? 0) * sizeOf(bare.element);
    case 'void':
    case 'function':
      return 1;
    default:
      return (bare as { size: number }).size;
  }
}

/** _Alignof, in bytes. */
export function alignOf(type: CType): number {
  if (type.kind === 'aligned') return type.align;
  const bare = type.kind === 'incomplete' ? type.find() : type;
  switch (bare.kind) {
    case 'integer':
    case 'float':
      return bare.size;
    case 'pointer':
      return 8;
    case 'array':
      return alignOf(bare.element);
    case 'record':
      return bare.align;
    case 'aligned':
      return bare.align;
    default:
      return 1;
  }
}

/** What the bytes are, as Member.encoding has it. */
export function encodingOf(type: CType): string {
  if (type.kind === 'aligned') return encodingOf(type.base);
  if (type.kind === 'incomplete') return `${type.form} ${type.tag}`;
  if (type.kind === 'array') return arrayEncoding(type);
  if (type.kind === 'record') return type.tag === undefined ? type.form : `${type.form} ${type.tag}`;
  if (type.kind === 'pointer' || type.kind === 'function') return 'ptr';
  if (type.kind === 'void') return 'u8';
  return type.encoding;
}

function arrayEncoding(type: CType): string {
  let dimensions = '';
  let current = type;
  for (;;) {
    if (current.kind === 'aligned') current = current.base;
    else if (current.kind === 'array') {
      dimensions += `[${current.length ?? ''}]`;
      current = current.element;
    } else return `${encodingOf(current)}${dimensions}`;
  }
}
