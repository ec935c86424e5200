import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { type BtfLayout, layoutFromBtf, layoutsFromBtf } from '../../src/capture/btf-layout.ts';
import { initParser } from '../../src/cdecl/index.ts';
import { openBtf } from '../../src/formats/btf/index.ts';
import type { Layout, Member } from '../../src/model/layout.ts';
import { membersOf, unitOf } from '../cdecl/memory-tree.ts';
import { randomHeader } from '../cdecl/random-header.ts';
import { BlobWriter } from '../formats/btf/blob.ts';
import { compileBtf, skipCompile } from '../formats/btf/compile-btf.ts';
import { propertyRuns } from '../formats/property.ts';

before(initParser);

/** What a compiler needs of the kernel's headers, in our words. */
const PRELUDE = `
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef int s32; typedef unsigned long long u64; typedef long long s64;
typedef u8 __u8; typedef u16 __u16; typedef u32 __u32; typedef u64 __u64; typedef u32 __le32; typedef u16 __be16;
typedef u32 __be32; typedef u64 __be64; typedef u64 __aligned_u64 __attribute__((aligned(8)));
typedef u64 phys_addr_t; typedef unsigned long size_t; typedef _Bool bool;
struct list_head { struct list_head *next, *prev; };
#define __packed __attribute__((__packed__))
#define __aligned(x) __attribute__((__aligned__(x)))
#define PAGE_SHIFT 12
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
`;

const STRUCTS = `
enum state { STATE_NONE, STATE_KEPT = 4 };
enum sign { SIGN_MINUS = -1, SIGN_PLUS };
enum wide { WIDE_TOP = 0x123456789abcULL };
enum tiny { TINY_A, TINY_B } __packed;
struct vec { u64 first; u32 total; u32 order; };
struct ser { char compatible[48]; u64 size; u64 flags; struct vec pages; u8 reserved[3]; s8 sign; __be32 order; };
struct packed_ser { u8 kind; u64 value; u16 port; __be64 key; struct vec vec; } __packed;
struct tight { u64 value; u64 other; } __packed;
struct bits { u32 low:3; u32 :5; u32 high:24; u64 wide:40; u64 rest:24; bool on:1; enum state state:4; int less:7; };
struct packed_bits { u8 kind; u32 low:3; u32 over:30; u64 wide:50; u16 end; } __packed;
struct flags_or_value {
	u32 type;
	union {
		u64 value;
		struct { u32 low; u32 high; };
		struct { u16 part[4]; } parts;
		struct vec vec;
	};
	union { u8 bytes[8]; u64 word; } tail;
	struct { u8 a; struct { u16 b; union { u8 c; u32 d; }; }; } rows[3];
};
struct flexible { u32 count; u32 size; struct vec rows[]; };
struct in_union { u32 count; union { struct { struct { } none; u8 data[]; }; u32 word; }; };
struct pointers { struct vec *vec; const char *name; void **list; int (*call)(void); const u8 *const rows[2]; struct unknown *next; };
struct enums { enum state state; enum sign sign; enum wide wide; enum tiny tiny; enum { LOCAL_A, LOCAL_B } local; };
struct numbers { long l; unsigned long ul; short s; unsigned short us; long long ll; char c; signed char sc; bool b; double d; float f; size_t n; volatile u32 v; };
struct grid { u8 cells[2][3]; struct vec vecs[2][2][2]; u16 last[][4]; };
typedef struct { u8 a; u32 b; } bare_t;
struct uses_bare { bare_t one; bare_t two[2]; const bare_t *more; };
struct list { struct list *next, *prev; struct ser ser; };
union either { u64 word; u8 bytes[12]; struct { u32 lo; } part; };
struct empty { };
`;
const NAMES = [...STRUCTS.matchAll(/^(struct|union) (\w+)/gm)].map(([, form, tag]) => `${form} ${tag}`);
const KNOWN_PACKED = ['struct packed_ser', 'struct packed_bits'];

/** Several dimensions as one and `[]` as `[0]`: so pahole writes arrays. */
function flatArray(text: string): string {
  return text.replace(/(?:\[\d*\])+/, (dimensions) => {
    const lengths = [...dimensions.matchAll(/\d+|(?<=\[)(?=\])/g)].map(Number);
    return `[${lengths.reduce((product, length) => product * length, 1)}]`;
  });
}

/** A layout without what BTF does not carry, and without places. */
function comparable(layout: Layout): unknown {
  const { kind, size, members } = layout;
  return { kind, size, members: members.map(comparableMember) };
}

function comparableMember({ name, bitOffset, bitSize, encoding, members }: Member): unknown {
  const inner = members && { members: members.map(comparableMember) };
  return { name, bitOffset, bitSize, encoding: flatArray(encoding), ...inner };
}

test('structs are laid out from BTF as from their text', { skip: skipCompile }, () => {
  const btf = openBtf(compileBtf(PRELUDE + STRUCTS));
  const unit = unitOf(`#include <linux/types.h>\n${STRUCTS}`);
  for (const name of [...NAMES, 'bare_t']) {
    const expected = unit.layout(name);
    const found = layoutFromBtf(btf, name);
    assert.ok(expected && found, name);
    assert.deepEqual(comparable(found.layout), comparable(expected.layout), name);
    assert.deepEqual(found.types, expected.types, name);
    assert.equal(found.packedKnown, KNOWN_PACKED.includes(name), name);
    assert.equal(found.layout.packed, KNOWN_PACKED.includes(name), name);
    // `tight` is packed and nothing shows it.
    if (name !== 'struct tight') assert.equal(found.layout.align, expected.layout.align, name);
    const spelled = (layout: Layout) => layout.members.map(({ type }) => flatArray(type));
    assert.deepEqual(spelled(found.layout), spelled(expected.layout), name);
  }
});

