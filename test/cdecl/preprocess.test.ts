import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { describe, unitOf } from './memory-tree.ts';

before(initParser);

/** The text that an expression expands to, through a macro that makes a string of it. */
function expanded(defines: string, text: string): unknown {
  return unitOf(
    `#define STR(...) #__VA_ARGS__\n#define XSTR(...) STR(__VA_ARGS__)\n${defines}\n#define RESULT XSTR(${text})\n`,
  ).constant('RESULT')?.value;
}

const EXPANSIONS: [string, string, string, string][] = [
  ['an object-like macro', '#define A 1 + 2', 'A', '1 + 2'],
  ['a function-like macro', '#define F(x, y) (x)*(y)', 'F(1 + 2, 3)', '(1 + 2)*(3)'],
  ['a function-like name without parentheses', '#define F(x) x', 'F + F(1)', 'F + 1'],
  ['commas and parentheses in arguments', '#define F(x, y) [x|y]', 'F((1, 2), f(3, 4))', '[(1, 2)|f(3, 4)]'],
  ['an empty argument', '#define F(x, y) <x,y>', 'F(, 2)', '<,2>'],
  ['rescanning with what follows', '#define F(x) x\n#define G F', 'G(1)(2)', '1(2)'],
  ['a macro in its own argument', '#define F(x) x + 1', 'F(F(2))', '2 + 1 + 1'],
  ['mutual recursion stops', '#define A B + A\n#define B A', 'A', 'A + A'],
  ['stringify', '#define S(x) #x', 'S(a  "b\\n" \'"\')', '"a \\"b\\\\n\\" \'\\"\'"'],
  ['stringify takes the argument unexpanded', '#define A 1\n#define S(x) #x x', 'S(A)', '"A" 1'],
  ['paste', '#define P(a, b) a##b', 'P(x, 1) P(1, UL) P(, y)', 'x1 1UL y'],
  [
    'paste takes arguments unexpanded and rescans',
    '#define A 1\n#define A1 7\n#define P(a, b) a##b',
    'P(A, 1)',
    '7',
  ],
  ['variadic', '#define V(f, ...) f<__VA_ARGS__>', 'V(1, 2, 3) V(1)', '1<2, 3> 1<>'],
  ['named variadic', '#define V(f, args...) f<args>', 'V(1, 2)', '1<2>'],
  [
    'the comma before an empty rest goes',
    '#define V(f, ...) g(f, ##__VA_ARGS__)',
    'V(1) V(1, 2)',
    'g(1) g(1, 2)',
  ],
  ['an empty argument leaves its white space', '#define F(x, y) <x y>', 'F(1,)', '<1 >'],
  ['__VA_OPT__', '#define V(f, ...) g(f __VA_OPT__(, x) __VA_ARGS__)', 'V(1) V(1, 2)', 'g(1 ) g(1 , x 2)'],
  ['the standard example of hide sets', '#define f(a) a*g\n#define g(a) f(a)', 'f(2)(9)', '2*9*g'],
];

for (const [name, defines, text, result] of EXPANSIONS)
  test(`expands: ${name}`, () =>
    assert.equal(String(expanded(defines, text)).replaceAll(/\s+/g, ' '), result));

test('a line that ends in a backslash goes on, comments are white space', () => {
  const unit = unitOf(
    '#define A /* one\n two */ 1 \\\n  + \\\r\n2 // rest\nstruct s { u8 v[A]; }; /* x */ struct /**/ t { u8 a; };\n',
  );
  assert.equal(unit.constant('A')?.value, 3);
  assert.deepEqual(unit.layout('struct t')?.where.line, 5);
});

test('a string may hold what looks like a comment', () => {
  assert.equal(unitOf('#define A "/* no */ // no"\n').constant('A')?.value, '/* no */ // no');
});

