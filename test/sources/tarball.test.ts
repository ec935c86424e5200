import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openSource, SOURCES } from '../../src/sources/index.ts';
import { findTarballTop } from '../../src/sources/tarball.ts';
import { fixture, kernelEntries, kernelTar, tarBytes } from '../formats/archives.ts';
import { openBytes, temporaryFolder, WANTED, WANTED_PATHS, writeBelow } from './opening.ts';

for (const [name, bytes] of Object.entries({
  'k.tar': kernelTar(),
  'k.tar.gz': gzipSync(kernelTar()),
  'k.tar.xz': fixture('kernel.tar.xz'),
  'blocks.tar.xz': fixture('kernel-blocks.tar.xz'),
  'no-extension': fixture('kernel.tar.xz'),
})) {
  test(`opens ${name}`, async (context) => {
    const tarball = await openBytes(context, name, bytes);
    assert.deepEqual([tarball.kind, tarball.name, tarball.release], ['tarball', name, '7.1.13']);
    assert.equal(tarball.date, '2026-05-28');
    assert.deepEqual(tarball.list(''), WANTED_PATHS);
    assert.equal(tarball.read('Makefile'), undefined);
  });
}

for (const [path, top] of [
  ['linux-7.1.13/', 'linux-7.1.13/'],
  ['./linux-7.1.13/Makefile', './linux-7.1.13/'],
  ['./', undefined],
  ['./.clang-format', './'],
  ['Makefile', ''],
  ['include/linux/a.h', ''],
] as const) {
  test(`a first member ${path} has the top ${top}`, () => {
    assert.equal(findTarballTop(path), top);
  });
}

test('a tarball without a top folder, made of the tree itself', async (context) => {
  const entries = kernelEntries('').map((entry) => ({ ...entry, path: `./${entry.path}` }));
  const tarball = await openBytes(context, 'k.tar', tarBytes([{ path: './' }, ...entries]));
  assert.deepEqual(tarball.list(''), WANTED_PATHS);
});

test('without a Makefile the top folder names the release', async (context) => {
  const entries = kernelEntries('linux-7.3-rc7/').filter(({ path }) => !path.endsWith('Makefile'));
  const tarball = await openBytes(context, 'k.tar', tarBytes(entries));
  assert.equal(tarball.release, '7.3-rc7');
});

test('a tarball of something else is no kernel', async (context) => {
  const bytes = tarBytes([{ path: 'other/' }, { path: 'other/include/stdio.h' }]);
  await assert.rejects(openBytes(context, 'other.tar', bytes), {
    code: 'NOT_A_KERNEL',
    message: 'other.tar: no include/linux, not a kernel tree',
  });
});

test('a file of no known kind is unknown, and a missing one unreadable', async (context) => {
  await assert.rejects(openBytes(context, 'a.txt', Buffer.from('text')), {
    code: 'SOURCE_UNKNOWN',
    message: `a.txt: none of ${SOURCES.map(({ kind }) => kind).join(', ')}`,
  });
  await assert.rejects(openSource('/nowhere/at/all', WANTED), {
    code: 'FILE_UNREADABLE',
    message: 'all: no such file or folder',
  });
});

test('a forced kind is not guessed', async (context) => {
  const path = writeBelow(temporaryFolder(context), 'k.tar', kernelTar());
  await assert.rejects(openSource(path, { ...WANTED, kind: 'deb' }), { code: 'ARCHIVE_CORRUPT' });
});

test('headers beside a file that is found and leads on are read as well', async (context) => {
  const own = [
    { path: 'linux-7.1.13/zzz/inner.h', text: 'inner' },
    { path: 'linux-7.1.13/zzz/other.h', text: 'other' },
    { path: 'linux-7.1.13/zzz/own.c', text: '#include "own.h"\n#include "gone.h"\nkeep();\n' },
    { path: 'linux-7.1.13/zzz/own.h', text: '#include "inner.h"\n' },
  ];
  const sought = {
    mayBe: () => true,
    mayHold: () => true,
    words: ['keep('],
    witness: 'kernel/core.c',
    leads: () => true,
  };
  const path = writeBelow(temporaryFolder(context), 'k.tar', tarBytes([...kernelEntries(), ...own]));
  const tarball = await openSource(path, { ...WANTED, sought });
  assert.deepEqual(tarball.sought?.(), ['zzz/own.c']);
  const texts = ['own.h', 'inner.h', 'other.h', 'gone.h'].map((name) => tarball.read(`zzz/${name}`));
  assert.deepEqual(texts, ['#include "inner.h"\n', 'inner', undefined, undefined]);
});
