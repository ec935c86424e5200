import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRpm, readRpmHeader } from '../../src/formats/rpm.ts';
import { fixture, memorySource } from './archives.ts';
import { endsSoon, RPM_TAGS, rpmBytes, rpmSection } from './packages.ts';
import { damaged, propertyRuns } from './property.ts';

const read = (bytes: Uint8Array) => readRpmHeader(memorySource(bytes));

test('reads the header of a package that rpmbuild made', async () => {
  const bytes = fixture('kernel-devel.rpm');
  assert.ok(isRpm(bytes));
  const header = await read(bytes);
  assert.deepEqual(header, {
    name: 'kernel-devel',
    version: '6.19.10',
    release: '300.fc43',
    arch: 'x86_64',
    isSource: false,
    payloadFormat: 'cpio',
    payloadCompressor: 'xz',
    payloadOffset: header.payloadOffset,
  });
  assert.equal(bytes.toString('latin1', header.payloadOffset + 1, header.payloadOffset + 5), '7zXZ');
});

test('format and compressor that are not named are cpio and gzip', async () => {
  const header = await read(rpmBytes(Buffer.from('x'), { 1000: 'a', 1001: '1', 1002: '2', 1044: 's' }));
  assert.deepEqual(
    [header.payloadFormat, header.payloadCompressor, header.arch],
    ['cpio', 'gzip', undefined],
  );
});

test('a package of sources is told by its lead, and by what it is not made from', async () => {
  assert.equal((await read(rpmBytes(Buffer.from(''), RPM_TAGS, 1))).isSource, true);
  const { 1044: _, ...own } = RPM_TAGS;
  assert.equal((await read(rpmBytes(Buffer.from(''), own))).isSource, true);
});

/** A package with four bytes replaced. */
function changed(offset: number, value: number): Buffer {
  const bytes = rpmBytes(Buffer.from('payload'));
  bytes.writeUInt32BE(value, offset);
  return bytes;
}

const HEADER = rpmBytes(Buffer.alloc(0)).byteLength - rpmSection(RPM_TAGS).byteLength;

for (const { name, bytes, code, message } of [
  {
    name: 'a later version of the format is named',
    bytes: changed(4, 0x06000000),
    code: 'ARCHIVE_UNKNOWN',
    message: 'rpm: version 6 of the format is not known, 3 and 4 are',
  },
  {
    name: 'a count of entries beyond all bounds is told',
    bytes: changed(HEADER + 8, 0xffffffff),
    code: 'ARCHIVE_CORRUPT',
    message: /^rpm: rpm header: 4294967295 entries and \d+ bytes, more than rpm allows at offset \d+$/,
  },
  {
    name: 'a store that reaches beyond the file is told',
    bytes: changed(HEADER + 12, 0x0fffffff),
    code: 'ARCHIVE_CORRUPT',
    message: /^rpm: rpm header: ends at \d+, the file at \d+ at offset \d+$/,
  },
  {
    name: 'an entry that points out of the store is told with its tag',
    bytes: changed(HEADER + 16 + 8, 0xfffffff0),
    code: 'ARCHIVE_CORRUPT',
    message: /^rpm header: tag 1000: type 6, 1 values from 4294967280 in \d+ bytes at offset \d+$/,
  },
  {
    name: 'a header without a version is refused',
    bytes: rpmBytes(Buffer.from('x'), { 1000: 'a' }),
    code: 'ARCHIVE_CORRUPT',
    message: /^rpm: a name, a version and a release expected in the header at offset \d+$/,
  },
  {
    name: 'a file that ends in its lead is cut short',
    bytes: rpmBytes(Buffer.from('x')).subarray(0, 50),
    code: 'ARCHIVE_CORRUPT',
    message: 'rpm: lead: 96 bytes expected, 50 left at offset 0',
  },
]) {
  test(name, async () => {
    await assert.rejects(read(bytes), { code, message });
  });
}

test('any damaged package gives a header or a ToolError', async () => {
  const property = fc.asyncProperty(damaged(fixture('kernel-core.rpm')), (bytes) =>
    endsSoon(() => read(bytes)),
  );
  await fc.assert(property, propertyRuns('rpm', 150));
});

test('any crafted index gives a header or a ToolError', async () => {
  const word = fc.oneof(fc.nat(20), fc.constantFrom(0x7fffffff, 0xffffffff, 0xfffffff0, 1000, 1001, 1002));
  const words = fc.array(fc.tuple(fc.nat(40), word), { minLength: 1, maxLength: 6 });
  const property = fc.asyncProperty(words, (changes) => {
    const bytes = rpmBytes(Buffer.from('payload'));
    for (const [at, value] of changes) {
      const offset = HEADER + at * 4;
      if (offset + 4 <= bytes.byteLength) bytes.writeUInt32BE(value, offset);
    }
    return endsSoon(() => read(bytes));
  });
  await fc.assert(property, propertyRuns('crafted rpm', 150));
});
