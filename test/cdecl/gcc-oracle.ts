import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RandomHeader, StructProbe } from './random-header.ts';

/** What gcc says: `size TYPE`, `align TYPE`, `at TYPE PATH` (first bit and number of bits), `value NAME`. */
export type GccFacts = ReadonlyMap<string, string>;

/** What the random headers use of the kernel's headers, in our words. */
const PRELUDE = `
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef int s32; typedef unsigned long long u64; typedef long long s64;
typedef u8 __u8; typedef u16 __u16; typedef u32 __u32; typedef u64 __u64; typedef u32 __le32; typedef u16 __be16;
typedef u64 __aligned_u64 __attribute__((aligned(8)));
typedef u64 phys_addr_t; typedef unsigned long size_t; typedef _Bool bool;
struct list_head { struct list_head *next, *prev; };
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define BITS_PER_LONG 64
#define BIT(n) (1UL << (n))
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (63 - (h))))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ALIGN(x, a) (((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define const_ilog2(n) ((n) < 2 ? 0 : 63 - __builtin_clzll(n))
#define DECLARE_BITMAP(name, bits) unsigned long name[DIV_ROUND_UP(bits, 64)]
#define IS_ENABLED(x) 0
#define offsetof(t, m) __builtin_offsetof(t, m)
int printf(const char *, ...);
void *memset(void *, int, size_t);
static void bits(const char *type, const char *path, const unsigned char *bytes, unsigned long size)
{
	unsigned long first = 0, count = 0;
	for (unsigned long bit = 0; bit < size * 8; bit++)
		if (bytes[bit / 8] >> (bit % 8) & 1 && !count++)
			first = bit;
	printf("at %s %s=%lu %lu\\n", type, path, first, count);
}
#define BITS(T, p) do { static union { T s; unsigned char b[sizeof(T)]; } u; memset(&u, 0, sizeof(u)); u.s.p = -1; bits(#T, #p, u.b, sizeof(T)); } while (0)
#define AT(T, p) printf("at %s %s=%lu %lu\\n", #T, #p, offsetof(T, p) * 8, sizeof(((T *)0)->p) * 8)
#define FLEX(T, p) printf("at %s %s=%lu 0\\n", #T, #p, offsetof(T, p) * 8)
#define TYPE(T) printf("size %s=%lu\\nalign %s=%lu\\n", #T, sizeof(T), #T, _Alignof(T))
#define VALUE(name) printf("value " #name "=%s%llu\\n", (name) < 0 ? "-" : "", (name) < 0 ? -(u64)(name) : (u64)(name))
`;
const MACRO = { plain: 'AT', bits: 'BITS', flexible: 'FLEX' } as const;

/** Compiles one program for many headers, runs it, and reads what it prints. */
export function askGcc(headers: readonly RandomHeader[], pageShift: number): GccFacts {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-gcc-'));
  try {
    const functions = headers.map((header, index) => `static void f${index}(void)\n{\n${probes(header)}}\n`);
    const texts = headers.map((header) => header.text.replace('#include <linux/types.h>\n', '\n'));
    const calls = headers.map((_header, index) => `\tf${index}();\n`).join('');
    const program = `${PRELUDE}\n${texts.join('\n')}\n${functions.join('')}int main(void)\n{\n${calls}\treturn 0;\n}\n`;
    writeFileSync(join(folder, 'probe.c'), program);
    const flags = [
      '-w',
      '-Wno-packed-bitfield-compat',
      '-O0',
      '-std=gnu11',
      '-funsigned-char',
      `-DPAGE_SHIFT=${pageShift}`,
    ];
    execFileSync('gcc', [...flags, '-o', join(folder, 'probe'), join(folder, 'probe.c')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const output = execFileSync(join(folder, 'probe'), { encoding: 'utf8', maxBuffer: 1 << 28 });
    return new Map(
      output
        .trimEnd()
        .split('\n')
        .map((line) => splitFact(line)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function splitFact(line: string): [string, string] {
  const at = line.lastIndexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

function probes(header: RandomHeader): string {
  const structs = header.structs.flatMap((struct) => [`\tTYPE(${struct.type});\n`, ...memberProbes(struct)]);
  const constants = header.constants.map(
    (name) =>
      `\tprintf("value ${name}=%s%llu\\n", (${name}) < 0 ? "-" : "", (${name}) < 0 ? -(u64)(${name}) : (u64)(${name}));\n`,
  );
  return [...structs, ...constants].join('');
}

function memberProbes(struct: StructProbe): string[] {
  return struct.members.map((member) => `\t${MACRO[member.kind]}(${struct.type}, ${member.path});\n`);
}