const CONDITIONS: [string, boolean][] = [
  ['1', true],
  ['0', false],
  ['UNKNOWN', false],
  ['!UNKNOWN', true],
  ['defined(X)', true],
  ['defined X && !defined Y', true],
  ['X == 2', true],
  ['X > 1 && X < 3', true],
  ['(X * 3) % 4 == 2', true],
  ['-1 > 0u', true],
  ['1 << 40', true],
  ["'a' == 97", true],
  ['0 && 1 / 0', false],
  ['IS_ENABLED(CONFIG_X)', false],
  ['F(2) == 4', true],
  ['~0 == -1', true],
  ['BITS_PER_LONG == 64', true],
  ['__has_attribute(packed)', false],
  ['UNKNOWN_CALL(1, 2)', false],
  ['defined(CONFIG_64BIT) && PAGE_SHIFT == 12', true],
  ['X ? 0 : 1', false],
];

test('conditions', () => {
  for (const [condition, isTrue] of CONDITIONS) {
    const unit = unitOf(
      `#define X 2\n#define F(x) ((x) * 2)\n#if ${condition}\nenum { RESULT = 1 };\n#else\nenum { RESULT = 0 };\n#endif\n`,
    );
    assert.equal(unit.constant('RESULT')?.value, isTrue ? 1 : 0, condition);
    assert.deepEqual(unit.diagnostics, [], condition);
  }
});

test('#elif takes the first true branch, #ifdef and #ifndef nest', () => {
  const text =
    '#ifdef A\n#define R 1\n#elif 1\n#ifndef B\n#define R 2\n#endif\n#elif 1\n#define R 3\n#else\n#define R 4\n#endif\n';
  assert.equal(unitOf(text).constant('R')?.value, 2);
  assert.equal(unitOf(`#define A\n${text}`).constant('R')?.value, 1);
  assert.equal(unitOf(`#define B\n${text}`).constant('R'), undefined);
});

test('what is skipped need not be C', () => {
  assert.equal(
    describe(unitOf('#if 0\nthis isn\'t C "\n#error no\n#endif\nstruct s { u8 a; };\n'), 'struct s'),
    '1/1 a@0+8 u8',
  );
});

test('a macro counts where it stands: redefined, undefined', () => {
  const unit = unitOf('#define N 1\nstruct a { u8 v[N]; };\n#undef N\n#define N 2\nstruct b { u8 v[N]; };\n');
  assert.equal(unit.layout('struct a')?.layout.size, 1);
  assert.equal(unit.layout('struct b')?.layout.size, 2);
  assert.equal(unit.constant('N')?.value, 2);
});

test('a broken directive is a diagnostic and spoils nothing else', () => {
  const unit = unitOf('#if (\n#endif\n#define 1\n#define F(a b) 1\n#endif\n#if 1\nstruct s { u8 a; };\n');
  assert.deepEqual(
    unit.diagnostics.map(({ where }) => where.line),
    [1, 3, 4, 5, 6],
  );
  assert.equal(unit.layout('struct s')?.layout.size, 1);
});

test('declared names are those of the file itself, in order', () => {
  const files = { 'include/linux/y.h': '#define ELSEWHERE 1\nstruct elsewhere { int a; };\n' };
  const text =
    '#include <linux/y.h>\n#define A 1\nstruct s { struct inner { u8 a; } x; };\n#define F(x) x\ntypedef union { u8 a; } u_t;\nenum e { E };\n#define G 1\n#undef G\n';
  const unit = unitOf(text, { files });
  assert.deepEqual(
    unit.declaredMacros().map(({ name, functionLike, where }) => [name, functionLike, where.line]),
    [
      ['A', false, 2],
      ['F', true, 4],
    ],
  );
  assert.deepEqual(
    unit.declaredStructs().map(({ name, kind, where }) => [name, kind, where.line]),
    [
      ['s', 'struct', 3],
      ['inner', 'struct', 3],
      ['u_t', 'union', 5],
    ],
  );
  assert.deepEqual(unit.declaredEnumerators(), [
    { name: 'E', enumTag: 'e', where: { file: 'include/linux/x.h', line: 6 } },
  ]);
});
