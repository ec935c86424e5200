import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyPairs, seriesOrder } from '../../src/matrix/pair-classes.ts';

const RELEASES = ['6.18.5', '6.18.9', '6.19.11', '7.0.4', '7.1.3', '7.1.13', '7.2.12+deb13'];

function pairs(options = {}): Record<string, string[]> {
  return Object.fromEntries(classifyPairs(RELEASES, seriesOrder(RELEASES), options));
}

test('a release and the next one known of its series are stable-sequential', () => {
  assert.deepEqual(pairs()['6.18.5 6.18.9'], ['stable-sequential']);
  assert.deepEqual(pairs()['7.1.3 7.1.13'], ['stable-sequential']);
});

test('7.0 follows 6.19: main+1; 7.1 is stable+2 of 6.19; the newest of a series stands for it', () => {
  const found = pairs();
  assert.deepEqual(found['6.18.9 6.19.11'], ['main+1']);
  assert.deepEqual(found['6.19.11 7.0.4'], ['main+1']);
  assert.deepEqual(found['6.19.11 7.1.13'], ['stable+2']);
  assert.equal(found['6.18.5 6.19.11'], undefined);
});

test('--all-releases takes every release of a series, --backward the way back', () => {
  assert.deepEqual(pairs({ allReleases: true })['6.18.5 6.19.11'], ['main+1']);
  assert.deepEqual(pairs({ backward: true })['6.19.11 6.18.9'], ['main+1']);
});

test('a series of which no kernel is known still keeps its place', () => {
  const without = ['6.19.11', '7.1.13'];
  assert.deepEqual(Object.fromEntries(classifyPairs(without, seriesOrder(without))), {
    '6.19.11 7.1.13': ['stable+2'],
  });
});

test('a kernel of a vendor belongs to no class of upstream', () => {
  assert.equal(
    Object.keys(pairs({ allReleases: true })).some((pair) => pair.includes('deb13')),
    false,
  );
});
