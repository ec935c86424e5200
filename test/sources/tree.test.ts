import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSource } from '../../src/sources/index.ts';
import { kernelEntries } from '../formats/archives.ts';
import { temporaryFolder, WANTED, WANTED_PATHS, writeBelow } from './opening.ts';

function kernelFolder(context: TestContext): string {
  const folder = join(temporaryFolder(context), 'my-kernel');
  for (const { path, text } of kernelEntries('')) writeBelow(folder, path, text ?? '');
  return folder;
}

test('a folder gives its wanted files, their digests and its release', async (context) => {
  const tree = await openSource(kernelFolder(context), WANTED);
  const marker = '#define MARKER "v1"\n';
  assert.deepEqual([tree.kind, tree.name, tree.release], ['tree', 'my-kernel', '7.1.13']);
  assert.equal(tree.read('include/linux/kho/abi/luo.h'), marker);
  const digest = createHash('sha256').update(marker).digest('hex');
  assert.equal(tree.digest('include/linux/kho/abi/luo.h'), digest);
  assert.deepEqual(tree.list('include/linux/kho'), ['include/linux/kho/abi/luo.h']);
  assert.deepEqual(tree.list(''), WANTED_PATHS);
  assert.equal(tree.date, undefined);
});

test('what is absent, a folder or not wanted is undefined', async (context) => {
  const tree = await openSource(kernelFolder(context), WANTED);
  for (const path of ['include/linux/none.h', 'include/linux/kho', 'Makefile', 'drivers/f00.h']) {
    assert.equal(tree.read(path), undefined, path);
    assert.equal(tree.digest(path), undefined, path);
  }
  assert.deepEqual(tree.list('include/linux/none'), []);
});

test('a link within the tree is followed, one that leads out is refused', async (context) => {
  const folder = kernelFolder(context);
  writeBelow(folder, '../secret', 'x');
  symlinkSync('f00.h', join(folder, 'include/linux/inside.h'));
  symlinkSync('../../../secret', join(folder, 'include/linux/outside.h'));
  symlinkSync('loop.h', join(folder, 'include/linux/loop.h'));
  const tree = await openSource(folder, WANTED);
  assert.equal(tree.read('include/linux/inside.h'), tree.read('include/linux/f00.h'));
  assert.throws(() => tree.read('include/linux/outside.h'), {
    code: 'FILE_UNREADABLE',
    message: 'include/linux/outside.h: leads out of the tree',
  });
  assert.throws(() => tree.read('include/linux/loop.h'), { code: 'FILE_UNREADABLE' });
});

test('a path that climbs out of the tree is refused', async (context) => {
  const folder = kernelFolder(context);
  writeBelow(folder, '../secret', 'x');
  const tree = await openSource(folder, { wanted: () => true });
  assert.throws(() => tree.read('../secret'), { code: 'FILE_UNREADABLE' });
});

test('headers beside a file that is found and leads on are as good as wanted', async (context) => {
  const folder = kernelFolder(context);
  writeBelow(folder, '../secret', 'x');
  writeBelow(
    folder,
    'drivers/own/own.c',
    '#include "own.h"\n#include "gone.h"\n#include "../../../secret"\nkeep();\n',
  );
  writeBelow(folder, 'drivers/own/own.h', '#include "inner.h"\n#include "outside.h"\n');
  writeBelow(folder, 'drivers/own/inner.h', 'inner');
  writeBelow(folder, 'drivers/own/other.h', 'other');
  symlinkSync('../../../secret', join(folder, 'drivers/own/outside.h'));
  const sought = {
    mayBe: () => true,
    mayHold: () => true,
    words: ['keep('],
    witness: 'mm/memblock.c',
    leads: () => true,
  };
  const tree = await openSource(folder, { ...WANTED, sought });
  assert.deepEqual(tree.sought?.(), ['drivers/own/own.c']);
  assert.equal(tree.read('drivers/own/inner.h'), 'inner');
  assert.match(tree.digest('drivers/own/own.h') ?? '', /^[0-9a-f]{64}$/);
  for (const path of ['other.h', 'outside.h', 'gone.h'])
    assert.equal(tree.read(`drivers/own/${path}`), undefined, path);
  const { leads: _leads, ...plain } = sought;
  const other = await openSource(folder, { ...WANTED, sought: plain });
  assert.equal(other.sought?.().length, 1);
  assert.equal(other.read('drivers/own/inner.h'), undefined);
});

test('a folder without include/linux is no kernel', async (context) => {
  const folder = join(temporaryFolder(context), 'other');
  mkdirSync(folder);
  await assert.rejects(openSource(folder, WANTED), {
    code: 'NOT_A_KERNEL',
    message: 'other: no include/linux, not a kernel tree',
  });
});
