import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeName, releaseRanges } from '../../src/report/release-ranges.ts';

const ORDER = ['6.17.8', '6.18.5', '6.18.9', '6.18.15', '7.0', '7.0+a', '7.0+b', '7.0+c', '7.0+d', '7.1.3'];

test('three and more neighbours are a range, two stand beside each other', () => {
  assert.equal(releaseRanges(['6.18.5', '6.18.9', '6.18.15'], ORDER), '6.18.5 … 6.18.15');
  assert.equal(releaseRanges(['6.18.15', '6.18.5', '6.17.8'], ORDER), '6.17.8, 6.18.5, 6.18.15');
  assert.equal(releaseRanges([], ORDER), '');
});

test('a range of upstream kernels is not torn by the kernels of vendors between them', () => {
  assert.equal(releaseRanges(['6.18.15', '7.0', '7.1.3'], ORDER), '6.18.15 … 7.1.3');
});

test('few kernels of vendors are named, many are counted, but never where there is nothing else', () => {
  assert.equal(releaseRanges(['7.0', '7.0+b', '7.0+a'], ORDER), '7.0, 7.0+a, 7.0+b');
  const many = ['7.0+a', '7.0+b', '7.0+c', '7.0+d'];
  assert.equal(releaseRanges(['7.0', ...many], ORDER), '7.0, and 4 of vendors and posted series');
  assert.equal(releaseRanges(many, ORDER), many.join(', '));
});

test('the name of a class has all its members', () => {
  assert.equal(rangeName(['7.0+a', '7.0+b', '7.0+c', '7.0+d'], ORDER), '7.0+a … 7.0+d');
});
