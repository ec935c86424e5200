import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Lru } from '../../src/ask/answers/lru.ts';
import { fillTemplate, nameStandIn, templateOf, withStandIns } from '../../src/ask/answers/template.ts';
import { badgeOf, badgeOfProblem, renderBadge } from '../../src/server/badge.ts';
import { contentPolicyOf } from '../../src/server/page.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { casesOf } from '../support/extent.ts';
import { documentOf } from '../support/shipped.ts';

const seed = Number(process.env.LUO_ABI_SEED ?? Date.now() % 2 ** 31);

function kernel(release: string, places: Record<string, string>): Kernel {
  const [id, component] = [...kernelOf(documentOf('7.3.4')).components][0] ?? [];
  assert.ok(id && component);
  return { release, components: new Map([['kho', { ...component, places }]]) };
}

test('a template gives back what was cut, for any name and place', () => {
  console.log(`seed ${seed}`);
  const text = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter((part) => !/[\u0091\u0092\n]/.test(part));
  fc.assert(
    fc.property(text, text, text, fc.nat(), (name, file, key, line) => {
      const outgoing = kernel(name, { [key]: `${file}:${line}` });
      const incoming = kernel('7.3.4', {});
      const answer = (from: Kernel, to: Kernel): string => {
        const match = /^(.*):(\d+)$/s.exec(from.components.get('kho')?.places[key] ?? '');
        const where = [{ file: match?.[1], line: Number(match?.[2]), side: 'outgoing' }];
        return JSON.stringify({ outgoing: from.release, incoming: to.release, where, count: 1 }, null, 1);
      };
      const cut = templateOf(answer(withStandIns(outgoing, 'outgoing'), withStandIns(incoming, 'incoming')));
      assert.equal(fillTemplate(cut, { outgoing, incoming }), answer(outgoing, incoming));
    }),
    { seed, numRuns: casesOf(200) },
  );
});

test('a place that is none stays as it is', () => {
  const bare = kernel('7.3.4', { marker: 'recorded' });
  assert.equal(withStandIns(bare, 'outgoing').components.get('kho')?.places.marker, 'recorded');
  assert.ok(!withStandIns(bare, 'outgoing').release.includes('7.3.4'));
  assert.notEqual(nameStandIn('outgoing'), nameStandIn('incoming'));
});

test('what was not asked for longest is forgotten once entries weigh too much', () => {
  const kept = new Lru<number>(10);
  kept.set('a', 1, 4);
  kept.set('b', 2, 4);
  assert.equal(kept.get('a'), 1);
  kept.set('c', 3, 4);
  assert.deepEqual([kept.get('a'), kept.get('b'), kept.get('c'), kept.weight], [1, undefined, 3, 8]);
  kept.set('d', 4, 11);
  assert.deepEqual([kept.get('d'), kept.weight], [undefined, 8]);
  kept.set('a', 5, 6);
  assert.deepEqual([kept.get('a'), kept.weight], [5, 10]);
});

test('a badge is XML whatever the names, and its colours can be read', () => {
  const hostile = '</text><script>alert("1")</script>&\u0000\ud800';
  for (const badge of [
    badgeOf({ from: hostile, to: hostile, profile: 'pci' }, { verdict: 'misread', effect: 'corruption' }),
    badgeOfProblem(hostile),
  ]) {
    const svg = renderBadge(badge);
    assert.ok(!svg.includes('<script') && !/&(?!amp;|lt;|gt;|quot;|#39;)/.test(svg));
    assert.ok(!svg.includes('\u0000') && !/\p{Surrogate}/u.test(svg));
  }
  for (const [verdict, effect] of [
    ['misread', null],
    ['refused', 'boot-panic'],
    ['refused', 'state-dropped'],
    ['unknown', null],
    ['unsupported', null],
    ['compatible-with-notes', null],
    ['compatible', null],
  ] as const) {
    const { colour } = badgeOf({ from: 'a', to: 'b', profile: 'c' }, { verdict, effect });
    assert.ok(contrastWithWhite(colour) >= 4.5, `${verdict} ${colour}`);
  }
});

/** As WCAG 2 defines it. */
function contrastWithWhite(colour: string): number {
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = channels;
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

test('a page may run the scripts that it has, and data is none', () => {
  const html = '<script type="application/json">{"a":1}</script><script type="module">run()</script>';
  const policy = contentPolicyOf(html);
  assert.equal(policy.match(/'sha256-/g)?.length, 1);
  assert.match(contentPolicyOf('<p>'), /script-src 'none'/);
});
