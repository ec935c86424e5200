import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Chalk } from 'chalk';
import { computeTable } from '../../src/matrix/matrix.ts';
import { withGroups } from '../../src/matrix/matrix-groups.ts';
import type { PairTable } from '../../src/model/pair-table.ts';
import { compareReleases, parseReleaseName } from '../../src/model/release-name.ts';
import { renderMatrix } from '../../src/report/matrix-terminal.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { tableOver } from '../support/pair-table.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

// A matrix fits the window: it is told in another form, and at last in part, before a line is broken by the terminal.

const plain = new Chalk({ level: 0 });
let upstream: PairTable;
let series: PairTable;

function synthetic(count: number): PairTable {
  const releases = Array.from({ length: count }, (_, at) => `7.${Math.floor(at / 10)}.${at % 10}`);
  const pairs = releases.flatMap((outgoing, row) =>
    releases.map((incoming, column) => ({
      outgoing,
      incoming,
      class: [],
      verdict: row % 3 === column % 3 ? ('compatible' as const) : ('misread' as const),
      effect: null,
      decidedBy: null,
    })),
  );
  const equivalents = [0, 1, 2].map((rest) => releases.filter((_, at) => at % 3 === rest));
  return tableOver({
    profile: 'memory',
    target: 'x86_64-4k',
    releases,
    equivalents,
    pairs,
    classes: {},
  });
}

before(() => {
  const { documents, errata, reviews } = shipped();
  const kernels = documents
    .filter(({ vendor, targets }) => vendor === null && targets.includes('x86_64-4k'))
    .sort((a, b) => compareReleases(a.release, b.release))
    .map(kernelOf);
  const input = { target: 'x86_64-4k', errata, reviews, erratumApplies: appliesTo } as const;
  upstream = computeTable({ ...input, kernels, profile: profileNamed('memory') });
  const changed = kernels.flatMap((kernel) =>
    ['acme1', 'acme-with-a-long-name'].map((vendor) => ({
      ...kernel,
      release: `${kernel.release}+${vendor}`,
    })),
  );
  const profile = profileNamed('memfd');
  series = withGroups(computeTable({ ...input, kernels: changed, profile }), changed, profile);
});

function tooLong(matrix: PairTable, width: number): string[] {
  const lines = renderMatrix(matrix, { chalk: plain, width }).split('\n');
  return lines.filter((line) => Array.from(line).length > width);
}

test('no line is wider than the window', () => {
  for (const width of [60, 72, 80, 100, 120, 160, 240]) {
    for (const matrix of [upstream, series, synthetic(25), synthetic(90)]) {
      assert.deepEqual(tooLong(matrix, width), [], `${matrix.profile} at ${width}`);
    }
  }
});

test('classes first, then numbers, then digits one above the other, then a note of what is left out', () => {
  const render = (matrix: PairTable, width: number) => renderMatrix(matrix, { chalk: plain, width });
  assert.match(render(upstream, 120), / {2}6\.18\.5 … 6\.18\.15 /);
  assert.match(render(upstream, 60), /\n +1 {2}2 {2}3 {2}4 {2}5 {2}6\n/);
  const torn = synthetic(30);
  assert.match(render(torn, 170), /\n {8}7\.0 {47}7\.1/);
  assert.match(render(torn, 110), /\n +1 {2}2 {2}3 .* 29 30\n/);
  assert.match(render(torn, 76), / 1 1 1 .*\n +1 2 3 4 5 6 7 8 9 0 1 /);
  assert.match(render(torn, 60), /\d+ older incoming kernels do not fit 60 columns; --wide\s+shows them/);
  const lines = render(torn, 60).split('\n');
  const count = Number(/(\d+) older incoming/.exec(lines.join('\n'))?.[1]);
  // One digit for each column that is left.
  const shown = lines[2]?.trim().split(' ').length ?? 0;
  assert.equal(count + shown, 30);
});

test('wide leaves nothing out and joins nothing', () => {
  for (const matrix of [upstream, series, synthetic(90)]) {
    const text = renderMatrix(matrix, { chalk: plain, width: 60, isWide: true });
    for (const release of matrix.releases) assert.ok(text.includes(` ${release} `), release);
    assert.ok(!text.includes('do not fit'));
    assert.ok(!text.includes('stand in one line'));
  }
});

test('kernels of a group that behave alike stand in one line, with their number', () => {
  const text = renderMatrix(series, { chalk: plain, width: 120 });
  assert.match(text, /\+acme1 \+\d+ /);
  assert.match(text, /kernels that behave alike stand in one line/);
  assert.ok(parseReleaseName(series.releases[0] ?? '')?.vendor);
});
