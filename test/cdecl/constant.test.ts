import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { unitOf } from './memory-tree.ts';

before(initParser);

const VALUES: [string, number | string][] = [
  ['1 + 2 * 3', 7],
  ['(1 << 4) | 0x20 ^ 017', 0x10 | (0x20 ^ 0o17)],
  ['-1', -1],
  ['~0U', 4294967295],
  ['~0UL', '18446744073709551615'],
  ['-1 < 0u', 0],
  ['1 ? -1 : 2u', 4294967295],
  ['0x80000000', 2147483648],
  ['0xffffffff + 1', 0],
  ['2147483647 + 1', -2147483648],
  ['1UL << 63', '9223372036854775808'],
  ['10 / -3', -3],
  ['10 % -3', 1],
  ["'a' + '\\n' + '\\0' + '\\x41'", 97 + 10 + 65],
  ['0 && 1 / 0', 0],
  ['1 || 1 / 0', 1],
  ['1 ? 5 : 1 / 0', 5],
  ['(1, 2)', 2],
  ['sizeof(int) + sizeof(long) + sizeof(void *) + sizeof(char)', 21],
  ['sizeof(u64[3])', 24],
  ['sizeof "abc" "de"', 6],
  ['sizeof(1UL)', 8],
  ['sizeof(struct t)', 16],
  ['sizeof(struct { u8 a; u32 b; } __packed)', 5],
  ['sizeof(((struct t *)0)->b)', 8],
  ['sizeof_field(struct t, c.d)', 2],
  ['_Alignof(struct t)', 8],
  ['offsetof(struct t, b)', 8],
  ['offsetof(struct u, v[2].c.d)', 4 + 2 * 16 + 2],
  ['(size_t)&((struct u *)0)->v[1]', 4 + 16],
  ['(u8)300 + (s8)200 + (bool)7', 44 - 56 + 1],
  ['(unsigned char)-1', 255],
  ['BIT(3)', 8],
  ['GENMASK(7, 4)', 0xf0],
  ['DIV_ROUND_UP(10, 3)', 4],
  ['ALIGN(sizeof("luo-v5"), 8)', 8],
  ['const_ilog2(PAGE_SIZE / sizeof(phys_addr_t))', 9],
  ['BITS_PER_TYPE(u32)', 32],
  ['IS_ENABLED(CONFIG_NOTHING)', 0],
  ['__builtin_constant_p(1) + __builtin_constant_p(nothing)', 1],
  ['__builtin_choose_expr(1, 4, nothing)', 4],
  ['__builtin_types_compatible_p(u32, unsigned int)', 1],
  ['__builtin_types_compatible_p(u32, int)', 0],
  ['__builtin_clzll(1) + __builtin_ctz(8) + __builtin_popcount(0xff) + __builtin_ffs(0)', 63 + 3 + 8],
  ['_Generic((u8)1, u8: 3, default: 4)', 3],
  ['ARRAY_SIZE(((struct u *)0)->v)', 3],
  ['PAGE_MASK', '18446744073709547520'],
  ['5 ?: 1 / 0', 5],
  ['THIRD', 12],
  ['"kho" "-" "v1"', 'kho-v1'],
  ['("memfd-v2")', 'memfd-v2'],
  ['"tab\\t\\x41\\101"', 'tab\tAA'],
];

const TYPES = `
enum e { FIRST = 5, SECOND, THIRD = SECOND * 2 };
struct t { u8 a; struct { u16 d; } c; u64 b; };
struct u { u32 n; struct t v[3] __packed; };
`;

test('constant expressions have C values', () => {
  const lines = VALUES.map(([text], index) => `#define V${index} ${text}`).join('\n');
  const unit = unitOf(`${TYPES}${lines}\n`);
  for (const [index, [text, value]] of VALUES.entries())
    assert.equal(unit.constant(`V${index}`)?.value, value, text);
});

test('a constant bears its place and its enum', () => {
  const unit = unitOf('\nenum e {\n\tA,\n\tB = 7,\n};\n#define C \\\n\tB\nenum { D };\n');
  assert.deepEqual(unit.constant('B'), {
    value: 7,
    where: { file: 'include/linux/x.h', line: 4 },
    macro: false,
    enumTag: 'e',
  });
  assert.deepEqual(unit.constant('C'), {
    value: 7,
    where: { file: 'include/linux/x.h', line: 6 },
    macro: true,
  });
  assert.deepEqual(unit.constant('D'), {
    value: 0,
    where: { file: 'include/linux/x.h', line: 8 },
    macro: false,
  });
});

test('what has no value is undefined or refused', () => {
  const unit = unitOf(
    '#define EMPTY\n#define F(x) x\n#define CODE do { x(); } while (0)\n#define CALL f(1)\n#define FLOAT 1.5\n#define GONE 1\n#undef GONE\n',
  );
  for (const name of ['EMPTY', 'F', 'GONE', 'NEVER']) assert.equal(unit.constant(name), undefined, name);
  for (const [name, code] of [
    ['CODE', 'C_UNRESOLVED|C_SYNTAX'],
    ['CALL', 'C_UNRESOLVED'],
    ['FLOAT', 'C_SYNTAX'],
  ] as const) {
    assert.throws(
      () => unit.constant(name),
      (error: { code: string }) => code.split('|').includes(error.code),
      name,
    );
  }
});

test('enumerators that macros yield are found', () => {
  const unit = unitOf(
    '#define LIST(X) X(ONE) X(TWO)\n#define AS_ENUM(n) ID_##n,\nenum ids { LIST(AS_ENUM) ID_COUNT };\nstruct s { u8 v[ID_COUNT]; };\n',
  );
  assert.equal(unit.layout('struct s')?.layout.size, 2);
  assert.equal(unit.constant('ID_TWO')?.value, 1);
  assert.deepEqual(
    unit.declaredEnumerators().map(({ name }) => name),
    ['ID_ONE', 'ID_TWO', 'ID_COUNT'],
  );
});

test('static assertions are evaluated', () => {
  const unit = unitOf(
    'struct s { u64 a; };\nstatic_assert(sizeof(struct s) == 8);\n_Static_assert(sizeof(struct s) == PAGE_SIZE, "page");\nBUILD_BUG_ON(sizeof(struct s) != 8);\nstatic_assert(sizeof(struct unknown) == 1);\n',
  );
  assert.deepEqual(
    unit.staticAssertions().map(({ holds }) => holds),
    [true, false, true, undefined],
  );
  const [diagnostic] = unit.diagnostics;
  assert.equal(diagnostic?.code, 'C_STATIC_ASSERT');
  assert.deepEqual(diagnostic?.where, { file: 'include/linux/x.h', line: 3 });
  assert.equal(diagnostic?.source, '_Static_assert(sizeof(struct s) == PAGE_SIZE, "page");');
});
