import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { initParser, kernelIncludeDirs, openUnit } from '../../src/cdecl/index.ts';
import { describe, memoryTree, unitOf } from './memory-tree.ts';

before(initParser);

test('macros, types, enumerators and structs come from headers that are included', () => {
  const files = {
    'include/linux/y.h':
      '#include <asm/z.h>\n#include "near.h"\n#define LEN (BASE + 1)\ntypedef struct inner inner_t;\n',
    'arch/x86/include/asm/z.h': '#define BASE 2\nenum { COUNT = 3 };\n',
    'include/linux/near.h': 'struct inner { u16 a; };\n',
  };
  const unit = unitOf('#include <linux/y.h>\nstruct s { inner_t a[LEN]; u8 b[COUNT]; };\n', { files });
  assert.equal(describe(unit, 'struct s'), '10/2 a@0+48 struct inner[3], b@48+24 u8[3]');
  assert.deepEqual(unit.constant('LEN'), {
    value: 3,
    where: { file: 'include/linux/y.h', line: 3 },
    macro: true,
  });
  assert.deepEqual(unit.layout('struct inner')?.where, { file: 'include/linux/near.h', line: 1 });
});

test('only headers that are needed are read', () => {
  const read: string[] = [];
  const tree = memoryTree({
    'include/linux/x.h': '#include <linux/y.h>\nstruct s { u64 a; };\n',
    'include/linux/y.h': 'broken {{{',
  });
  const counting = {
    read(path: string) {
      read.push(path);
      return tree.read(path);
    },
  };
  const unit = openUnit(
    { tree: counting, target: 'x86_64-4k', includeDirs: kernelIncludeDirs('x86_64-4k') },
    'include/linux/x.h',
  );
  assert.equal(unit.layout('struct s')?.layout.size, 8);
  assert.deepEqual(
    read.filter((path) => tree.read(path) !== undefined),
    ['include/linux/x.h', 'include/linux/y.h'],
  );
});

test('the nearest header wins, the tree goes before our fallback', () => {
  const files = {
    'include/linux/a.h': '#include <linux/far.h>\n#define N 1\n#define BIT(nr) (100 + (nr))\n',
    'include/linux/far.h': '#define N 2\n',
  };
  const unit = unitOf('#include <linux/far.h>\n#include <linux/a.h>\nenum { A = BIT(1), B = N };\n', {
    files,
  });
  assert.equal(unit.constant('A')?.value, 101);
  assert.equal(unit.constant('B')?.value, 2);
});

test('what the target fixes stays fixed', () => {
  const files = {
    'include/linux/page.h': '#define PAGE_SHIFT 12\n#define PAGE_SIZE 4096\ntypedef unsigned int u64;\n',
  };
  const unit = unitOf('#include <linux/page.h>\nstruct s { u64 v[PAGE_SIZE / 8]; };\n', {
    files,
    target: 'arm64-64k',
  });
  assert.equal(unit.layout('struct s')?.layout.size, 65536);
});

test('a header finds what only the file that includes it declares', () => {
  const files = { 'include/linux/part.h': 'struct part { u8 v[OUTER]; };\n' };
  assert.equal(
    unitOf('#define OUTER 5\n#include <linux/part.h>\n', { files }).layout('struct part')?.layout.size,
    5,
  );
});

test('asm headers fall back to asm-generic', () => {
  const files = { 'include/uapi/asm-generic/thing.h': '#define THING 9\n' };
  assert.equal(unitOf('#include <asm/thing.h>\n#define A THING\n', { files }).constant('A')?.value, 9);
});

test('conditional includes follow the branch that is active', () => {
  const files = {
    'include/linux/pick.h':
      '#ifdef CONFIG_OLD\n#include <linux/old.h>\n#else\n#include <linux/new.h>\n#endif\n',
    'include/linux/old.h': 'typedef u16 id_t;\n',
    'include/linux/new.h': 'typedef u64 id_t;\n',
  };
  const text = '#include <linux/pick.h>\nstruct s { id_t a; };\n';
  assert.equal(unitOf(text, { files }).layout('struct s')?.layout.size, 8);
  assert.equal(unitOf(text, { files, config: { CONFIG_OLD: 'y' } }).layout('struct s')?.layout.size, 2);
});

test('a header that is missing matters only where something stays unresolved', () => {
  const unit = unitOf('#include <linux/missing.h>\nstruct s { u8 a; };\nstruct t { missing_t a; };\n');
  assert.equal(unit.layout('struct s')?.layout.size, 1);
  assert.throws(() => unit.layout('struct t'), { code: 'C_UNRESOLVED' });
  assert.ok(unit.absentIncludes().includes('linux/missing.h'));
  assert.equal(unit.layout('struct nowhere'), undefined);
});

test('a broken header throws where it is needed', () => {
  const files = { 'include/linux/y.h': '#define N 3\0\n' };
  const unit = unitOf('#include <linux/y.h>\nstruct s { u8 v[N]; };\nstruct t { u8 a; };\n', { files });
  assert.throws(
    () => unit.layout('struct s'),
    (error: { code: string; details: { path: string } }) =>
      error.code === 'C_SYNTAX' && error.details.path === 'include/linux/y.h',
  );
  assert.equal(unit.layout('struct t')?.layout.size, 1);
});

test('a file that is not there cannot be opened', () => {
  assert.throws(() => openUnit({ tree: memoryTree({}), target: 'x86_64-4k', includeDirs: [] }, 'x.h'), {
    code: 'FILE_UNREADABLE',
  });
});
