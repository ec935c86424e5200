import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { describe, type UnitOptions, unitOf } from './memory-tree.ts';

before(initParser);

/** One named construct: the declaration of `struct s` (or another name) and what must come out, checked against gcc by hand. */
function lays(
  name: string,
  text: string,
  expected: string,
  options: UnitOptions & { type?: string } = {},
): void {
  test(name, () => assert.equal(describe(unitOf(text, options), options.type ?? 'struct s'), expected));
}

lays(
  'natural alignment pads',
  'struct s { u8 a; u32 b; u16 c; };',
  '12/4 a@0+8 u8, b@32+32 u32, c@64+16 u16',
);
lays(
  '__packed closes the gaps',
  'struct s { u8 a; u32 b; u16 c; } __packed;',
  '7/1 a@0+8 u8, b@8+32 u32, c@40+16 u16',
);
lays(
  'packed before the tag',
  'struct __attribute__((packed)) s { u8 a; u32 b; };',
  '5/1 a@0+8 u8, b@8+32 u32',
);
lays('packed before the tag of a union', 'union __packed s { u8 a; u32 b; };', '4/1 a@0+8 u8, b@0+32 u32', {
  type: 'union s',
});
lays(
  'packed and aligned together',
  'struct s { u8 a; u64 b; } __attribute__((packed, aligned(4)));',
  '12/4 a@0+8 u8, b@8+64 u64',
);
lays(
  'two attributes, one after the other',
  'struct s { u8 a; u64 b; } __packed __aligned(2);',
  '10/2 a@0+8 u8, b@8+64 u64',
);
lays(
  'packed on one member',
  'struct s { u8 a; u32 b __packed; u32 c; };',
  '12/4 a@0+8 u8, b@8+32 u32, c@64+32 u32',
);
lays('aligned on one member', 'struct s { u8 a; u8 b __aligned(8); };', '16/8 a@0+8 u8, b@64+8 u8');
lays(
  'aligned member in a packed struct',
  'struct s { u8 a; u8 b __aligned(4); u64 c; } __packed;',
  '16/4 a@0+8 u8, b@32+8 u8, c@40+64 u64',
);
lays('[[gnu::packed]] on a member', 'struct s { u8 a; u32 b [[gnu::packed]]; };', '5/1 a@0+8 u8, b@8+32 u32');
lays('_Alignas on a member', 'struct s { u8 a; _Alignas(8) u8 b; };', '16/8 a@0+8 u8, b@64+8 u8');
lays('__aligned_u64', 'struct s { u32 a; __aligned_u64 b; };', '16/8 a@0+32 u32, b@64+64 u64');
lays(
  'typedef with an alignment of its own',
  'typedef u32 loose __aligned(1); struct s { u8 a; loose b; };',
  '5/1 a@0+8 u8, b@8+32 u32',
);
lays(
  '#pragma pack',
  '#pragma pack(push, 2)\nstruct s { u8 a; u64 b; };\n#pragma pack(pop)\nstruct t { u8 a; u64 b; };',
  '10/2 a@0+8 u8, b@16+64 u64',
);
lays(
  '#pragma pack ends',
  '#pragma pack(1)\n#pragma pack()\nstruct s { u8 a; u64 b; };',
  '16/8 a@0+8 u8, b@64+64 u64',
);

lays(
  'bit-fields share their unit',
  'struct s { u64 pfn:52; u64 flags:12; u64 index; } __packed;',
  '16/1 pfn@0+52 u64:52, flags@52+12 u64:12, index@64+64 u64',
);
lays(
  'a bit-field does not straddle its unit',
  'struct s { u32 a:20; u32 b:20; };',
  '8/4 a@0+20 u32:20, b@32+20 u32:20',
);
lays(
  'packed bit-fields run on',
  'struct s { u32 a:20; u32 b:20; } __packed;',
  '5/1 a@0+20 u32:20, b@20+20 u32:20',
);
lays('a zero width starts a new unit', 'struct s { u8 a:3; u32:0; u8 b:3; };', '5/1 a@0+3 u8:3, b@32+3 u8:3');
lays(
  'a zero width aligns the struct on arm64',
  'struct s { u8 a:3; u32:0; u8 b:3; };',
  '8/4 a@0+3 u8:3, b@32+3 u8:3',
  { target: 'arm64-4k' },
);
lays('an unnamed bit-field is padding', 'struct s { u32 a:4, :8, b:4; };', '4/4 a@0+4 u32:4, b@12+4 u32:4');
lays(
  'unnamed bit-fields of types of two words',
  'struct s { u8 x; unsigned int :9; enum e : 3; u8 y; }; enum e { E };',
  '4/1 x@0+8 u8, y@24+8 u8',
);
lays(
  'bool and enum bit-fields',
  'enum e { A, B }; struct s { bool a:1; enum e b:2; };',
  '4/4 a@0+1 bool:1, b@1+2 u32:2',
);
lays('an attribute before the width', 'struct s { u8 a; u32 b __packed : 4; };', '2/1 a@0+8 u8, b@8+4 u32:4');

