import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { assertedSide } from '../../src/ask/kernels/asserted-side.ts';
import type { Target } from '../../src/model/target.ts';
import { PAGE_SHIFT } from '../../src/model/target.ts';
import { renderStaticAsserts } from '../../src/report/check-static-assert.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { FIXTURE } from '../accuracy/judge-mutation.ts';
import { documentOf } from '../support/shipped.ts';

// The captured layouts of 7.3.4 against declarations that gcc lays out.

const COMPONENTS = [
  'kexec-metadata',
  'kho',
  'kho-block',
  'luo',
  'luo-flb',
  'luo-session',
  'memblock',
  'memfd',
];

/** What the fixture's headers include and the fixture does not hold. */
const STUB = `#pragma once
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef u64 __u64; typedef u64 phys_addr_t;
#define __packed __attribute__((__packed__))
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define BIT(n) (1UL << (n))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ALIGN(x, a) (((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define const_ilog2(n) (63 - __builtin_clzll(n))
#define DECLARE_BITMAP(name, bits) unsigned long name[DIV_ROUND_UP(bits, 64)]
#define __NEW_UTS_LEN 64
`;
const STUBBED = [
  'linux/align.h',
  'linux/bits.h',
  'linux/log2.h',
  'linux/math.h',
  'linux/types.h',
  'linux/utsname.h',
  'asm/page.h',
];

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-assert-'));
after(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(join(folder, 'stub.h'), STUB);
for (const name of STUBBED) {
  const path = join(folder, 'stubs', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#include "${join(folder, 'stub.h')}"\n`);
}

function proofOf(target: Target): string {
  const side = assertedSide(kernelOf(documentOf('7.3.4')), COMPONENTS, target);
  return renderStaticAsserts({ profile: 'memfd', target, outgoing: side, incoming: side });
}

function compile(text: string, tree: string, target: Target, ...flags: string[]) {
  const path = join(folder, 'proof.c');
  writeFileSync(path, text);
  const includes = ['include', 'include/uapi', 'arch/x86/include', 'arch/x86/include/uapi'].map(
    (name) => `-I${join(tree, name)}`,
  );
  const shift = `-DPAGE_SHIFT=${PAGE_SHIFT[target]}`;
  const args = ['-std=gnu11', '-funsigned-char', '-fsyntax-only', shift, ...flags];
  const { status, stderr } = spawnSync('gcc', [...args, ...includes, `-I${join(folder, 'stubs')}`, path], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

for (const target of ['x86_64-4k', 'arm64-16k', 'arm64-64k'] as const) {
  for (const flags of [[], ['-DLUO_ABI_OUTGOING']]) {
    test(`gcc proves the layouts of 7.3.4 on ${target} ${flags.join(' ')}`, () => {
      const text = proofOf(target);
      const { status, stderr } = compile(text, FIXTURE, target, ...flags);
      assert.equal(status, 0, stderr);
      assert.ok(text.split('\n').filter((line) => line.startsWith('_Static_assert')).length > 150);
    });
  }
}

test('gcc refuses the lines where a member moved, a struct grew or a constant changed', () => {
  const changed = join(folder, 'changed');
  cpSync(FIXTURE, changed, { recursive: true });
  const edit = (path: string, from: string, to: string): void => {
    const file = join(changed, 'include/linux/kho/abi', path);
    const text = readFileSync(file, 'utf8');
    assert.ok(text.includes(from), from);
    writeFileSync(file, text.replace(from, to));
  };
  edit('memfd.h', '\tu64 pos;\n\tu64 size;\n', '\tu64 size;\n\tu64 pos;\n');
  edit('luo.h', '\tu64 flbs_pa;\n', '\tu64 flbs_pa;\n\tu64 extra;\n');
  edit('kexec_handover.h', 'KHO_TREE_MAX_DEPTH = 2', 'KHO_TREE_MAX_DEPTH = 3');
  const { status, stderr } = compile(proofOf('x86_64-4k'), changed, 'x86_64-4k');
  assert.notEqual(status, 0);
  for (const words of [
    'offset of pos in struct memfd_luo_ser',
    'sizeof struct luo_ser',
    'KHO_TREE_MAX_DEPTH',
  ]) {
    assert.ok(stderr.includes(words), words);
  }
});

test('what stands in code is set apart, and a release cannot end the comment', () => {
  const side = {
    release: '1.0*/ int x;',
    structs: [],
    constants: [{ name: 'X', value: 1, file: 'kernel/x.c' }],
  };
  const text = renderStaticAsserts({
    profile: 'memory',
    target: 'x86_64-4k',
    outgoing: side,
    incoming: side,
  });
  assert.ok(text.includes('#ifdef LUO_ABI_WITH_CODE\n_Static_assert(X == 1, "X");\n#endif'));
  assert.ok(!text.includes('1.0*/'));
});
