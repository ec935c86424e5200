import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFeaturesSection, readVersionsSection } from '../../src/formats/liveupdate-sections.ts';

const MAGIC = [0x50, 0x55, 0x56, 0x4c];
const name = (text: string): Buffer => Buffer.from(text.padEnd(48, '\0'));
const bits = (...values: bigint[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(value, at * 8);
  return bytes;
};
const HEAD = Buffer.from([...MAGIC, 1, 0, 0, 0]);

test('the rows of features, with a head and the words before the bits or without', () => {
  const row = { name: 'memfd', supported: '7', required: '3', active: '1' };
  const words = Buffer.from([24, 0, 0, 0, 0, 0, 0, 0]);
  const short = Buffer.concat([name('memfd'), bits(7n, 3n, 1n)]);
  const long = Buffer.concat([name('memfd'), words, bits(7n, 3n, 1n)]);
  for (const rows of [[short], [long], [HEAD, long], [HEAD, short]])
    assert.deepEqual(readFeaturesSection(Buffer.concat(rows), false), [row]);
  assert.deepEqual(readFeaturesSection(Buffer.concat([HEAD, long, long]), false), [row, row]);
  assert.throws(
    () => readFeaturesSection(Buffer.concat([HEAD, long.subarray(1)]), false),
    /of rows of 72 or 80/,
  );
  assert.throws(() => readFeaturesSection(Buffer.from([...MAGIC, 2, 0, 0, 0]), false), /version 2/);
});

test('the table of versions begins behind magic and version, and each of its entries counts', () => {
  const table = Buffer.concat([HEAD, name('memfd-v1'), name('memfd-v2')]);
  assert.deepEqual(readVersionsSection(table, false), ['memfd-v1', 'memfd-v2']);
  assert.throws(
    () => readVersionsSection(table.subarray(0, table.length - 1), false),
    /IMAGE_CORRUPT|bytes of strings/,
  );
});