lays(
  'anonymous unions and structs are flattened',
  'struct s { u32 a; union { u64 b; struct { u16 c; u16 d; }; }; };',
  '16/8 a@0+32 u32, b@64+64 u64, c@64+16 u16, d@80+16 u16',
);
lays('a flexible array', 'struct s { u32 n; u64 v[]; };', '8/8 n@0+32 u32, v@64+0 u64[]');
lays('a zero-length array', 'struct s { u32 n; u8 v[0]; };', '4/4 n@0+32 u32, v@32+0 u8[0]');
lays('arrays of several dimensions', 'struct s { u16 v[2][3][4]; };', '48/2 v@0+384 u16[2][3][4]');
lays(
  'an array of a typedef of an array',
  'typedef u16 row[3]; struct s { row v[2]; };',
  '12/2 v@0+96 u16[2][3]',
);
lays(
  'pointers and function pointers',
  'struct s { void *a; int (*f)(struct t *, int); char *names[3]; const char *const c; };',
  '48/8 a@0+64 ptr, f@64+64 ptr, names@128+192 ptr[3], c@320+64 ptr',
);
lays(
  'several declarators in a row',
  'struct s { u8 a, *b, c[3]; };',
  '24/8 a@0+8 u8, b@64+64 ptr, c@128+24 u8[3]',
);
lays(
  'enums',
  'enum e { A, B }; enum n { C = -1 }; enum w { D = 1ULL << 40 }; enum p { E } __packed; struct s { enum e a; enum n b; enum w c; enum p d; };',
  '24/8 a@0+32 u32, b@32+32 s32, c@64+64 u64, d@128+8 u8',
);
lays(
  'integer types are told apart by bytes',
  'struct s { char a; signed char b; unsigned char c; bool d; __be16 e; __le32 f; long g; long long h; size_t i; loff_t j; phys_addr_t k; };',
  '56/8 a@0+8 char, b@8+8 s8, c@16+8 u8, d@24+8 bool, e@32+16 be16, f@64+32 u32, g@128+64 s64, h@192+64 s64, i@256+64 u64, j@320+64 s64, k@384+64 u64',
);
lays('floating point', 'struct s { float a; double b; };', '16/8 a@0+32 f32, b@64+64 f64');
lays(
  '__int128',
  'struct s { u8 a; unsigned __int128 b; __int128 c; };',
  '48/16 a@0+8 u8, b@128+128 u128, c@256+128 s128',
);
lays(
  'typedefs of structs',
  'struct t { u32 x; }; typedef struct t t_t; typedef t_t u_t; struct s { u_t a; t_t *b; };',
  '16/8 a@0+32 struct t, b@64+64 ptr',
);
lays(
  'typeof',
  'struct t { u16 x; }; struct s { typeof(u32) a; typeof(((struct t *)0)->x) b; };',
  '8/4 a@0+32 u32, b@32+16 u16',
);
lays(
  'an attribute with a mode',
  'typedef int word __attribute__((mode(DI))); struct s { word a; };',
  '8/8 a@0+64 s64',
);
lays('an empty struct', 'struct s { };', '0/1 ');
lays('a stray semicolon', 'struct s { u8 a;; u8 b; };', '2/1 a@0+8 u8, b@8+8 u8');
lays('a struct declared within another', 'struct o { struct s { u8 a; } x; };', '1/1 a@0+8 u8');
lays(
  'an anonymous member with a tag',
  'struct t { u8 a; }; struct s { struct t; u8 b; };',
  '2/1 a@0+8 u8, b@8+8 u8',
);
lays('a struct behind a variable', 'static struct s { u8 a; } var = { .a = 1 };', '1/1 a@0+8 u8');
lays(
  'a struct among functions',
  'static int f(struct s *x)\n{\n\tif (x) { return 1; }\n\treturn 0;\n}\nEXPORT_SYMBOL(f);\nstruct s { u8 a; };\nint g(void) { return 2; }',
  '1/1 a@0+8 u8',
);
lays('a struct after a macro without a semicolon', 'MODULE_THING(x)\nstruct s { u8 a; };', '1/1 a@0+8 u8');

