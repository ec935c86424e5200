import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openKernelImage } from '../../src/formats/kernel-image.ts';
import { processorTime } from '../support/processor-time.ts';
import { bzImageBytes, ELF_SHAPES, elfBytes } from './elf-fixture.ts';
import {
  arm64Bytes,
  featuresBytes,
  LITTLE,
  moduleBytes,
  PACKERS,
  versionsBytes,
  vmlinuxBytes,
  zbootBytes,
} from './kernel-image-fixture.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

/** No case may take longer; real ones take milliseconds. */
const TIME_LIMIT = 10_000;
const MEMORY_LIMIT = 1 << 30;

const small = (shape = LITTLE) =>
  elfBytes({ ...shape, segments: 1 }, [
    { name: '.rodata', bytes: Buffer.from('Linux version 7.3.4 (made) #1\0kho-v4\0') },
    { name: '.liveupdate_versions', bytes: versionsBytes(shape, ['luo-v5']) },
    { name: '.liveupdate_features', bytes: featuresBytes(shape, [['luo', 1n, 1n, 0n]]) },
  ]);

const IMAGES: Readonly<{ [name: string]: { bytes: Buffer; runs: number } }> = {
  'ELF, 64 bits, little endian': { bytes: small(), runs: 120 },
  'ELF, 64 bits, big endian': { bytes: small(ELF_SHAPES[1]), runs: 60 },
  'ELF, 32 bits, little endian': { bytes: small(ELF_SHAPES[2]), runs: 60 },
  'ELF, 32 bits, big endian': { bytes: small(ELF_SHAPES[3]), runs: 60 },
  module: { bytes: moduleBytes(), runs: 80 },
  'bzImage of gzip': { bytes: bzImageBytes(gzipSync(vmlinuxBytes())), runs: 80 },
  'bzImage of lz4': { bytes: bzImageBytes(PACKERS.lz4?.pack(vmlinuxBytes()) ?? Buffer.alloc(0)), runs: 80 },
  'bzImage, not compressed': { bytes: bzImageBytes(vmlinuxBytes()), runs: 80 },
  'arm64 Image': { bytes: arm64Bytes(), runs: 80 },
  'EFI zboot': { bytes: zbootBytes(gzipSync(arm64Bytes())), runs: 60 },
};

async function endsWellInTime(bytes: Uint8Array): Promise<boolean> {
  const started = processorTime();
  const isWell = await endsWell(async () => (await openKernelImage(bytes)).strings.find(/^kho/, ['kho']));
  assert.ok(processorTime() - started < TIME_LIMIT, 'too slow');
  assert.ok(process.memoryUsage.rss() < MEMORY_LIMIT, 'too much memory');
  return isWell;
}

for (const [name, { bytes, runs }] of Object.entries(IMAGES)) {
  test(`damage ends in an error or a value: ${name}`, async () => {
    await fc.assert(fc.asyncProperty(damaged(bytes), endsWellInTime), propertyRuns(name, runs));
  });
}

/** Numbers that parsers stumble over. */
const NUMBERS = fc.constantFrom(
  0n,
  1n,
  0xffn,
  0xffffn,
  0x7fff_ffffn,
  0xffff_ffffn,
  1n << 40n,
  (1n << 53n) - 1n,
  1n << 53n,
  (1n << 64n) - 1n,
);

for (const [name, bytes] of Object.entries({
  ELF: small(),
  'ELF, 32 bits, big endian': small(ELF_SHAPES[3]),
  'boot header': bzImageBytes(gzipSync(small())),
})) {
  test(`crafted numbers end in an error or a value: ${name}`, async () => {
    const crafted = fc
      .tuple(fc.nat(Math.min(bytes.byteLength, 1024) - 9), fc.boolean(), NUMBERS, fc.constantFrom(2, 4, 8))
      .map(([at, isFromEnd, value, size]) => {
        const copy = Buffer.from(bytes);
        const number = Buffer.alloc(8);
        number.writeBigUInt64LE(value);
        copy.set(number.subarray(0, size), isFromEnd ? bytes.byteLength - 8 - at : at);
        return copy;
      });
    await fc.assert(fc.asyncProperty(crafted, endsWellInTime), propertyRuns(`${name}, crafted`, 100));
  });
}

test('sections that overlap cannot ask for more than the file has', async () => {
  const bytes = elfBytes(
    LITTLE,
    Array.from({ length: 20_000 }, () => ({ name: '.rodata.x', claimedOffset: 0n, claimedSize: 1n << 20n })),
  );
  await assert.rejects(openKernelImage(bytes), { code: 'ELF_CORRUPT', message: /bytes of data/ });
});

test('very many false beginnings of BTF cost no time', async () => {
  const bytes = Buffer.concat([
    arm64Bytes().subarray(0, 0x250),
    Buffer.alloc(16 << 20, Buffer.from([0x9f, 0xeb, 1, 0])),
  ]);
  assert.ok(await endsWellInTime(bytes));
});
