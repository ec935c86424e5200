/**
 * Helpers that the kernel's headers define, in our words, for trees that hold only part of the headers. A definition
 * found in the tree goes first. From: include/linux/types.h (DECLARE_BITMAP, atomic_t, list_head), bits.h, bitops.h
 * (BIT, GENMASK, BITS_TO_LONGS), math.h (DIV_ROUND_UP), align.h (ALIGN), log2.h (const_ilog2), array_size.h
 * (ARRAY_SIZE), stddef.h (sizeof_field, struct_group), container_of.h (typeof_member), sizes.h (SZ_), uapi/asm-generic/ioctl.h (_IO),
 * include/vdso/limits.h.
 */
export const FALLBACK_TEXT = `
#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define BIT_U8(nr) ((u8)(1UL << (nr)))
#define BIT_U16(nr) ((u16)(1UL << (nr)))
#define BIT_U32(nr) ((u32)(1UL << (nr)))
#define BIT_U64(nr) ((u64)(1ULL << (nr)))
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l) ((~0ULL << (l)) & (~0ULL >> (BITS_PER_LONG_LONG - 1 - (h))))
#define __GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define __GENMASK_ULL(h, l) ((~0ULL << (l)) & (~0ULL >> (BITS_PER_LONG_LONG - 1 - (h))))
#define GENMASK_U8(h, l) ((u8)GENMASK_ULL(h, l))
#define GENMASK_U16(h, l) ((u16)GENMASK_ULL(h, l))
#define GENMASK_U32(h, l) ((u32)GENMASK_ULL(h, l))
#define GENMASK_U64(h, l) ((u64)GENMASK_ULL(h, l))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d) (((unsigned long long)(n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d) ((unsigned long long)(n) / (d))
#define round_up(x, y) ((((x) - 1) | ((typeof(x))(y) - 1)) + 1)
#define round_down(x, y) ((x) & ~((typeof(x))(y) - 1))
#define roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))
#define rounddown(x, y) ((x) - ((x) % (y)))
#define ALIGN(x, a) (((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1))
#define ALIGN_DOWN(x, a) ALIGN((x) - ((a) - 1), (a))
#define IS_ALIGNED(x, a) (((x) & ((typeof(x))(a) - 1)) == 0)
#define PAGE_ALIGN(x) ALIGN(x, PAGE_SIZE)
#define PFN_UP(x) (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x) ((x) >> PAGE_SHIFT)
#define BITS_TO_LONGS(nr) DIV_ROUND_UP(nr, BITS_PER_LONG)
#define __KERNEL_BITS_TO_LONGS(nr) DIV_ROUND_UP(nr, BITS_PER_LONG)
#define BITS_TO_U64(nr) DIV_ROUND_UP(nr, 64)
#define BITS_TO_U32(nr) DIV_ROUND_UP(nr, 32)
#define BITS_TO_BYTES(nr) DIV_ROUND_UP(nr, 8)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]
#define ilog2(n) const_ilog2(n)
#define order_base_2(n) ((n) > 1 ? const_ilog2((n) - 1) + 1 : 0)
#define roundup_pow_of_two(n) ((n) == 1 ? 1 : (1UL << (const_ilog2((n) - 1) + 1)))
#define rounddown_pow_of_two(n) (1UL << const_ilog2(n))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define FIELD_SIZEOF(t, m) sizeof(((t *)0)->m)
#define typeof_member(t, m) typeof(((t *)0)->m)
#define aligned_u64 __aligned_u64
#define aligned_s64 __aligned_s64
#define aligned_be64 __aligned_be64
#define aligned_le64 __aligned_le64
#define offsetofend(t, m) (__builtin_offsetof(t, m) + sizeof(((t *)0)->m))
#define container_of(p, t, m) ((t *)((char *)(p) - __builtin_offsetof(t, m)))
#define __struct_group(TAG, NAME, ATTRS, ...) union { struct { __VA_ARGS__ } ATTRS; struct TAG { __VA_ARGS__ } ATTRS NAME; } ATTRS
#define struct_group(NAME, ...) __struct_group(, NAME, , __VA_ARGS__)
#define struct_group_attr(NAME, ATTRS, ...) __struct_group(, NAME, ATTRS, __VA_ARGS__)
#define struct_group_tagged(TAG, NAME, ...) __struct_group(TAG, NAME, , __VA_ARGS__)
#define __struct_group_tag(TAG) TAG
#define __DECLARE_FLEX_ARRAY(TYPE, NAME) struct { struct { } __empty_##NAME; TYPE NAME[]; }
#define DECLARE_FLEX_ARRAY(TYPE, NAME) __DECLARE_FLEX_ARRAY(TYPE, NAME)
#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((u32)((n) & 0xffffffff))
#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)
#define __CONCAT(a, b) a##b
#define CONCATENATE(a, b) __CONCAT(a, b)
#define __PASTE(a, b) a##b
#define min_t(t, a, b) ((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define max_t(t, a, b) ((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN_T(t, a, b) min_t(t, a, b)
#define MAX_T(t, a, b) max_t(t, a, b)
#define is_power_of_2(n) ((n) != 0 && ((n) & ((n) - 1)) == 0)
#define SZ_1 0x1
#define SZ_512 0x200
#define SZ_1K 0x400
#define SZ_2K 0x800
#define SZ_4K 0x1000
#define SZ_8K 0x2000
#define SZ_16K 0x4000
#define SZ_32K 0x8000
#define SZ_64K 0x10000
#define SZ_128K 0x20000
#define SZ_256K 0x40000
#define SZ_512K 0x80000
#define SZ_1M 0x100000
#define SZ_2M 0x200000
#define SZ_4M 0x400000
#define SZ_1G 0x40000000
#define U8_MAX ((u8)~0U)
#define U16_MAX ((u16)~0U)
#define U32_MAX ((u32)~0U)
#define U64_MAX ((u64)~0ULL)
#define S32_MAX ((s32)(U32_MAX >> 1))
#define S64_MAX ((s64)(U64_MAX >> 1))
#define INT_MAX 0x7fffffff
#define UINT_MAX 0xffffffffU
#define LONG_MAX 0x7fffffffffffffffL
#define ULONG_MAX 0xffffffffffffffffUL
#define ULLONG_MAX 0xffffffffffffffffULL
#define LLONG_MAX 0x7fffffffffffffffLL
#define PHYS_ADDR_MAX (~(phys_addr_t)0)
#define _IOC(d, t, n, s) (((d) << 30) | ((t) << 8) | (n) | ((s) << 16))
#define _IO(t, n) _IOC(0U, t, n, 0)
#define _IOR(t, n, s) _IOC(2U, t, n, sizeof(s))
#define _IOW(t, n, s) _IOC(1U, t, n, sizeof(s))
#define _IOWR(t, n, s) _IOC(3U, t, n, sizeof(s))
#define TASK_COMM_LEN 16
#define UUID_SIZE 16
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef atomic64_t atomic_long_t;
typedef struct { atomic_t refs; } refcount_t;
typedef struct { __u8 b[16]; } uuid_t;
typedef struct { __u8 b[16]; } guid_t;
struct list_head { struct list_head *next, *prev; };
struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };
struct kref { refcount_t refcount; };
struct rcu_head { struct rcu_head *next; void (*func)(struct rcu_head *head); };
`;