lays('DECLARE_BITMAP from our fallback', 'struct s { DECLARE_BITMAP(map, 65); };', '16/8 map@0+128 u64[2]');
lays(
  'a macro that yields a member',
  '#define PTR(name, type) union { u64 phys; type ptr; } name\nstruct s { PTR(next, struct s *); };',
  '8/8 next@0+64 union',
);
lays(
  'struct_group from our fallback',
  'struct s { u8 a; struct_group(g, u8 b; u16 c;); };',
  '6/2 a@0+8 u8, b@16+8 u8, c@32+16 u16, g@16+32 struct',
);
lays(
  'DECLARE_FLEX_ARRAY from our fallback',
  'struct s { u8 n; DECLARE_FLEX_ARRAY(u16, v); };',
  '2/2 n@0+8 u8, __empty_v@16+0 struct, v@16+0 u16[]',
);
lays(
  'attributes that say nothing about layout',
  'struct s { u8 __user *a; u8 b; u16 c[] __counted_by(b); } __randomize_layout;',
  '16/8 a@0+64 ptr, b@64+8 u8, c@80+0 u16[]',
);
lays(
  'a definition that changes within the struct',
  'struct s {\n#define ITEM(x) u8 x;\nITEM(a)\n#undef ITEM\n#define ITEM(x) u16 x;\nITEM(b)\n#undef ITEM\n};',
  '4/2 a@0+8 u8, b@16+16 u16',
);
lays(
  'structs that a macro declares whole',
  '#define DEFINE(name, ...) struct name { __VA_ARGS__ } __packed; struct name##_two { struct name v[2]; }\nDEFINE(s, u8 a; u16 b;);',
  '6/1 v@0+48 struct s[2]',
  { type: 's_two' },
);
lays(
  'a tag that a macro renames',
  '#define old fresh\nstruct fresh { u8 a; }; struct s { struct old x; };',
  '1/1 x@0+8 struct fresh',
);

test('the page size decides lengths', () => {
  const text = 'struct s { u64 v[PAGE_SIZE / sizeof(u64)]; };';
  assert.equal(describe(unitOf(text, { target: 'arm64-4k' }), 'struct s'), '4096/8 v@0+32768 u64[512]');
  assert.equal(describe(unitOf(text, { target: 'arm64-16k' }), 'struct s'), '16384/8 v@0+131072 u64[2048]');
  assert.equal(describe(unitOf(text, { target: 'arm64-64k' }), 'struct s'), '65536/8 v@0+524288 u64[8192]');
});

test('members bear their spelling, their place and the members of unnamed types', () => {
  const unit = unitOf(
    '#define PTR(name) union { u64 phys; struct t *ptr; } name\nstruct s {\n\tPTR(next);\n\tconst char *name;\n\tint (*f)(void);\n\tu8 v[2 * 3];\n};\n',
  );
  const fact = unit.layout('struct s');
  const members = fact?.layout.members ?? [];
  assert.deepEqual(
    members.map(({ type }) => type),
    ['union (anon)', 'const char *', 'int (*)(void)', 'u8[6]'],
  );
  assert.deepEqual(
    members.map(({ where }) => where?.line),
    [3, 4, 5, 6],
  );
  assert.deepEqual(
    members[0]?.members?.map(({ name, encoding }) => `${name} ${encoding}`),
    ['phys u64', 'ptr ptr'],
  );
  assert.deepEqual(fact?.types, ['struct t']);
  assert.deepEqual(fact?.where, { file: 'include/linux/x.h', line: 2 });
});

test('packed is told, also where it changes nothing', () => {
  const unit = unitOf('struct s { u64 a; } __packed; struct t { u64 a; };');
  assert.equal(unit.layout('struct s')?.layout.packed, true);
  assert.equal(unit.layout('struct t')?.layout.packed, false);
});

test('what has no layout is refused with its line', () => {
  const refused: [string, string, number][] = [
    ['struct s {\n\tlong double a;\n};', 'C_SYNTAX', 2],
    ['struct s {\n\tint v __attribute__((vector_size(16)));\n};', 'C_SYNTAX', 2],
    ['struct s {\n\tint a;\n\tmissing_t b;\n};', 'C_UNRESOLVED', 3],
    ['struct s {\n\tstruct missing b;\n};', 'C_UNRESOLVED', 2],
    ['struct s {\n\tint a[UNKNOWN_LENGTH];\n};', 'C_UNRESOLVED', 2],
    ['struct s {\n\tint a[sizeof(struct missing)];\n};', 'C_UNRESOLVED', 2],
    ['struct s {\n\tint a b c;\n};', 'C_SYNTAX', 2],
    ['struct s {\n\tvoid a;\n};', 'C_SYNTAX', 2],
  ];
  for (const [text, code, line] of refused) {
    const unit = unitOf(`${text}\nstruct whole { u8 a; };\n`);
    assert.throws(
      () => unit.layout('struct s'),
      (error: { code: string; details: { line: number; source: string } }) => {
        assert.deepEqual([error.code, error.details.line], [code, line], text);
        assert.equal(error.details.source, text.split('\n')[line - 1]);
        return true;
      },
    );
    assert.equal(unit.layout('struct whole')?.layout.size, 1);
  }
});
