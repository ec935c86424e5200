import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict-kind.ts';
import { badness } from '../../src/model/verdict-kind.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { kernelDocument, kernelDocuments } from '../components/series-kernels.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { profileNamed } from '../support/shipped.ts';

// The default question: all that the outgoing kernel can preserve, a line for each kind; the worst of them is the answer.

const documents = [...kernelDocuments().values()];
const kernels = new Map(documents.map((document) => [document.release, kernelOf(document)]));

function carried(outgoing: string, incoming: string): PairVerdict {
  const [from, to] = [outgoing, incoming].map(
    (release) => kernels.get(release) ?? kernelOf(kernelDocument(release)),
  );
  assert.ok(from && to);
  return judgePair({
    outgoing: from,
    incoming: to,
    profile: profileNamed('carried'),
    target: 'x86_64-4k',
    tellsKinds: true,
    kernelNamed: (release) => kernels.get(release),
  });
}

const linesOf = ({ kinds = [] }: PairVerdict): string[] =>
  kinds.map(({ profile, verdict, effect }) => `${profile} ${verdict}${effect ? ` ${effect}` : ''}`);

test('6.17 -> 6.18 is misread, whatever is not carried; 6.19 -> 7.0 panics as its sessions do', () => {
  const first = carried('6.17.8', '6.18.15');
  assert.equal(first.verdict, 'misread');
  assert.deepEqual(linesOf(first), ['memory misread corruption', 'memfd unsupported', 'pci unsupported']);
  const second = carried('6.19.11', '7.0');
  assert.deepEqual([second.verdict, second.effect], ['refused', 'boot-panic']);
  assert.deepEqual(linesOf(second), [
    'memory compatible-with-notes',
    'memfd refused boot-panic',
    'pci unsupported',
  ]);
  assert.deepEqual(second.kinds?.[0]?.conditions, ['panics if 6.19.11 runs with liveupdate=on']);
});

test('unsupported only where nothing at all is carried', () => {
  const none = carried('6.19.10+deb13', '7.3.4');
  assert.equal(none.verdict, 'unsupported');
  assert.ok(none.kinds?.every(({ verdict }) => verdict === 'unsupported'));
  assert.match(none.summary, /cannot preserve any state: CONFIG_KEXEC_HANDOVER is not set/);
});

test('a kernel of a series has a line for each kind that it carries', () => {
  const pair = carried('7.2.12+vfio-pci-v5', '7.2.12');
  assert.equal(pair.verdict, 'refused');
  const kinds = pair.kinds?.map(({ profile }) => profile) ?? [];
  assert.ok(
    ['memory', 'memfd', 'pci', 'vfio-pci'].every((kind) => kinds.includes(kind)),
    kinds.join(),
  );
});

test('the worst kind is the answer, for every pair of shipped kernels', () => {
  let pairs = 0;
  for (const [at, { release: outgoing }] of documents.entries()) {
    for (const [to, { release: incoming }] of documents.entries()) {
      if ((at * 17 + to) % (IS_WHOLE ? 11 : 41) !== 0) continue;
      const pair = carried(outgoing, incoming);
      const kinds = (pair.kinds ?? []).filter(({ verdict }) => verdict !== 'unsupported');
      const ranks = kinds.map(({ verdict, effect }) => badness(verdict as Verdict, effect));
      const worst = ranks.length === 0 ? badness('unsupported', null) : Math.min(...ranks);
      assert.equal(
        badness(pair.verdict, pair.effect),
        worst,
        `${outgoing} -> ${incoming} ${linesOf(pair).join()}`,
      );
      pairs += 1;
    }
  }
  assert.ok(pairs > (IS_WHOLE ? 1000 : 300), String(pairs));
});
