import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SpareMemory } from '../../src/sources/spare-memory.ts';

test('buffers are parts of what was touched that nobody else has, and fresh when that is used up', async () => {
  const spare = new SpareMemory();
  await spare.touch(1000);
  const [first, second, third, last] = [10, 600, 600, 384].map((size) => spare.take(size));
  assert.deepEqual(
    [first, second, third, last].map((bytes) => bytes?.byteLength),
    [10, 600, 600, 384],
  );
  assert.equal(first?.buffer, second?.buffer);
  assert.notEqual(first?.buffer, third?.buffer);
  assert.equal(last?.buffer, first?.buffer, 'what is left is of use for the next');
  // 10 bytes are followed by 6 that nobody has: words begin at multiples of 8.
  assert.deepEqual([first?.byteOffset, second?.byteOffset, last?.byteOffset], [0, 16, 616]);
});

test('no more is touched after it was stopped, and of what was not touched nothing is taken', async () => {
  const spare = new SpareMemory();
  const touching = spare.touch(8 << 20);
  spare.stop();
  await touching;
  assert.equal(spare.take(100).buffer, spare.take(100).buffer, 'the first part');
  assert.equal(spare.take(2 << 20).byteOffset, 0);
});

test('a file that says it is endless takes no memory without end', async () => {
  const spare = new SpareMemory();
  await spare.touch(2 ** 40);
  assert.equal(spare.take(1).buffer.byteLength, 32 << 20);
});
