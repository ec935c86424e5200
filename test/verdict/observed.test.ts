import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHANGED_KERNELS } from '../support/changed-kernels.ts';
import { judge } from '../support/shipped.ts';

// What real kernels did (test/fixtures/observed.json) against what the documents say. For a pair that was seen to work,
// `compatible` and `compatible-with-notes` both agree.

interface Observation {
  outgoing: string;
  incoming: string;
  profile: string;
  verdict: string;
  effect: string | null;
  seen: string;
}

const observed = JSON.parse(readFileSync(new URL('../fixtures/observed.json', import.meta.url), 'utf8')) as {
  pairs: Observation[];
  variants: Observation[];
};

function agrees(predicted: string, seen: string): boolean {
  const works = ['compatible', 'compatible-with-notes'];
  return predicted === seen || (works.includes(seen) && works.includes(predicted));
}

const table: string[] = [];

for (const { outgoing, incoming, profile, verdict, effect } of observed.pairs) {
  test(`${outgoing} -> ${incoming} (${profile}) is ${verdict}${effect ? `, ${effect}` : ''}, as seen`, () => {
    const pair = judge({ outgoing, incoming, profile });
    table.push(`${outgoing} -> ${incoming}  ${profile}  ${pair.verdict} ${pair.effect ?? ''}`);
    assert.ok(agrees(pair.verdict, verdict), pair.summary);
    assert.equal(pair.effect, effect, pair.summary);
  });
}

for (const { outgoing, incoming, profile, verdict, effect } of observed.variants) {
  test(`${outgoing} -> ${incoming} is ${verdict}${effect ? `, ${effect}` : ''}, as seen`, () => {
    const pair = judge({
      outgoing: CHANGED_KERNELS[outgoing] ?? outgoing,
      incoming: CHANGED_KERNELS[incoming] ?? incoming,
      profile,
    });
    table.push(`${outgoing} -> ${incoming}  ${profile}  ${pair.verdict} ${pair.effect ?? ''}`);
    assert.ok(agrees(pair.verdict, verdict), pair.summary);
    assert.equal(pair.effect, effect, pair.summary);
  });
}

test('every observation has its row', (context) => {
  for (const row of table) context.diagnostic(row);
  assert.equal(table.length, observed.pairs.length + observed.variants.length);
});
