import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriersOf, computeMatrix, PairJudge } from '../../src/matrix/matrix.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { judge, profileNamed, shipped } from '../support/shipped.ts';

const { documents, errata, reviews } = shipped();
const upstream = documents.filter(({ vendor }) => vendor === null);
const kernels = upstream.map(kernelOf);

function inputFor(profile: string) {
  return {
    profile: profileNamed(profile),
    target: 'x86_64-4k' as const,
    errata,
    reviews,
    erratumApplies: appliesTo,
  };
}

for (const profile of ['memory', 'memfd', 'pci']) {
  test(`every cell of the ${profile} matrix is what check says of the pair`, () => {
    const matrix = computeMatrix({ ...inputFor(profile), kernels });
    assert.equal(matrix.pairs.length, kernels.length ** 2);
    const sample = matrix.pairs.filter((_, index) => index % (IS_WHOLE ? 7 : 31) === 0);
    for (const { outgoing, incoming, verdict, effect } of sample) {
      const pair = judge({ outgoing, incoming, profile });
      assert.deepEqual([verdict, effect], [pair.verdict, pair.effect], `${outgoing} -> ${incoming}`);
    }
  });
}

test('only kernels that can carry the state are in the first look', () => {
  const input = inputFor('memfd');
  const carriers = carriersOf(new PairJudge(kernels, input), kernels).map(({ release }) => release);
  assert.ok(carriers.includes('6.19.11'));
  assert.ok(!carriers.some((release) => release.startsWith('6.18')));
  assert.deepEqual(carriersOf(new PairJudge(kernels, inputFor('pci')), kernels), []);
});

test('inside 6.18, 6.19, 7.1, 7.2 every sequential pair is safe for memory', () => {
  const matrix = computeMatrix({ ...inputFor('memory'), kernels });
  const count = matrix.classes['stable-sequential'];
  assert.ok(count && count.pairs > 10);
  assert.equal(count.safe, count.pairs, JSON.stringify(count));
});

test('6.17 -> 6.18 is the misread among the main+1 pairs of memory', () => {
  const { pairs } = computeMatrix({ ...inputFor('memory'), kernels });
  const misread = pairs.filter((pair) => pair.class.includes('main+1') && pair.verdict === 'misread');
  assert.deepEqual(
    misread.map(({ outgoing, incoming }) => [outgoing, incoming.slice(0, 4)]),
    [['6.17.8', '6.18']],
  );
});
