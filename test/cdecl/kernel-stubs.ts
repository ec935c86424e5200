/** Path under an include folder to text: what the real headers include and a headers package does not hold, in our words. */
export function stubTexts(): [string, string][] {
  const attributes = `
#ifndef STUB_ATTRIBUTES
#define STUB_ATTRIBUTES
#define __user
#define __force
#define __iomem
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define __counted_by(x)
#define __counted_by_le(x)
#define __counted_by_be(x)
#define __always_inline inline
#define __attribute_const__
#endif
`;
  const types = `
#ifndef STUB_TYPES
#define STUB_TYPES
${attributes}
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef u8 __u8; typedef u16 __u16; typedef u32 __u32; typedef u64 __u64; typedef int __s32; typedef long long __s64;
typedef u64 __aligned_u64 __attribute__((aligned(8)));
typedef u64 phys_addr_t;
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define BITS_PER_BYTE 8
#define BIT(n) (1UL << (n))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ALIGN(x, a) (((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define const_ilog2(n) (63 - __builtin_clzll(n))
#define DECLARE_BITMAP(name, bits) unsigned long name[DIV_ROUND_UP(bits, 64)]
#define static_assert _Static_assert
#define __NEW_UTS_LEN 64
#endif
`;
  const kernel = [
    'types',
    'bits',
    'log2',
    'math',
    'align',
    'utsname',
    'ioctl',
    'compiler',
    'string',
    'errno',
    'sizes',
    'const',
    'limits',
    'build_bug',
    'mm',
  ];
  return [
    ['luo-abi-attributes.h', attributes],
    ['linux/compiler.h', attributes],
    ['linux/compiler_types.h', attributes],
    ...kernel.map((name): [string, string] => [`kernel/linux/${name}.h`, types]),
    ['kernel/asm/page.h', types],
  ];
}
