import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type ByteSource, readRange } from '../../src/bytes/byte-source.ts';
import { ToolError } from '../../src/errors.ts';
import { decompress } from '../../src/formats/decompress.ts';
import { openXz } from '../../src/formats/decompress-xz.ts';
import { fixture, kernelTar, memorySource } from './archives.ts';
import { damaged, propertyRuns } from './property.ts';

const LIMIT = 1 << 20;
const TAR = kernelTar();
const BLOCKS = fixture('kernel-blocks.tar.xz');

async function readWhole(source: ByteSource): Promise<Buffer> {
  try {
    return Buffer.from(await readRange(source, 0, LIMIT));
  } finally {
    await source.close();
  }
}

const FILES = {
  'one block of xz': fixture('kernel.tar.xz'),
  'many blocks of xz': BLOCKS,
  'xz with padding': Buffer.concat([fixture('kernel.tar.xz'), Buffer.alloc(8)]),
  gzip: gzipSync(TAR),
  'no compression': TAR,
};

for (const [name, bytes] of Object.entries(FILES)) {
  test(`gives the bytes behind ${name}`, async () => {
    assert.ok(TAR.equals(await readWhole(await decompress(memorySource(bytes)))));
  });

  test(`gives the bytes behind ${name} when one can only go forward`, async () => {
    assert.ok(TAR.equals(await readWhole(await decompress(memorySource(bytes, 1000)))));
  });

  test(`a limit on the decompressed bytes of ${name} is held`, {
    skip: bytes === TAR,
  }, async () => {
    for (const chunk of [undefined, 1000]) {
      const read = async () => readWhole(await decompress(memorySource(bytes, chunk), { limit: 50_000 }));
      await assert.rejects(read, {
        code: 'ARCHIVE_CORRUPT',
        message: 'more than 50000 bytes when decompressed',
      });
    }
  });
}

test('two xz streams behind one another are one', async () => {
  const twice = Buffer.concat([BLOCKS, fixture('kernel.tar.xz')]);
  const source = await openXz(memorySource(twice), { limit: LIMIT });
  const whole = Buffer.from(await readRange(source, 0, LIMIT));
  await source.close();
  assert.ok(whole.equals(Buffer.concat([TAR, TAR])));
});

test('any place of a file of many blocks can be read, in any order', async () => {
  const source = await openXz(memorySource(BLOCKS), { limit: LIMIT, groupSize: 4096 });
  assert.equal(source.starts.length, 29);
  for (const offset of [100_000, 5, 60_000, 59_999, 4095, 4096, 110_000]) {
    const bytes = Buffer.from(await readRange(source, offset, 6000));
    assert.ok(bytes.equals(TAR.subarray(offset, offset + 6000)), `at ${offset}`);
  }
  await source.close();
});

test('looking at many blocks does not disturb what is read', async () => {
  const source = await openXz(memorySource(BLOCKS), { limit: LIMIT, groupSize: 4096 });
  source.expect(source.starts);
  const before = Buffer.from(await readRange(source, 0, 5000));
  const looks = await Promise.all(source.starts.map((start) => source.peek(start, 100)));
  const after = Buffer.from(await readRange(source, 5000, 5000));
  await source.close();
  assert.ok(Buffer.concat([before, after]).equals(TAR.subarray(0, 10_000)));
  for (const [index, look] of looks.entries()) {
    assert.ok(
      TAR.subarray(index * 4096)
        .subarray(0, 100)
        .equals(look),
    );
  }
});

test('bzip2 is refused by name', async () => {
  await assert.rejects(decompress(memorySource(Uint8Array.from([0x42, 0x5a, 0x68, 0x39]))), {
    code: 'ARCHIVE_UNKNOWN',
    message: 'compressed with bzip2, which is not supported',
  });
});

test('an xz file that was cut short is told at once, by its missing footer', async () => {
  await assert.rejects(decompress(memorySource(BLOCKS.subarray(0, 3000))), {
    code: 'ARCHIVE_CORRUPT',
    message: 'xz: a stream footer expected at offset 2988',
  });
});

for (const [name, bytes] of Object.entries({ xz: BLOCKS, gzip: gzipSync(TAR) })) {
  for (const chunk of [undefined, 500]) {
    const how = chunk === undefined ? 'seeking' : 'going forward';
    test(`damage in ${name} is noticed, ${how}`, async () => {
      const property = fc.asyncProperty(damaged(bytes), async (damage) => {
        try {
          const source = await decompress(memorySource(damage, chunk), { limit: LIMIT });
          const read = await readWhole(source);
          // Flipped bits may lie where they mean nothing, or make it another kind of file.
          return read.equals(TAR) || read.equals(damage);
        } catch (error) {
          return error instanceof ToolError && error.code !== 'INTERNAL';
        }
      });
      await fc.assert(property, propertyRuns(`${name}, ${how}`, 15));
    });
  }
}
