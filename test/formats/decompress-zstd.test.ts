import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { decompress } from '../../src/formats/decompress.ts';
import { XzPool } from '../../src/formats/decompress-xz-pool.ts';
import { readWhole } from '../../src/formats/kernel-image-bytes.ts';
import { openDecoder } from '../../src/sources/xz-program.ts';
import { memorySource } from './archives.ts';
import { lz4Frame } from './elf-fixture.ts';
import { hasProgram, lz4Block } from './kernel-image-fixture.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

const LIMIT = 4 << 20;
const TEXT = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join(''));
const ZSTD = { skip: !hasProgram('zstd') && 'no program zstd' };
const zstd = (bytes: Uint8Array, ...args: string[]) =>
  spawnSync('zstd', ['-qc', ...args], { input: bytes }).stdout;

async function unpack(bytes: Uint8Array, mode: 'program' | 'threads', chunk?: number): Promise<Buffer> {
  const decoder = openDecoder({ xz: mode }, bytes.byteLength);
  try {
    const stream = await decompress(memorySource(bytes, chunk), { decoder, limit: LIMIT });
    return Buffer.from(await readWhole(stream, LIMIT));
  } finally {
    await decoder.close();
  }
}

/** Packed once, for the largest window takes seconds. */
const FRAMES = ZSTD.skip
  ? Buffer.alloc(0)
  : Buffer.concat([zstd(TEXT), zstd(Buffer.alloc(0)), zstd(TEXT, '--ultra', '-22', '--check')]);

for (const mode of ['program', 'threads'] as const) {
  test(`zstd: frames one behind the other, seeking and forward (${mode})`, ZSTD, async () => {
    for (const chunk of [undefined, 500]) {
      assert.ok((await unpack(FRAMES, mode, chunk)).equals(Buffer.concat([TEXT, TEXT])));
    }
  });

  test(`zstd: output that ends with a full buffer (${mode})`, ZSTD, async () => {
    const bytes = Buffer.alloc(1 << 20, 1);
    assert.ok((await unpack(zstd(bytes), mode)).equals(bytes));
  });

  test(`zstd: what is cut, damaged or too much is refused (${mode})`, ZSTD, async () => {
    const good = zstd(TEXT, '--check');
    const flipped = Buffer.from(good);
    flipped[5000] = (flipped[5000] ?? 0) ^ 0xff;
    const cases = [good.subarray(0, -1), good.subarray(0, 5), flipped, zstd(Buffer.alloc(LIMIT + 1))];
    for (const bytes of cases) await assert.rejects(unpack(bytes, mode), { code: 'ARCHIVE_CORRUPT' });
  });
}

test('zstd: damage ends in an error or a value', ZSTD, async () => {
  const good = zstd(TEXT.subarray(0, 20_000), '--check');
  const decoder = new XzPool(1);
  try {
    const property = fc.asyncProperty(damaged(good), (bytes) =>
      endsWell(async () =>
        readWhole(await decompress(memorySource(bytes), { decoder, limit: LIMIT }), LIMIT),
      ),
    );
    await fc.assert(property, propertyRuns('zstd', 100));
  } finally {
    await decoder.close();
  }
});

const LZ4 = lz4Frame([lz4Block(TEXT), lz4Block(TEXT.subarray(0, 3000))]);
const unpackLz4 = async (bytes: Uint8Array, chunk?: number) =>
  Buffer.from(await readWhole(await decompress(memorySource(bytes, chunk), { limit: LIMIT }), LIMIT));

test('lz4: blocks, and a frame behind a frame', async () => {
  const expected = Buffer.concat([TEXT, TEXT.subarray(0, 3000)]);
  assert.ok((await unpackLz4(LZ4)).equals(expected));
  assert.ok((await unpackLz4(Buffer.concat([LZ4, LZ4]), 700)).equals(Buffer.concat([expected, expected])));
});

test('lz4: what the program writes', { skip: !hasProgram('lz4') && 'no program lz4' }, async () => {
  const packed = spawnSync('lz4', ['-lc'], { input: TEXT }).stdout;
  assert.ok((await unpackLz4(packed)).equals(TEXT));
});

test('lz4: what is cut or too much is refused', async () => {
  const bomb = lz4Frame([lz4Block(Buffer.alloc(8 << 20))]);
  for (const bytes of [LZ4.subarray(0, -1), LZ4.subarray(0, 6), LZ4.subarray(0, 10), bomb]) {
    await assert.rejects(unpackLz4(bytes), { code: 'ARCHIVE_CORRUPT' });
  }
});

test('lz4: damage ends in an error or a value', async () => {
  const property = fc.asyncProperty(damaged(LZ4.subarray(0, 5000)), (bytes) =>
    endsWell(() => unpackLz4(bytes)),
  );
  await fc.assert(property, propertyRuns('lz4', 100));
});
