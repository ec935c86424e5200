import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { ByteSource } from '../../src/bytes/byte-source.ts';
import { openXz } from '../../src/formats/decompress-xz.ts';
import { readKernelArchive } from '../../src/sources/archive.ts';
import { findTarballTop } from '../../src/sources/tarball.ts';
import { fixture, kernelEntries, kernelTar, memorySource, tarBytes } from '../formats/archives.ts';
import { damaged, endsWell, propertyRuns } from '../formats/property.ts';
import { WANTED, WANTED_PATHS } from './opening.ts';

const OPTIONS = { ...WANTED, findTop: findTarballTop };

/** Bytes that can be entered every so often; counts the places that were read from. */
function enterable(bytes: Uint8Array, step: number): ByteSource & { touched: Set<number> } {
  const count = Math.ceil(bytes.byteLength / step);
  const touched = new Set<number>();
  return {
    ...memorySource(bytes),
    starts: Array.from({ length: count }, (_, index) => index * step),
    touched,
    at: async (offset) => {
      touched.add(Math.floor(offset / step));
      const end = (Math.floor(offset / step) + 1) * step;
      return new Uint8Array(bytes.subarray(offset, Math.min(offset + 4096, end)));
    },
  };
}

test('a sorted archive that can be entered is read only where wanted files can be', async () => {
  const source = enterable(kernelTar(), 4096);
  const { files } = await readKernelArchive(source, OPTIONS);
  assert.deepEqual(files.list(''), WANTED_PATHS);
  assert.ok(source.touched.size < source.starts.length * 0.6, `${source.touched.size} read`);
});

test('the same from the blocks of an xz file', async () => {
  const bytes = fixture('kernel-blocks.tar.xz');
  const source = await openXz(memorySource(bytes), { limit: 1 << 20, groupSize: 4096 });
  const { files } = await readKernelArchive(source, OPTIONS);
  await source.close();
  assert.deepEqual(files.list(''), WANTED_PATHS);
});

test('wherever it can be entered, the same files come out', async () => {
  const bytes = kernelTar();
  const steps = fc.integer({ min: 600, max: 20_000 });
  const property = fc.asyncProperty(steps, async (step) => {
    const { files } = await readKernelArchive(enterable(bytes, step), OPTIONS);
    assert.deepEqual(files.list(''), WANTED_PATHS);
  });
  await fc.assert(property, propertyRuns('entering an archive', 60));
});

test('an archive in no order is read to its end', async () => {
  const [top, ...entries] = kernelEntries();
  assert.ok(top);
  const property = fc.asyncProperty(
    fc.shuffledSubarray([...entries.keys()], { minLength: entries.length }),
    fc.constantFrom(undefined, 4096),
    async (shuffled, step) => {
      const bytes = tarBytes([top, ...shuffled.map((index) => entries[index] ?? top)]);
      const source = step ? enterable(bytes, step) : memorySource(bytes);
      const { files } = await readKernelArchive(source, OPTIONS);
      assert.deepEqual(files.list(''), WANTED_PATHS);
    },
  );
  await fc.assert(property, propertyRuns('shuffled archive', 40));
});

test('content that looks like a header misleads nobody', async () => {
  const inner = tarBytes([{ path: 'linux-7.1.13/zzz.h', text: 'x' }]).toString('latin1');
  const entries = kernelEntries();
  entries.splice(30, 0, { path: 'linux-7.1.13/arch/x86/include/f05.tar', text: inner.repeat(20) });
  entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  const { files } = await readKernelArchive(enterable(tarBytes(entries), 4096), OPTIONS);
  assert.deepEqual(
    files.list('include/linux'),
    WANTED_PATHS.filter((path) => path.startsWith('inc')),
  );
});

test('reading stops behind the last wanted file of a sorted archive', async () => {
  const bytes = kernelTar();
  const at = bytes.indexOf('linux-7.1.13/sound/f01.h');
  const { files } = await readKernelArchive(memorySource(bytes.subarray(0, at), 512), OPTIONS);
  assert.deepEqual(files.list(''), WANTED_PATHS);
});

test('without folders an archive is read to its end', async () => {
  const { wanted, findTop } = OPTIONS;
  const bytes = kernelTar();
  const at = bytes.indexOf('linux-7.1.13/sound/f01.h');
  const source = memorySource(bytes.subarray(0, at));
  await assert.rejects(readKernelArchive(source, { wanted, findTop }), { code: 'ARCHIVE_CORRUPT' });
});

test('links to kept files are read through', async () => {
  const entries = [
    ...kernelEntries(),
    { path: 'linux-7.1.13/include/linux/soft.h', flag: '2', linkTarget: 'kho/abi/luo.h' },
    {
      path: 'linux-7.1.13/include/linux/hard.h',
      flag: '1',
      linkTarget: 'linux-7.1.13/include/linux/f00.h',
    },
    { path: 'linux-7.1.13/include/linux/out.h', flag: '2', linkTarget: '../../../../etc/passwd' },
    { path: 'linux-7.1.13/include/linux/loop.h', flag: '2', linkTarget: 'loop.h' },
  ];
  const { wanted, findTop } = OPTIONS;
  const source = memorySource(tarBytes(entries));
  const { files } = await readKernelArchive(source, { wanted, findTop });
  assert.equal(files.read('include/linux/soft.h'), files.read('include/linux/kho/abi/luo.h'));
  assert.equal(files.read('include/linux/hard.h'), files.read('include/linux/f00.h'));
  assert.equal(files.read('include/linux/out.h'), undefined);
  assert.equal(files.read('include/linux/loop.h'), undefined);
});

test('a wanted file beyond the limit is refused before it is read', async () => {
  const entries = [{ path: 'linux/' }, { path: 'linux/include/linux/big.h', size: 17 << 20 }];
  await assert.rejects(readKernelArchive(memorySource(tarBytes(entries), 512), OPTIONS), {
    code: 'ARCHIVE_CORRUPT',
    message: 'include/linux/big.h: 17825792 bytes, more than 16777216',
  });
});

test('any damaged archive gives files or a ToolError', async () => {
  const bytes = kernelTar();
  const property = fc.asyncProperty(damaged(bytes), fc.constantFrom(0, 3000, 4096), (damage, step) =>
    endsWell(() => readKernelArchive(step ? enterable(damage, step) : memorySource(damage), OPTIONS)),
  );
  await fc.assert(property, propertyRuns('archive', 60));
});

test('any damaged compressed archive gives files or a ToolError', async () => {
  const property = fc.asyncProperty(damaged(gzipSync(kernelTar())), (damage) =>
    endsWell(() => readKernelArchive(memorySource(damage), OPTIONS)),
  );
  await fc.assert(property, propertyRuns('compressed archive', 30));
});
