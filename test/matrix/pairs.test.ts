import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { computeTable } from '../../src/matrix/matrix.ts';
import { listPairs, pairsJson } from '../../src/matrix/pairs.ts';
import { jsonChunks } from '../../src/model/canonical.ts';
import type { ListedPairs } from '../../src/model/pair-table.ts';
import type { PairsOutput } from '../../src/model/route.ts';
import { renderPairs } from '../../src/report/pairs-terminal.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { profileNamed, shipped } from '../support/shipped.ts';
import { upstreamKernels } from './shipped-graph.ts';

const { errata, reviews } = shipped();
const input = {
  kernels: upstreamKernels(),
  profile: profileNamed('memory'),
  target: 'x86_64-4k' as const,
  errata,
  reviews,
  erratumApplies: appliesTo,
};

/** What `--format json` prints, read again. */
function outputOf(list: ListedPairs): PairsOutput {
  return JSON.parse([...jsonChunks(pairsJson(list))].join('')) as PairsOutput;
}

test('counts are of all pairs, the list is of the verdicts asked for, a kernel with itself is no pair', () => {
  const matrix = computeTable(input);
  const all = outputOf(listPairs(matrix, []));
  assert.equal(all.total, input.kernels.length * (input.kernels.length - 1));
  assert.equal(all.pairs.length, all.total);
  assert.equal(
    Object.values(all.counts).reduce((sum, count) => sum + count, 0),
    all.total,
  );
  assert.equal(all.safe, (all.counts.compatible ?? 0) + (all.counts['compatible-with-notes'] ?? 0));
  const misread = outputOf(listPairs(matrix, ['misread']));
  assert.deepEqual(misread.counts, all.counts);
  assert.equal(misread.pairs.length, all.counts.misread);
  assert.equal(all.pairs[0]?.verdict, 'misread');
});

test('the misread of main+1 for memory is 6.17 to 6.18', () => {
  const { pairs } = outputOf(listPairs(computeTable({ ...input, only: 'main+1' }), ['misread']));
  assert.deepEqual(
    pairs.map(({ outgoing, incoming }) => `${outgoing} -> ${incoming}`),
    ['6.17.8 -> 6.18.15'],
  );
});

test('the terminal shows every pair once, kernels of a class among themselves in one line', () => {
  const text = renderPairs(listPairs(computeTable(input), []), {
    chalk: new Chalk({ level: 0 }),
    width: 100,
  });
  assert.match(text, /^memory on x86_64-4k\n {2}\d+ of 506 pairs safe: \d+ misread/);
  assert.match(text, / X {2}6\.16, 6\.17\.8 -> 6\.18\.5 … 7\.0\n {10}misread \(corruption\) {2}kho: /);
  assert.match(text, / n {2}6\.18\.5 … 6\.18\.15 among themselves\n/);
  assert.ok(text.split('\n').length < 45, text);
});
