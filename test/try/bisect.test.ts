import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BisectAnswer } from '../../src/try/bisect.ts';
import { bisect } from '../../src/try/bisect.ts';

const row = (length: number): number[] => Array.from({ length }, (_, index) => index);

for (const length of [1, 2, 3, 10, 57]) {
  test(`of ${length} candidates the first bad is found, wherever it is, in few questions`, async () => {
    for (const bad of row(length)) {
      let asked = 0;
      const { firstBad, suspects } = await bisect(row(length), async (at) => {
        asked += 1;
        return at >= bad ? 'bad' : 'good';
      });
      assert.equal(firstBad, bad);
      assert.deepEqual(suspects, []);
      assert.ok(asked <= Math.ceil(Math.log2(length)) + 2, `${asked} questions`);
    }
  });
}

test('a good end is asked once', async () => {
  const asked: number[] = [];
  const answer = await bisect(row(9), async (at) => {
    asked.push(at);
    return 'good';
  });
  assert.deepEqual([answer.firstBad, asked], [undefined, [8]]);
});

test('candidates that cannot be asked are passed over, and told where they may be it', async () => {
  const answers: BisectAnswer[] = ['good', 'good', 'skip', 'skip', 'bad', 'bad'];
  const { firstBad, suspects } = await bisect(row(6), async (at) => answers[at] ?? 'skip');
  assert.deepEqual([firstBad, suspects], [4, [2, 3]]);
});
