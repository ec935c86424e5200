import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { ProfileMatrix } from '../../src/model/outputs.ts';
import { renderClassGrid } from '../../src/report/matrix-classes.ts';
import { tableOver } from '../support/pair-table.ts';

const options = { chalk: new Chalk({ level: 0 }), width: 80 };

function matrixOf(equivalents: string[][]): ProfileMatrix {
  const releases = ['6.18.5', '6.18.9', '6.18.15', '7.0', '7.1.3', '7.1.8'];
  const pairs = releases.flatMap((outgoing) =>
    releases.map((incoming) => ({
      outgoing,
      incoming,
      class: [],
      verdict: outgoing === '7.0' ? ('misread' as const) : ('compatible' as const),
      effect: null,
      decidedBy: null,
    })),
  );
  return { profile: 'memory', target: 'x86_64-4k', releases, equivalents, pairs, classes: {} };
}

test('a class is one row and one column, named by its ends', () => {
  const matrix = matrixOf([['6.18.5', '6.18.9', '6.18.15'], ['7.0'], ['7.1.3', '7.1.8']]);
  assert.deepEqual(renderClassGrid(tableOver(matrix), options), [
    '                    6.18.5            7.1.3',
    '                    …',
    '                    6.18.15  7.0      7.1.8',
    '  6.18.5 … 6.18.15   =        =        =',
    '  7.0                X        X        X',
    '  7.1.3, 7.1.8       =        =        =',
  ]);
});

test('there is no grid of classes where no two kernels are equal, or one of them is not among neighbours', () => {
  const alone = matrixOf([]).releases.map((release) => [release]);
  assert.equal(renderClassGrid(tableOver(matrixOf(alone)), options), undefined);
  const torn = [
    ['6.18.5', '7.0'],
    ['6.18.9', '6.18.15'],
    ['7.1.3', '7.1.8'],
  ];
  assert.equal(renderClassGrid(tableOver(matrixOf(torn)), options), undefined);
});

test('a grid that is too wide is none, so that the caller can show fewer columns', () => {
  const matrix = matrixOf([['6.18.5', '6.18.9', '6.18.15'], ['7.0'], ['7.1.3', '7.1.8']]);
  assert.equal(renderClassGrid(tableOver(matrix), { ...options, width: 40 }), undefined);
});