test('what was derived is named', { skip: skipCompile }, () => {
  const btf = openBtf(compileBtf(PRELUDE + STRUCTS));
  const inferred = (name: string) => layoutFromBtf(btf, name)?.inferred;
  assert.deepEqual(inferred('struct ser'), ['align', 'packed']);
  assert.deepEqual(inferred('struct packed_ser'), ['align']);
  assert.deepEqual(inferred('flexible'), ['align', 'packed', 'flexible rows']);
  assert.equal(layoutFromBtf(btf, 'struct either'), undefined);
  assert.equal(layoutFromBtf(btf, 'nothing'), undefined);
});

/** Each member with inner ones, as one line of text. */
function lines(members: readonly Member[], path = ''): string[] {
  return members.flatMap((member) => [
    `${path}${member.name}@${member.bitOffset}+${member.bitSize} ${flatArray(member.encoding)}`,
    ...lines(member.members ?? [], `${path}${member.name}.`),
  ]);
}

test('random headers are laid out from BTF as from their text', { skip: skipCompile }, () => {
  const { seed, numRuns } = propertyRuns('random headers', 60);
  const headers = fc.sample(fc.nat(), { seed, numRuns }).map((each, number) => randomHeader(each, number));
  const texts = headers.map(({ text }) => text.replace('#include <linux/types.h>\n', '\n'));
  const btf = openBtf(compileBtf(`${PRELUDE}\n${texts.join('\n')}`));
  btf.validate();
  let compared = 0;
  for (const { text, structs } of headers) {
    const unit = unitOf(text);
    for (const { type } of structs) {
      const expected = unit.layout(type)?.layout;
      const found = layoutFromBtf(btf, type);
      assert.ok(expected && found, type);
      assert.deepEqual(lines(found.layout.members), lines(expected.members), `${type}\n${text}`);
      assert.equal(found.layout.size, expected.size, type);
      assert.ok(!found.layout.packed || /packed|pragma pack/.test(text), `${type} is packed`);
      compared += 1;
    }
  }
  console.log(`random headers: ${compared} structs of ${numRuns} headers compared`);
});

test('types of one name are told apart', () => {
  const btf = openBtf(
    new BlobWriter()
      .int('int', 4)
      .add('struct', { name: 's', last: 4, vlen: 1, words: ['a', 1, 0] })
      .add('struct', { name: 's', last: 4, vlen: 1, words: ['a', 1, 0] })
      .add('struct', { name: 's', last: 8, vlen: 2, words: ['a', 1, 0, 'b', 1, 32] })
      .bytes(),
  );
  assert.deepEqual(
    layoutsFromBtf(btf, 's').map(({ id }) => id),
    [2, 4],
  );
  assert.deepEqual(layoutFromBtf(btf, 's')?.inferred, ['align', 'packed', 'first of 2 layouts of that name']);
});

test('a module on a base without members, as .BTF.base has it, is laid out', () => {
  const distilled = new BlobWriter().int('int', 4, 1).add('struct', { name: 'known', last: 24 }).bytes();
  const split = new BlobWriter({ stringBase: 'xint_known_'.length })
    .add('struct', { name: 's', last: 32, vlen: 2, words: ['first', 2, 0, 'second', 1, 192] })
    .bytes();
  const fact = layoutFromBtf(openBtf(split, { base: openBtf(distilled) }), 's') as BtfLayout;
  assert.deepEqual(membersOf(fact.layout), ['first@0+192 struct known', 'second@192+32 s32']);
  assert.deepEqual(fact.types, ['struct known']);
});

test('bit-fields of compilers that place them in their integer are read', () => {
  const btf = openBtf(
    new BlobWriter()
      .add('int', { name: 'int', last: 4, words: [(1 << 24) | (3 << 16) | 5] })
      .add('struct', { name: 's', last: 8, vlen: 2, words: ['a', 1, 0, 'b', 1, 32] })
      .bytes(),
  );
  const { layout } = layoutFromBtf(btf, 's') as BtfLayout;
  assert.deepEqual(membersOf(layout), ['a@3+5 s32:5', 'b@35+5 s32:5']);
});

test('members that cannot be are refused', () => {
  const cases: [string, BlobWriter][] = [
    ['s holds itself', new BlobWriter().add('struct', { name: 's', last: 8, vlen: 1, words: ['a', 1, 0] })],
    [
      'member a ends behind its 3 bytes',
      new BlobWriter().add('struct', { name: 's', last: 3, vlen: 1, words: ['a', 2, 0] }),
    ],
    [
      'member a has a type without a size',
      new BlobWriter().add('struct', { name: 's', last: 3, vlen: 1, words: ['a', 0, 0] }),
    ],
  ];
  for (const [message, writer] of cases) {
    const btf = openBtf(writer.int('int', 4).bytes());
    assert.throws(() => layoutFromBtf(btf, 's'), {
      code: 'BTF_CORRUPT',
      message: new RegExp(message.replace('s holds', 'holds')),
    });
  }
});