/**
 * What never means anything else, so that nobody needs to look for it in the tree: the interface with user space, the
 * binary logarithm, whose own definition is a chain of 63 conditionals, and bit-field access, whose own definitions are
 * statements full of checks. A file's own definition goes first. From:
 * include/linux/log2.h (const_ilog2), bitfield.h (FIELD_), include/uapi/linux/const.h (_UL, _AC, __ALIGN_KERNEL), include/vdso/const.h (UL),
 * include/uapi/linux/utsname.h, fcntl.h (F_SEAL_), limits.h, if.h (IFNAMSIZ).
 */
export const STABLE_TEXT = `
#define __bf_shf(m) (__builtin_ffsll(m) - 1)
#define FIELD_PREP(m, v) (((typeof(m))(v) << __bf_shf(m)) & (m))
#define FIELD_PREP_CONST(m, v) (((typeof(m))(v) << __bf_shf(m)) & (m))
#define FIELD_MAX(m) ((typeof(m))((m) >> __bf_shf(m)))
#define FIELD_GET(m, v) ((typeof(m))(((v) & (m)) >> __bf_shf(m)))
#define FIELD_FIT(m, v) (!(((typeof(m))(v) << __bf_shf(m)) & ~(m)))
#define const_ilog2(n) ((n) < 2 ? 0 : 63 - __builtin_clzll(n))
#define _BITUL(nr) (1UL << (nr))
#define _BITULL(nr) (1ULL << (nr))
#define UL(x) x##UL
#define ULL(x) x##ULL
#define _UL(x) x##UL
#define _ULL(x) x##ULL
#define _AC(x, y) x##y
#define _AT(t, x) ((t)(x))
#define __KERNEL_DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define __ALIGN_KERNEL(x, a) (((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1))
#define __ALIGN_KERNEL_MASK(x, m) (((x) + (m)) & ~(m))
#define __NEW_UTS_LEN 64
#define PATH_MAX 4096
#define NAME_MAX 255
#define IFNAMSIZ 16
#define F_SEAL_SEAL 0x0001
#define F_SEAL_SHRINK 0x0002
#define F_SEAL_GROW 0x0004
#define F_SEAL_WRITE 0x0008
#define F_SEAL_FUTURE_WRITE 0x0010
#define F_SEAL_EXEC 0x0020
`;
