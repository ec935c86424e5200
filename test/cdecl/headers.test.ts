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

test('a condition sees what was included before it, not what is included after it', () => {
  const text = `#include <linux/before.h>
#if BEFORE && !defined(AFTER) && !AFTER
#define SEEN 1
#else
#define SEEN 2
#endif
#include <linux/after.h>
#if AFTER
#define THEN 3
#endif
`;
  const files = {
    'include/linux/before.h': '#define BEFORE 1\n',
    'include/linux/after.h': '#define AFTER 1\n',
  };
  const unit = unitOf(text, { files });
  assert.equal(unit.constant('SEEN')?.value, 1);
  assert.equal(unit.constant('THEN')?.value, 3);
});

test('a header behind an include that is not active is reached only by another way', () => {
  const files = {
    'include/linux/y.h': '#ifdef CONFIG_A\n#include <linux/one.h>\n#else\n#include <linux/two.h>\n#endif\n',
    'include/linux/one.h': '#include <linux/shared.h>\n#define WHICH 1\n',
    'include/linux/two.h': '#include <linux/three.h>\n#define WHICH 2\n',
    'include/linux/three.h': '#include <linux/shared.h>\n',
    'include/linux/shared.h': '#define SHARED 7\n',
  };
  const text = '#include <linux/y.h>\nstruct s { u8 v[WHICH]; u8 w[SHARED]; };\n';
  assert.equal(unitOf(text, { files }).layout('struct s')?.layout.size, 9);
  assert.equal(unitOf(text, { files, config: { CONFIG_A: 'y' } }).layout('struct s')?.layout.size, 8);
});

test('headers that include each other and test each other are read', () => {
  const files = {
    'include/linux/y.h':
      '#ifndef Y_H\n#define Y_H\n#include <linux/z.h>\n#ifdef FROM_Z\n#define FROM_Y 2\n#endif\n#endif\n',
    'include/linux/z.h':
      '#ifndef Z_H\n#define Z_H\n#include <linux/y.h>\n#ifndef FROM_Y\n#define FROM_Z 1\n#endif\n#endif\n',
  };
  const unit = unitOf('#include <linux/y.h>\n', { files });
  assert.equal(unit.constant('FROM_Y')?.value, 2);
  assert.equal(unit.constant('FROM_Z')?.value, 1);
});

test('a conditional that has no part in the answer is not evaluated', () => {
  const files = {
    'include/linux/y.h':
      '#ifdef CONFIG_FAR\n#define FAR 1\n#endif\n#ifdef CONFIG_NEAR\n#define LEN 2\n#else\n#define LEN 1\n#endif\n',
  };
  const unit = unitOf('#include <linux/y.h>\nstruct s { u8 v[LEN]; };\n', { files });
  unit.layout('struct s');
  assert.deepEqual(
    unit.configDependences(['layout struct s']).map(({ option }) => option),
    ['CONFIG_NEAR'],
  );
});

test('what the files said is known, and whether another target would say the same', () => {
  const files = {
    'include/linux/page.h': '#pragma once\n#define PAGES(n) ((n) * PAGE_SIZE)\n',
    'include/linux/arch.h': '#pragma once\n#include <asm/arch.h>\n',
    'arch/x86/include/asm/arch.h': '#define ARCH 1\n',
    'arch/arm64/include/asm/arch.h': '#define ARCH 2\n',
  };
  const include = '#include <linux/page.h>\n#include <linux/arch.h>\n';
  const open = (length: string) => {
    const unit = unitOf(`${include}struct s { u8 v[${length}]; };\n`, { files });
    unit.layout('struct s');
    return unit;
  };
  const targets = ['arm64-4k', 'arm64-16k'] as const;
  const same = (length: string) => targets.map((target) => open(length).isSameFor(target));
  assert.deepEqual(same('3'), [true, true]);
  assert.deepEqual(same('PAGES(1)'), [true, false]);
  assert.deepEqual(same('ARCH'), [false, false]);
  const consulted = (length: string) => open(length).consultedFiles();
  assert.deepEqual(
    consulted('3')
      .filter((path) => path in files)
      .sort(),
    ['include/linux/arch.h', 'include/linux/page.h'],
  );
  assert.deepEqual(
    consulted('ARCH')
      .filter((path) => path in files)
      .sort(),
    ['arch/x86/include/asm/arch.h', 'include/linux/arch.h', 'include/linux/page.h'],
  );
  assert.ok(consulted('3').includes('arch/x86/include/linux/page.h'), 'where it might have been counts too');
});
