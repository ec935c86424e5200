import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFeaturesSection, readVersionsSection } from '../../src/formats/liveupdate-sections.ts';
import { ELF_SHAPES } from './elf-fixture.ts';
import { featuresBytes, LITTLE, versionsBytes } from './kernel-image-fixture.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

const CODE = { code: 'IMAGE_CORRUPT' };
const NAMES = ['luo-v5', 'kho-v4', 'a'.repeat(47)];

for (const shape of ELF_SHAPES.filter(({ bits }) => bits === 64)) {
  const order = shape.bigEndian ? 'big' : 'little';
  test(`versions, ${order} endian, with and without a version of the table`, () => {
    const bytes = versionsBytes(shape, NAMES);
    assert.deepEqual(readVersionsSection(bytes, shape.bigEndian), NAMES);
    const version = Buffer.from(shape.bigEndian ? [0, 0, 0, 1] : [1, 0, 0, 0]);
    const longer = Buffer.concat([bytes.subarray(0, 4), version, bytes.subarray(4)]);
    assert.deepEqual(readVersionsSection(longer, shape.bigEndian), NAMES);
    assert.throws(() => readVersionsSection(bytes, !shape.bigEndian), CODE);
  });

  test(`features, ${order} endian`, () => {
    const bytes = featuresBytes(shape, [['memfd', 3n, 1n, 1n << 63n]]);
    const row = { name: 'memfd', supported: '3', required: '1', active: '9223372036854775808' };
    assert.deepEqual(readFeaturesSection(bytes, shape.bigEndian), [row]);
    assert.deepEqual(readFeaturesSection(new Uint8Array(), shape.bigEndian), []);
  });
}

test('what does not fit is refused', () => {
  const versions = versionsBytes(LITTLE, NAMES);
  const features = featuresBytes(LITTLE, [['memfd', 3n, 1n, 1n]]);
  for (const bytes of [
    new Uint8Array(),
    versions.subarray(0, 20),
    versionsBytes(LITTLE, ['']),
    versionsBytes(LITTLE, ['a'.repeat(48)]),
    versionsBytes(LITTLE, ['a\0b']),
    versionsBytes(LITTLE, ['a\u0007']),
    versionsBytes(LITTLE, NAMES, 0x4c565551),
    Buffer.concat([versions.subarray(0, 4), Buffer.from([2, 0, 0, 0])]),
    Buffer.alloc(2 << 20),
  ]) {
    assert.throws(() => readVersionsSection(bytes, false), CODE);
  }
  assert.throws(() => readFeaturesSection(features.subarray(1), false), CODE);
  assert.throws(() => readFeaturesSection(Buffer.concat([features, Buffer.alloc(72)]), false), CODE);
});

test('damage ends in an error or a value', async () => {
  const versions = versionsBytes(LITTLE, NAMES);
  await fc.assert(
    fc.asyncProperty(damaged(versions), (bytes) =>
      endsWell(async () => [readVersionsSection(bytes, false), readFeaturesSection(bytes, false)]),
    ),
    propertyRuns('liveupdate sections', 100),
  );
});
