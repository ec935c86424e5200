import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import type { PairVerdict } from '../../src/model/finding.ts';
import { adviceOf } from '../../src/report/check-advice.ts';
import { renderCheck } from '../../src/report/check-terminal.ts';
import { withComparedLayouts } from '../../src/verdict/compared-layouts.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { documentOf, judge } from '../support/shipped.ts';

function checked(outgoing: string, incoming: string, profile: string): PairVerdict {
  const kernels = { outgoing: kernelOf(documentOf(outgoing)), incoming: kernelOf(documentOf(incoming)) };
  return withComparedLayouts(judge({ outgoing, incoming, profile }), kernels);
}

function words(pair: PairVerdict): string {
  const advice = adviceOf(pair);
  assert.ok(advice, pair.summary);
  return [...advice.sees, ...advice.todo].join(' ');
}

test('a misread pair: no message will tell, and the macro to raise is named', () => {
  const pair = checked('6.17.8', '6.18.5', 'memory');
  assert.match(words(pair), /No message: .*raise KHO_FDT_COMPATIBLE in 6\.18\.5/);
  const kho = pair.components.find(({ id }) => id === 'kho');
  assert.deepEqual(kho?.guard, { component: 'kho', macro: 'KHO_FDT_COMPATIBLE' });
  const bits = kho?.layouts?.find(({ struct }) => struct === 'kho_mem_phys_bits');
  assert.deepEqual([bits?.outgoing?.size, bits?.incoming?.size], [512, 4096]);
});

test('a refused marker: what the incoming kernel would have to accept, and its own message', () => {
  const said = words(checked('7.1.13', '7.2.12', 'memfd'));
  assert.match(said, /preserved pages become free memory/);
  assert.match(said, /handover FDT is incompatible/);
  assert.match(said, /accept kho-v3 as 7\.1\.13 writes it/);
  assert.match(said, /hop/);
});

test('state that cannot be preserved, and state that the incoming kernel lacks', () => {
  assert.match(words(checked('7.2.12', '7.3.4', 'pci')), /7\.2\.12 cannot preserve this state/);
  assert.match(words(checked('6.19.11', '6.18.15', 'memfd')), /Choose an incoming kernel that has/);
});

test('a compatible pair needs no advice and no layouts', () => {
  const pair = checked('7.2.12', '7.3.4', 'memfd');
  assert.equal(adviceOf(pair), undefined);
  assert.ok(pair.components.every(({ layouts, guard }) => layouts === undefined && guard === undefined));
});

for (const width of [60, 80, 120]) {
  test(`check prints the map before the notes and the advice at the end, in ${width} columns`, () => {
    const text = renderCheck(checked('6.17.8', '6.18.5', 'memory'), {
      chalk: new Chalk({ level: 0 }),
      width,
    });
    const at = [
      'error[marker-not-bumped]',
      'kho_mem_phys_bits: 512 bytes written',
      'What an operator will see',
      'What to do',
    ].map((piece) => text.indexOf(piece));
    assert.ok(!at.includes(-1), text);
    assert.deepEqual(
      [...at].sort((a, b) => a - b),
      at,
    );
  });
}

test('hops are named where they are known, and where there are none that is said', () => {
  const pair = checked('6.17.8', '6.18.5', 'memory');
  const told = (way: readonly string[] | null): string => adviceOf(pair, () => way)?.todo.at(-1) ?? '';
  assert.equal(told(['6.17.8', '6.16', '6.18.5']), 'Or go by hops that are safe: 6.17.8 -> 6.16 -> 6.18.5.');
  assert.match(
    told(null),
    /^No way of hops is known \(luo-abi route 6\.17\.8 6\.18\.5 --profile memory --target x86_64-4k says where each ends\): a cold boot/,
  );
  assert.match(adviceOf(pair)?.todo.at(-1) ?? '', /look for hops \(luo-abi route/);
});

test('no way is looked for where none would be told', () => {
  let asked = 0;
  const ask = (): null => {
    asked += 1;
    return null;
  };
  adviceOf(checked('7.2.12', '7.3.4', 'memfd'), ask);
  adviceOf(checked('7.2.12', '7.3.4', 'pci'), ask);
  assert.equal(asked, 0);
});
