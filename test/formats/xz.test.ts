import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readXzBlocks, wrapXzBlocks } from '../../src/formats/xz.ts';
import { fixture, memorySource } from './archives.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

const BLOCKS = fixture('kernel-blocks.tar.xz');

test('reads the blocks of a file from its index', async () => {
  const blocks = await readXzBlocks(memorySource(BLOCKS), BLOCKS.byteLength);
  assert.equal(blocks.length, 29);
  assert.equal(blocks[0]?.offset, 12);
  assert.deepEqual(
    blocks.slice(0, -1).map((block) => block.uncompressedSize),
    Array.from({ length: 28 }, () => 4096),
  );
});

test('wrapping all blocks gives the header, index and footer of the file itself', async () => {
  const blocks = await readXzBlocks(memorySource(BLOCKS), BLOCKS.byteLength);
  const { header, tail } = wrapXzBlocks(blocks);
  assert.ok(BLOCKS.subarray(0, 12).equals(header));
  assert.ok(BLOCKS.subarray(-tail.byteLength).equals(tail));
});

test('zeros alone are no xz file', async () => {
  await assert.rejects(readXzBlocks(memorySource(new Uint8Array(4096)), 4096), {
    code: 'ARCHIVE_CORRUPT',
  });
});

test('streams and padding without end are refused', async () => {
  const small = fixture('kernel.tar.xz');
  for (const bytes of [
    Buffer.concat(Array.from({ length: 300 }, () => small)),
    Buffer.concat([small, Buffer.alloc(1 << 20)]),
  ]) {
    await assert.rejects(readXzBlocks(memorySource(bytes), bytes.byteLength), {
      code: 'ARCHIVE_CORRUPT',
    });
  }
});

test('any damaged file gives blocks or a ToolError', async () => {
  const property = fc.asyncProperty(damaged(BLOCKS), (bytes) =>
    endsWell(() => readXzBlocks(memorySource(bytes), bytes.byteLength)),
  );
  await fc.assert(property, propertyRuns('xz', 300));
});
