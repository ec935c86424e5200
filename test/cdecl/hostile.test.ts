import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser } from '../../src/cdecl/index.ts';
import { type ErrorCode, ToolError } from '../../src/errors.ts';
import { processorTime } from '../support/processor-time.ts';
import { unitOf } from './memory-tree.ts';

before(initParser);

/**
 * Milliseconds of the processor that anything may take. What stops a bomb is a count of steps; without it, it would run for
 * hours, so that a slow or busy machine has room.
 */
const LIMIT = 10_000;

/** Runs something that must end within the limit; the error that it throws, or undefined. */
function within(run: () => unknown): ToolError | undefined {
  const start = processorTime();
  let thrown: ToolError | undefined;
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ToolError, String(error));
    thrown = error;
  }
  const spent = processorTime() - start;
  assert.ok(spent < LIMIT, `it took ${spent} ms of the processor`);
  return thrown;
}

function assertRefused(run: () => unknown, code: ErrorCode, line: number): void {
  const error = within(run);
  assert.equal(error?.code, code, error?.message);
  assert.equal(error?.details.line, line);
  assert.ok(error?.message.includes(`:${line}: `), error?.message);
  assert.doesNotMatch(error?.message ?? '', /\n/);
}

const deep = (open: string, close: string, middle: string) =>
  `${open.repeat(10_000)}${middle}${close.repeat(10_000)}`;

test('a macro that expands to itself stops', () => {
  const unit = unitOf(
    '#define a b\n#define b a\n#define LEN LEN\nenum { LEN = 4 };\nstruct s { int a; char c[LEN]; };\n',
  );
  within(() => assert.equal(unit.layout('struct s')?.layout.size, 8));
  assert.equal(unit.layout('struct s')?.layout.members[0]?.name, 'a');
  within(() => assert.equal(unit.constant('LEN')?.value, 4));
  assert.throws(() => unit.constant('a'), { code: 'C_UNRESOLVED' });
});

test('a macro that would yield more than a megabyte is refused', () => {
  const doubling = Array.from({ length: 40 }, (_, index) => `#define B${index + 1} B${index} B${index}`).join(
    '\n',
  );
  const unit = unitOf(`#define B0 int\n${doubling}\nstruct s {\n\tB40 x;\n};\nstruct t { int y; };\n`);
  assertRefused(() => unit.layout('struct s'), 'C_EXPANSION', 43);
  assert.equal(unit.layout('struct t')?.layout.size, 4);
});

test('a bomb of function-like macros is refused', () => {
  const unit = unitOf('#define F(x) x x x x x x x x\n#define A F(F(F(F(F(F(F(F(F(F(1))))))))))\n');
  assertRefused(() => unit.constant('A'), 'C_EXPANSION', 2);
});

test('a bomb of pasted and stringified arguments is refused', () => {
  const unit = unitOf(
    '#define P(x) x##x\n#define Q(x) P(x)\n#define R(x) Q(Q(Q(Q(Q(Q(Q(Q(x))))))))\n#define A R(R(R(11)))\n',
  );
  assertRefused(() => unit.constant('A'), 'C_EXPANSION', 4);
});

test('a header that includes itself is refused', () => {
  assertRefused(() => unitOf('\n#include <linux/x.h>\nstruct s { int a; };\n'), 'C_INCLUDE_LOOP', 2);
});

test('headers that include each other without a guard are refused', () => {
  const files = {
    'include/linux/y.h': '#include <linux/z.h>\n',
    'include/linux/z.h': '\n\n#include <linux/y.h>\n',
  };
  assertRefused(() => unitOf('#include <linux/y.h>\n', { files }), 'C_INCLUDE_LOOP', 3);
});

test('headers that include each other with guards are read', () => {
  const guarded = (name: string, other: string, text: string) =>
    `#ifndef ${name}\n#define ${name}\n#include <linux/${other}.h>\n${text}\n#endif\n`;
  const files = { 'include/linux/y.h': guarded('Y', 'x', '#define N 3') };
  const unit = unitOf(guarded('X', 'y', 'struct s { char c[N]; };'), { files });
  within(() => assert.equal(unit.layout('struct s')?.layout.size, 3));
});

test('a division by zero is refused with its line', () => {
  const unit = unitOf(
    '#define ZERO (1 - 1)\n#define BAD (4 /\\\n ZERO)\nstruct s {\n\tchar c[3 % ZERO];\n};\n#if 1 / 0\nstruct t { int a; };\n#endif\n',
  );
  assertRefused(() => unit.constant('BAD'), 'C_DIVISION', 2);
  assertRefused(() => unit.layout('struct s'), 'C_DIVISION', 5);
  assert.deepEqual(
    unit.diagnostics.map(({ code, where }) => [code, where.line]),
    [['C_DIVISION', 7]],
  );
  assert.equal(unit.layout('struct t'), undefined);
});

