import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openSource } from '../../src/sources/index.ts';
import { arBytes, debBytes, fixture, kernelEntries, kernelTar, tarBytes } from '../formats/archives.ts';
import { damaged, endsWell, propertyRuns } from '../formats/property.ts';
import { openBytes, temporaryFolder, WANTED, WANTED_PATHS, writeBelow } from './opening.ts';

const DOC = [{ path: './' }, { path: './usr/share/doc/linux/copyright', text: 'x' }];
const HEADERS = tarBytes([...DOC, ...kernelEntries('./usr/src/linux-headers-7.3.4-common/')]);
const PACKAGE = { name: 'linux-headers-7.3.4', version: '7.3.4-1~x1' };

/** A data archive with a tarball of the tree in it. */
function nestedTar(name: string, bytes: Uint8Array): Buffer {
  // Text goes through UTF-8, so the content is put in place of zeros of the same length.
  const outer = tarBytes([...DOC, { path: `./usr/src/${name}`, text: '\0'.repeat(bytes.byteLength) }]);
  outer.set(bytes, outer.length - 1024 - (bytes.byteLength + (-bytes.byteLength & 511)));
  return outer;
}

for (const [name, data] of Object.entries({
  'data.tar': HEADERS,
  'data.tar.gz': gzipSync(HEADERS),
})) {
  test(`opens a package of headers with ${name}`, async (context) => {
    const deb = await openBytes(context, 'linux-headers.deb', debBytes(name, data));
    assert.deepEqual([deb.kind, deb.release, deb.package], ['deb', '7.1.13', PACKAGE]);
    assert.deepEqual(deb.list(''), WANTED_PATHS);
    assert.equal(deb.date, '2026-05-28');
  });
}

for (const [name, inner] of Object.entries({
  'linux-source-7.1.tar': kernelTar(),
  'linux-source-7.1.tar.gz': gzipSync(kernelTar()),
  'linux-source-7.1.tar.xz': fixture('kernel-blocks.tar.xz'),
})) {
  for (const outer of ['data.tar', 'data.tar.gz']) {
    test(`opens a package of ${name} in ${outer}`, async (context) => {
      const data = nestedTar(name, inner);
      const bytes = debBytes(outer, outer === 'data.tar' ? data : gzipSync(data));
      const deb = await openBytes(context, 'linux-source.deb', bytes);
      assert.deepEqual(deb.list(''), WANTED_PATHS);
      assert.equal(deb.release, '7.1.13');
    });
  }
}

test('without a Makefile or a telling folder the package version names the release', async (context) => {
  const entries = kernelEntries('./usr/src/headers/').filter(({ path }) => !path.endsWith('Makefile'));
  const deb = await openBytes(context, 'x.deb', debBytes('data.tar', tarBytes(entries)));
  assert.equal(deb.release, '7.3.4');
});

test('a package without a kernel is told', async (context) => {
  const bytes = debBytes('data.tar', tarBytes(DOC));
  await assert.rejects(openBytes(context, 'x.deb', bytes), {
    code: 'NOT_A_KERNEL',
    message: 'x.deb: data.tar: no include/linux, not a kernel tree',
  });
});

test('zstd is refused clearly', async (context) => {
  const bytes = debBytes('data.tar.zst', Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]));
  await assert.rejects(openBytes(context, 'x.deb', bytes), {
    code: 'ARCHIVE_UNKNOWN',
    message: 'x.deb: data.tar.zst: compressed with zstd, which is not supported',
  });
});

test('an ar archive that is no package is refused', async (context) => {
  await assert.rejects(openBytes(context, 'x.a', arBytes([{ name: 'a.o', bytes: Buffer.from('x') }])), {
    code: 'ARCHIVE_UNKNOWN',
  });
});

test('a package that was cut short is told with the numbers', async (context) => {
  const bytes = debBytes('data.tar', HEADERS);
  await assert.rejects(openBytes(context, 'x.deb', bytes.subarray(0, 50_000)), {
    code: 'ARCHIVE_CORRUPT',
    message: /^x\.deb: ar: member data\.tar ends at \d+, the file at 50000 at offset \d+$/,
  });
});

test('any damaged package gives evidence or a ToolError', async (context) => {
  const folder = temporaryFolder(context);
  const bytes = debBytes('data.tar', HEADERS);
  const property = fc.asyncProperty(damaged(bytes), (damage) =>
    endsWell(() => openSource(writeBelow(folder, 'x.deb', damage), WANTED)),
  );
  await fc.assert(property, propertyRuns('deb', 60));
});
