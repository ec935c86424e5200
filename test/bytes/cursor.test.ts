import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Cursor } from '../../src/bytes/cursor.ts';
import { endsWell, propertyRuns } from '../formats/property.ts';

const OPTIONS = { label: 'thing', code: 'ARCHIVE_CORRUPT' } as const;

test('reads little endian numbers one after the other', () => {
  const cursor = new Cursor(Uint8Array.from([1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]), OPTIONS);
  assert.deepEqual([cursor.u8(), cursor.u16(), cursor.u32(), cursor.u64()], [1, 2, 3, 4n]);
  assert.equal(cursor.remaining, 0);
});

test('reads big endian numbers', () => {
  const bytes = Uint8Array.from([0, 2, 0, 0, 0, 3, 0xff, 0, 0, 0, 0, 0, 0, 4]);
  const cursor = new Cursor(bytes, { ...OPTIONS, bigEndian: true });
  assert.deepEqual([cursor.u16(), cursor.u32(), cursor.u64()], [2, 3, 0xff00000000000004n]);
});

test('names what was read, the offset and the base when bytes run out, and stays where it was', () => {
  const cursor = new Cursor(Uint8Array.from([1, 2, 3]), { ...OPTIONS, base: 100 });
  cursor.skip(1);
  assert.throws(() => cursor.u32(), {
    code: 'ARCHIVE_CORRUPT',
    message: 'thing: 4 bytes expected, 2 left at offset 101',
    details: { offset: 101 },
  });
  assert.equal(cursor.offset, 1);
});

test('reads from a view into a larger buffer', () => {
  const cursor = new Cursor(Uint8Array.from([9, 9, 7, 0, 8]).subarray(2), OPTIONS);
  assert.equal(cursor.u16(), 7);
  assert.deepEqual([...cursor.bytes(1)], [8]);
});

test('any sequence of reads and seeks stays inside or fails as a ToolError', async () => {
  const step = fc.record({ kind: fc.constantFrom('skip', 'seek', 'bytes'), by: fc.double() });
  const property = fc.asyncProperty(fc.uint8Array(), fc.array(step), async (bytes, steps) => {
    const cursor = new Cursor(bytes, OPTIONS);
    for (const { kind, by } of steps) {
      await endsWell(async () => cursor[kind as 'skip'](by));
      assert.ok(cursor.offset >= 0 && cursor.offset <= bytes.byteLength);
    }
  });
  await fc.assert(property, propertyRuns('cursor', 100));
});
