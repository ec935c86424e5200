import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../../src/cli/options.ts';
import type { ComponentVerdict, PairVerdict } from '../../src/model/finding.ts';
import { judge } from '../support/shipped.ts';

function unsupported(role: ComponentVerdict['role'], verdict: ComponentVerdict['verdict']) {
  return { verdict: 'unsupported', effect: null, components: [{ role, verdict }] } as const;
}

test('a misread that the profile rests on fails under every --fail-on, whatever decides', () => {
  for (const failOn of ['misread', 'refused', 'unknown']) {
    assert.equal(exitCodeOf([unsupported('dependency', 'misread')], { failOn }), 1, failOn);
    assert.equal(exitCodeOf([unsupported('required', 'misread')], { failOn }), 1, failOn);
    assert.equal(exitCodeOf([unsupported('optional', 'misread')], { failOn }), 0, failOn);
    assert.equal(exitCodeOf([unsupported('dependency', 'refused')], { failOn }), 0, failOn);
  }
  assert.equal(exitCodeOf([unsupported('dependency', 'misread')], { failOn: 'never' }), 0);
});

test('the misread of 6.17 -> 6.18 is not hidden behind state that 6.17 cannot preserve', () => {
  const pair = judge({ outgoing: '6.17.8', incoming: '6.18.5', profile: 'memfd' });
  assert.equal(pair.verdict, 'unsupported');
  assert.equal(exitCodeOf([pair], { failOn: 'misread' }), 1);
});

test('without components only what decides counts', () => {
  const answer: Pick<PairVerdict, 'effect' | 'verdict'> = { verdict: 'unsupported', effect: null };
  assert.equal(exitCodeOf([answer], { failOn: 'misread' }), 0);
  assert.equal(exitCodeOf([answer], {}), 1);
});
