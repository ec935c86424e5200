import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../support/shipped.ts';

test('6.17.8 -> 6.18.5 is misread under an unchanged kho-v1: PRESERVE_BITS 4096 -> 32768', () => {
  const pair = judge({ outgoing: '6.17.8', incoming: '6.18.5', profile: 'memory' });
  assert.equal(pair.verdict, 'misread');
  assert.equal(pair.effect, 'corruption');
  const kho = pair.components.find(({ id }) => id === 'kho');
  assert.deepEqual(kho?.markers, { outgoing: 'kho-v1', incoming: 'kho-v1' });
  const bits = kho?.findings.find(({ subject }) => subject === 'PRESERVE_BITS');
  assert.equal(bits?.outgoing.value, 4096);
  assert.equal(bits?.incoming.value, 32768);
  const bitmap = kho?.findings.find(
    ({ rule, subject }) => rule === 'struct-size-changed' && subject === 'kho_mem_phys_bits',
  );
  assert.deepEqual([bitmap?.outgoing.size, bitmap?.incoming.size], [512, 4096]);
  assert.deepEqual(pair.decidedBy, {
    component: 'kho',
    rule: 'marker-not-bumped',
    subject: 'KHO_FDT_COMPATIBLE',
  });
});

test('every finding that decides names file and line on both sides', () => {
  const pair = judge({ outgoing: '6.17.8', incoming: '6.18.5', profile: 'memory' });
  const decisive = pair.components
    .flatMap(({ findings }) => findings)
    .filter(({ impact }) => impact === 'misread');
  for (const finding of decisive)
    assert.deepEqual(
      finding.where.map(({ side }) => side),
      ['outgoing', 'incoming'],
      finding.subject,
    );
});

test('what lies above a component that fails is unreached', () => {
  const pair = judge({ outgoing: '7.1.13', incoming: '7.2.12', profile: 'memfd' });
  const kinds = Object.fromEntries(pair.components.map(({ id, verdict }) => [id, verdict]));
  assert.equal(kinds.kho, 'refused');
  assert.equal(kinds.luo, 'unreached');
  assert.equal(kinds.memfd, 'unreached');
});

for (const [outgoing, incoming] of [
  ['7.2.12', '7.3.4'],
  ['7.3.4', '7.2.12'],
] as const) {
  test(`${outgoing} -> ${incoming} is compatible although a helper constant was replaced`, () => {
    const pair = judge({ outgoing, incoming, profile: 'memfd' });
    assert.equal(pair.verdict, 'compatible', JSON.stringify(pair.components, null, 1));
    const findings = pair.components.flatMap((component) => component.findings);
    assert.ok(findings.some(({ subject }) => subject === 'KHO_ORDER_0_LOG2'));
    assert.ok(findings.every(({ impact }) => impact === 'none'));
  });
}

test('6.19.11 -> 6.18.15 for memfd: LUO is gone, and KHO is fine', () => {
  const pair = judge({ outgoing: '6.19.11', incoming: '6.18.15', profile: 'memfd' });
  assert.deepEqual([pair.verdict, pair.effect], ['refused', 'component-absent']);
  assert.equal(pair.components.find(({ id }) => id === 'kho')?.verdict.startsWith('compatible'), true);
});

test('an outgoing kernel without LUO cannot preserve memfd state, whatever the incoming one does', () => {
  for (const incoming of ['6.18.15', '6.19.11', '7.3.4']) {
    assert.equal(judge({ outgoing: '6.18.15', incoming, profile: 'memfd' }).verdict, 'unsupported');
  }
});

test('no upstream pair preserves PCI state, and KHO and LUO are answered beside it', () => {
  const pair = judge({ outgoing: '7.2.12', incoming: '7.3.4', profile: 'pci' });
  assert.equal(pair.verdict, 'unsupported');
  const ids = pair.components.map(({ id }) => id);
  for (const id of ['kho', 'luo', 'luo-flb']) assert.ok(ids.includes(id), id);
});
