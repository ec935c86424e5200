import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readArMembers } from '../../src/formats/ar.ts';
import { arBytes, memorySource } from './archives.ts';
import { damaged, endsWell, propertyRuns } from './property.ts';

const ARCHIVE = arBytes([
  { name: 'debian-binary', bytes: Buffer.from('2.0') },
  { name: 'data.tar/', bytes: Buffer.from('data') },
]);

test('lists members with offsets, over the padding of an odd one', async () => {
  assert.deepEqual(await readArMembers(memorySource(ARCHIVE)), [
    { name: 'debian-binary', offset: 68, size: 3 },
    { name: 'data.tar', offset: 132, size: 4 },
  ]);
});

test('a member that reaches beyond the end is named with the numbers', async () => {
  await assert.rejects(readArMembers(memorySource(ARCHIVE.subarray(0, 134))), {
    code: 'ARCHIVE_CORRUPT',
    message: 'ar: member data.tar ends at 136, the file at 134 at offset 72',
  });
});

test('any damaged archive gives members or a ToolError', async () => {
  const property = fc.asyncProperty(damaged(ARCHIVE), (bytes) =>
    endsWell(() => readArMembers(memorySource(bytes))),
  );
  await fc.assert(property, propertyRuns('ar', 200));
});
