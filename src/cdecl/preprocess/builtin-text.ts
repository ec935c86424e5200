import { PAGE_SHIFT, type Target } from '../../model/target.ts';
import { ARCH_OPTIONS, isX86, optionsOfTarget, PAGE_OPTIONS } from '../../model/target-options.ts';

/** The path that facts bear which come from this file and from no kernel header. */
export const BUILTIN_PATH = '(built in)';

/**
 * What the target and the compiler fix, whatever the tree says, as far as targets differ in it; see also
 * {@link TARGET_TEXT}: page size (arch/x86/include/asm/page_types.h,
 * include/vdso/page.h), word size (arch/x86/include/uapi/asm/bitsperlong.h, include/linux/bits.h), byte order, the
 * spelling of attributes (include/linux/compiler_attributes.h, compiler_types.h), and checks that have no value of
 * their own (include/linux/build_bug.h, include/linux/compiler.h).
 */
export function targetText(target: Target): string {
  const arch = isX86(target)
    ? '#define __x86_64__ 1\n#define __x86_64 1'
    : '#define __aarch64__ 1\n#define CONFIG_ARM64_PAGE_SHIFT PAGE_SHIFT\n#define __CHAR_UNSIGNED__ 1';
  const cacheLine = CACHE_LINE_NAMES.map((name) => `#define ${name} __aligned(${cacheLineOf(target)})\n`);
  const options = optionsOfTarget(target).map((name) => `#define CONFIG_${name} 1\n`);
  return `${arch}
${options.join('')}#define PAGE_SHIFT ${PAGE_SHIFT[target]}
#define CONFIG_PAGE_SHIFT ${PAGE_SHIFT[target]}
${cacheLine.join('')}`;
}

/** Attributes that align to a cache line (include/linux/cache.h). */
const CACHE_LINE_NAMES = ['____cacheline_aligned', '____cacheline_aligned_in_smp', '__cacheline_aligned'];

/** Bytes of a cache line as C has them: on x86 the configuration decides (arch/x86/include/asm/cache.h, arch/arm64 likewise). */
function cacheLineOf(target: Target): string {
  return isX86(target) ? '1 << CONFIG_X86_L1_CACHE_SHIFT' : '64';
}

/** The names that {@link targetText} defines otherwise, or not at all, for another page size. */
export const PAGE_SIZE_NAMES: ReadonlySet<string> = new Set([
  ...PAGE_OPTIONS,
  'PAGE_SHIFT',
  'CONFIG_PAGE_SHIFT',
  'CONFIG_ARM64_PAGE_SHIFT',
]);
/** The same for another architecture. */
export const ARCH_NAMES: ReadonlySet<string> = new Set([
  ...ARCH_OPTIONS,
  '__x86_64__',
  '__x86_64',
  '__aarch64__',
  'CONFIG_ARM64_PAGE_SHIFT',
  '__CHAR_UNSIGNED__',
  ...CACHE_LINE_NAMES,
]);

const ATTRIBUTES = `
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __aligned_largest __attribute__((__aligned__))
#define __attribute_const__
#define __attribute(x) __attribute__(x)
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __bitwise
#define __bitwise__
#define __nocast
#define __safe
#define __private
#define __noderef
#define __nonstring
#define __counted_by(x)
#define __counted_by_le(x)
#define __counted_by_be(x)
#define __counted_by_ptr(x)
#define __sized_by(x)
#define __designated_init
#define __randomize_layout __attribute__((__randomize_layout__))
#define __no_randomize_layout __attribute__((__no_randomize_layout__))
#define randomized_struct_fields_start
#define randomized_struct_fields_end
#define __deprecated
#define __must_check
#define __maybe_unused
#define __always_unused
#define __used
#define __cold
#define __init
#define __initdata
#define __initconst
#define __ro_after_init
#define __read_mostly
#define __visible
#define __weak
#define __section(x)
#define __no_kasan_or_inline
#define __guarded_by(...)
#define __nullable
#define asmlinkage
#define noinline
#define __noreturn
#define __kabi_reserved
#define __extension__
`;

/** The part of it that is the same for all targets. */
export const TARGET_TEXT = `${ATTRIBUTES}
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define BITS_PER_BYTE 8
#define BITS_PER_LONG 64
#define BITS_PER_LONG_LONG 64
#define __BITS_PER_LONG 64
#define __BITS_PER_LONG_LONG 64
#define BITS_PER_TYPE(type) (sizeof(type) * BITS_PER_BYTE)
#define __KERNEL__ 1
#define __STDC__ 1
#define __STDC_VERSION__ 201112L
#define __STDC_HOSTED__ 0
#define __GNUC__ 12
#define __GNUC_MINOR__ 2
#define __GNUC_PATCHLEVEL__ 0
#define __OPTIMIZE__ 1
#define __linux__ 1
#define __unix__ 1
#define __LP64__ 1
#define _LP64 1
#define __CHAR_BIT__ 8
#define __SIZEOF_INT__ 4
#define __SIZEOF_LONG__ 8
#define __SIZEOF_LONG_LONG__ 8
#define __SIZEOF_POINTER__ 8
#define __SIZEOF_INT128__ 16
#define __SIZEOF_SIZE_T__ 8
#define __INT_MAX__ 0x7fffffff
#define __LONG_MAX__ 0x7fffffffffffffffL
#define __LONG_LONG_MAX__ 0x7fffffffffffffffLL
#define __BIGGEST_ALIGNMENT__ 16
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
#define __LITTLE_ENDIAN 1234
#define __LITTLE_ENDIAN_BITFIELD 1
#define __is_constexpr(x) __builtin_constant_p(x)
#define BUILD_BUG_ON_ZERO(...) (0)
#define BUILD_BUG_ON_INVALID(e) ((void)(e))
#define __must_be_array(a) (0)
#define __BUILD_BUG_ON_ZERO_MSG(...) (0)
#define __has_attribute(x) 0
#define __has_builtin(x) 0
#define __has_feature(x) 0
#define __has_include(x) 0
#define likely(x) (x)
#define unlikely(x) (x)
#define offsetof(t, m) __builtin_offsetof(t, m)
#define __always_inline inline
#define NULL ((void *)0)
`;

/** Names that no kernel header for these targets defines, so that nobody needs to look for them. */
export const NEVER_DEFINED: ReadonlySet<string> = new Set([
  '__ASSEMBLY__',
  '__ASSEMBLER__',
  '__cplusplus',
  '__BIG_ENDIAN',
  '__BIG_ENDIAN_BITFIELD',
  '__CHECKER__',
  '__i386__',
  '__clang__',
  '__ILP32__',
  '__arm__',
  '__powerpc__',
  '__powerpc64__',
  '__s390__',
  '__mips__',
  '__sparc__',
  '__riscv',
  '__alpha__',
  '__hppa__',
  '__m68k__',
  '__sh__',
  '__ia64__',
  '__DISABLE_EXPORTS',
  '__GENKSYMS__',
  'MODULE',
  '__BINDGEN__',
  '_MSC_VER',
  '__sun',
  '__FreeBSD__',
  '__attribute__',
  '__VA_ARGS__',
  '__typeof__',
]);