test('10,000 nested parentheses are refused', () => {
  const unit = unitOf(
    `\n#define A ${deep('(', ')', '1')}\nstruct s {\n\tchar c[${deep('(', ')', '1')}];\n};\n`,
  );
  assertRefused(() => unit.constant('A'), 'C_DEPTH', 2);
  assertRefused(() => unit.layout('struct s'), 'C_DEPTH', 4);
});

test('10,000 nested macro arguments are refused', () => {
  const unit = unitOf(`#define F(x) x\n#define A ${deep('F(', ')', '1')}\n`);
  assertRefused(() => unit.constant('A'), 'C_DEPTH', 2);
});

test('10,000 operators in a row are refused', () => {
  const unit = unitOf(
    `#define A 1${'+1'.repeat(10_000)}\n#define B ${'-'.repeat(1)}${' -'.repeat(10_000)}1\n#define C ${'1?1:'.repeat(10_000)}1\n`,
  );
  assertRefused(() => unit.constant('A'), 'C_DEPTH', 1);
  assertRefused(() => unit.constant('B'), 'C_DEPTH', 2);
  assertRefused(() => unit.constant('C'), 'C_DEPTH', 3);
});

test('10,000 nested braces are refused', () => {
  const unit = unitOf(`struct s {\n${deep('struct { ', '};', 'int a;')}\n};\nstruct t { int b; };\n`);
  assertRefused(() => unit.layout('struct s'), 'C_DEPTH', 2);
  assert.equal(unit.layout('struct t')?.layout.size, 4);
});

test('10,000 nested conditionals are refused', () => {
  assertRefused(() => unitOf(`${'#if 1\n'.repeat(10_000)}${'#endif\n'.repeat(10_000)}`), 'C_DEPTH', 257);
});

test('10,000 structs each within the next are refused', () => {
  const chain = Array.from(
    { length: 10_000 },
    (_, index) => `struct s${index + 1} { struct s${index} m; };`,
  ).join('\n');
  const unit = unitOf(`struct s0 { int a; };\n${chain}\n`);
  const error = within(() => unit.layout('struct s10000'));
  assert.equal(error?.code, 'C_DEPTH');
});

test('10,000 typedefs each of the last are refused or resolved', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => `typedef t${index} t${index + 1};`).join('\n');
  const unit = unitOf(`typedef int t0;\n${chain}\nstruct s { t10000 a; };\nstruct r { t9 a; };\n`);
  const error = within(() => unit.layout('struct s'));
  assert.equal(error?.code, 'C_DEPTH');
  assert.equal(unit.layout('struct r')?.layout.size, 4);
});

test('10,000 enums each of the last are refused', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => `enum { E${index + 1} = E${index} + 1 };`).join(
    '\n',
  );
  const unit = unitOf(`enum { E0 };\n${chain}\n`);
  assert.equal(within(() => unit.constant('E10000'))?.code, 'C_DEPTH');
  assert.equal(unit.constant('E9')?.value, 9);
});

test('a NUL byte is refused with its line', () => {
  assertRefused(() => unitOf('struct s {\n\tint a;\0\n};\n'), 'C_SYNTAX', 2);
});

test('a struct that contains itself is refused', () => {
  const unit = unitOf('struct a {\n\tstruct b x;\n};\nstruct b {\n\tstruct a y;\n};\n');
  assert.equal(within(() => unit.layout('struct a'))?.code, 'C_SYNTAX');
});

test('a comment and arguments that never end are refused', () => {
  assertRefused(() => unitOf('int a;\n/* never\n'), 'C_SYNTAX', 2);
  const unit = unitOf('#define F(x) x\n#define A F(1\n');
  assertRefused(() => unit.constant('A'), 'C_SYNTAX', 2);
});

test('lengths and widths beyond reason are refused', () => {
  const unit = unitOf(
    'struct s {\n\tchar c[1ULL << 60];\n};\nstruct t { int a:33; };\nstruct u { int b[-1]; };\n',
  );
  assertRefused(() => unit.layout('struct s'), 'C_SYNTAX', 2);
  assertRefused(() => unit.layout('struct t'), 'C_SYNTAX', 4);
  assertRefused(() => unit.layout('struct u'), 'C_SYNTAX', 5);
});

test('an expression that doubles at each level is evaluated once', () => {
  const unit = unitOf(
    `#define A ${'('.repeat(60)}1${' ?: 1)'.repeat(60)}\n#define B ${'__builtin_bswap64('.repeat(60)}1${')'.repeat(60)}\n`,
  );
  assert.equal(
    within(() => assert.equal(unit.constant('A')?.value, 1)),
    undefined,
  );
  assert.equal(
    within(() => assert.equal(unit.constant('B')?.value, 1)),
    undefined,
  );
});
