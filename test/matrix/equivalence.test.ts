import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveOverlays } from '../../src/catalog/overlay.ts';
import { groupByKey, partition } from '../../src/matrix/equivalence.ts';
import { computeMatrix } from '../../src/matrix/matrix.ts';
import type { ProfileMatrix } from '../../src/model/outputs.ts';
import { TARGETS } from '../../src/model/target.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { propertyRuns } from '../formats/property.ts';
import { IS_WHOLE } from '../support/extent.ts';
import { documentOf, profileNamed, shipped } from '../support/shipped.ts';
import { upstreamKernels } from './shipped-graph.ts';

const { overlays = [], errata, reviews } = shipped();
const upstream = upstreamKernels();
const series = resolveOverlays(overlays, documentOf).map(kernelOf);
const byRelease = new Map([...upstream, ...series].map((kernel) => [kernel.release, kernel]));

function inputFor(profile: string, target: (typeof TARGETS)[number]) {
  const kernelNamed = (release: string) => byRelease.get(release);
  return { profile: profileNamed(profile), target, errata, reviews, erratumApplies: appliesTo, kernelNamed };
}

/** What the classes must be, from the cells of a whole matrix alone. */
function classesByCells({ releases, pairs }: ProfileMatrix): string[][] {
  const cells = new Map(
    pairs.map(({ outgoing, incoming, verdict, effect, decidedBy }) => [
      `${outgoing} ${incoming}`,
      `${verdict} ${effect} ${decidedBy?.component} ${decidedBy?.rule}`,
    ]),
  );
  const keys = releases.map((release) =>
    releases
      .flatMap((other) => [cells.get(`${release} ${other}`), cells.get(`${other} ${release}`)])
      .join('\n'),
  );
  return groupByKey(keys).map((positions) => positions.map((at) => releases[at] ?? ''));
}

for (const [at, profile] of ['memory', 'memfd', 'pci', 'vm'].entries()) {
  // Of the default run, each profile on a target of its own.
  for (const target of IS_WHOLE ? TARGETS : TARGETS.slice(at, at + 1)) {
    test(`classes of ${profile} on ${target} are the equal rows and columns of the matrix`, () => {
      const matrix = computeMatrix({ ...inputFor(profile, target), kernels: upstream });
      assert.deepEqual(matrix.equivalents, classesByCells(matrix));
    });
  }
}

test('kernels of posted series are classes by the same rule', () => {
  const kernels = series.filter((_, at) => IS_WHOLE || at % 3 === 0);
  const matrix = computeMatrix({ ...inputFor('pci', 'arm64-16k'), kernels });
  assert.deepEqual(matrix.equivalents, classesByCells(matrix));
  assert.ok((matrix.equivalents?.length ?? 0) > kernels.length / 3);
});

test('6.18 and 7.2 to 7.3 are one class each for memory, 7.0 is one of its own', () => {
  const input = inputFor('memory', 'x86_64-4k');
  const classes = computeMatrix({ ...input, kernels: upstream }).equivalents ?? [];
  const classOf = (release: string) => classes.find((members) => members.includes(release));
  assert.deepEqual(classOf('6.18.15'), ['6.18.5', '6.18.9', '6.18.12', '6.18.15']);
  assert.ok(classOf('7.2.6')?.includes('7.3.4'));
  assert.deepEqual(classOf('7.0'), ['7.0']);
});

test('pairs of one class only do not change the classes', () => {
  const input = { ...inputFor('memory', 'x86_64-4k'), kernels: upstream };
  assert.deepEqual(computeMatrix({ ...input, only: 'main+1' }).equivalents, computeMatrix(input).equivalents);
});

test('members of a class have equal cells with everything, members of two differ in one', () => {
  const cells = fc.integer({ min: 1, max: 7 }).chain((size) =>
    fc.array(fc.array(fc.nat(1), { minLength: size, maxLength: size }), {
      minLength: size,
      maxLength: size,
    }),
  );
  fc.assert(
    fc.property(cells, (grid) => {
      const cell = (row: number, column: number): number => grid[row]?.[column] ?? 0;
      const isEqual = (a: number, b: number): boolean =>
        grid.every((_, other) => cell(a, other) === cell(b, other) && cell(other, a) === cell(other, b));
      const classes = partition(grid.length, cell);
      assert.deepEqual(
        classes.flat().sort((a, b) => a - b),
        [...grid.keys()],
      );
      for (const a of grid.keys()) {
        for (const b of grid.keys()) {
          const together = classes.some((members) => members.includes(a) && members.includes(b));
          assert.equal(together, isEqual(a, b));
        }
      }
    }),
    propertyRuns('partition', 300),
  );
});
