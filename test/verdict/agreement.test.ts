import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceDocument } from '../../src/catalog/evidence-id.ts';
import type { EvidenceRecord, Outcome } from '../../src/model/evidence.ts';
import type { Effect, Verdict } from '../../src/model/verdict-kind.ts';
import { EFFECTS, VERDICTS } from '../../src/model/verdict-kind.ts';
import { agreementOf, agreementWith } from '../../src/verdict/agreement.ts';
import { CHANGED_KERNELS } from '../support/changed-kernels.ts';
import { judge, shipped } from '../support/shipped.ts';

const RECORD: EvidenceRecord = {
  outgoing: '7.2.12',
  incoming: '7.3.4',
  profile: 'memfd',
  target: 'x86_64-4k',
  outcome: 'works',
  who: 'laboratory',
  date: '2026-11-20',
  how: 'two servers',
};

function predicted(verdict: Verdict, effect: Effect | null = null) {
  return {
    outgoing: '7.2.12',
    incoming: '7.3.4',
    profile: 'memfd',
    target: 'x86_64-4k',
    verdict,
    effect,
  } as const;
}

const TABLE: readonly [Verdict, Effect | null, Outcome, string][] = [
  ['compatible', null, 'works', 'agrees'],
  ['compatible', null, 'ignored', 'agrees'],
  ['compatible', null, 'fails', 'disagrees'],
  ['compatible', null, 'corruption', 'disagrees'],
  ['compatible', null, 'unsupported', 'disagrees'],
  ['compatible-with-notes', null, 'works', 'agrees'],
  ['compatible-with-notes', null, 'file-lost', 'disagrees'],
  ['refused', 'state-dropped', 'state-dropped', 'agrees'],
  ['refused', 'state-dropped', 'fails', 'agrees'],
  ['refused', 'state-dropped', 'boot-panic', 'disagrees'],
  ['refused', 'boot-panic', 'works', 'disagrees'],
  ['misread', 'corruption', 'corruption', 'agrees'],
  ['misread', 'corruption', 'boot-panic', 'agrees'],
  ['misread', 'corruption', 'all-sessions-lost', 'agrees'],
  ['misread', 'corruption', 'state-dropped', 'disagrees'],
  ['refused', 'state-dropped', 'corruption', 'disagrees'],
  ['misread', 'corruption', 'works', 'disagrees'],
  ['unsupported', null, 'unsupported', 'agrees'],
  ['unsupported', null, 'fails', 'agrees'],
  ['unsupported', null, 'works', 'disagrees'],
  ['unknown', null, 'works', 'untested'],
  ['unknown', null, 'boot-panic', 'untested'],
];

for (const [verdict, effect, outcome, expected] of TABLE) {
  test(`${verdict}${effect ? `, ${effect}` : ''} against a test that came to ${outcome}: ${expected}`, () => {
    assert.equal(agreementWith({ verdict, effect }, { ...RECORD, outcome }), expected);
  });
}

test('no safe verdict agrees with an effect that loses state', () => {
  for (const verdict of VERDICTS.filter((name) => name.startsWith('compatible'))) {
    for (const outcome of EFFECTS.filter((name) => name !== 'ignored')) {
      assert.equal(agreementWith({ verdict, effect: null }, { ...RECORD, outcome }), 'disagrees');
    }
  }
});

test('only records of the pair, the profile and the target count', () => {
  const others = [
    { ...RECORD, outgoing: '7.2.11' },
    { ...RECORD, incoming: '7.3-rc7' },
    { ...RECORD, profile: 'memory' },
    { ...RECORD, target: 'arm64-4k' as const },
  ].map(evidenceDocument);
  const answer = agreementOf(predicted('compatible'), others);
  assert.deepEqual(answer, { agreement: 'untested', records: [], disagreeing: [] });
  const own = evidenceDocument(RECORD);
  assert.equal(agreementOf(predicted('compatible'), [...others, own]).agreement, 'agrees');
});

test('one record that saw something else makes the pair disagree, however many agree', () => {
  const good = evidenceDocument(RECORD);
  const bad = evidenceDocument({ ...RECORD, outcome: 'boot-panic', date: '2026-11-21' });
  const answer = agreementOf(predicted('compatible'), [good, bad, good]);
  assert.equal(answer.agreement, 'disagrees');
  assert.deepEqual(answer.disagreeing, [bad.id]);
});

test('a settled record and a test of a changed kernel are told and do not count', () => {
  const bad = { ...RECORD, outcome: 'boot-panic' } as const;
  const settled = evidenceDocument({
    ...bad,
    settled: { by: 'a team', date: '2026-11-22', reason: 'loose cable' },
  });
  const changed = evidenceDocument({ ...bad, changed: { incoming: 'with another marker' } });
  const answer = agreementOf(predicted('compatible'), [settled, changed]);
  assert.equal(answer.agreement, 'untested');
  assert.equal(answer.records.length, 2);
});

test('every shipped record agrees with the verdict of the kernels that were tested, changed ones included', () => {
  const { evidence = [] } = shipped();
  assert.ok(evidence.length >= 150);
  for (const record of evidence) {
    const { changed, profile, target } = record;
    const pair = judge({
      outgoing: kernelOfTest(record.outgoing, changed?.outgoing),
      incoming: kernelOfTest(record.incoming, changed?.incoming),
      profile,
      target,
    });
    const { changed: _changed, settled, ...unchanged } = record;
    // Settled is what a payload did not show, and nothing else.
    const said = settled === undefined ? 'agrees' : 'disagrees';
    assert.equal(agreementWith(pair, unchanged), said, `${record.id}: ${pair.summary}`);
  }
});

function kernelOfTest(release: string, change: string | undefined) {
  if (change === undefined) return release;
  const kernel = CHANGED_KERNELS[`${release} ${change}`];
  assert.ok(kernel, `no ${release} ${change}`);
  return kernel;
}
