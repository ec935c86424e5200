import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandTable } from '../../src/matrix/expand-table.ts';
import { computeTable } from '../../src/matrix/matrix.ts';
import { withGroups } from '../../src/matrix/matrix-groups.ts';
import type { ProfileMatrix } from '../../src/model/outputs.ts';
import { validate } from '../../src/schema/validate.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { kernelDocument } from '../components/series-kernels.ts';
import { profileNamed } from '../support/shipped.ts';

function matrixOf(...releases: string[]): ProfileMatrix {
  const kernels = releases.map((release) => kernelOf(kernelDocument(release)));
  const profile = profileNamed('pci');
  const input = { kernels, profile, target: 'x86_64-4k' as const, errata: [], erratumApplies: () => false };
  return expandTable(withGroups(computeTable(input), kernels, profile));
}

test('kernels stand by series, then by the marker of PCI that they write', () => {
  const matrix = matrixOf(
    '6.19.11+pci-liveupdate-v1',
    '6.19.11+pci-luo-rfc-patch07',
    '6.19.11+pci-liveupdate-v2',
    '7.1.13+pci-liveupdate-v4',
    '7.3.4+pci-liveupdate-v8',
  );
  validate('matrix', matrix, 'matrix');
  assert.deepEqual(
    matrix.groups?.map(({ series, marker, releases }) => [series, marker, releases.length]),
    [
      ['6.19', 'no marker', 1],
      ['6.19', 'pci-v1', 2],
      ['7.1', 'pci-v2', 1],
      ['7.3', 'pci 1', 1],
    ],
  );
  assert.deepEqual(matrix.groups?.flatMap(({ releases }) => releases).sort(), [...matrix.releases].sort());
});

test('a failing pair names the marker of the component that decided', () => {
  const { pairs } = matrixOf('7.1.13+pci-liveupdate-v3', '7.1.13+pci-liveupdate-v4-patch1');
  const misread = pairs.find(({ verdict }) => verdict === 'misread');
  assert.deepEqual([misread?.decidedBy?.component, misread?.marker], ['pci', 'pci-v1']);
  const same = pairs.find(({ outgoing, incoming }) => outgoing === incoming);
  assert.equal(same?.marker, undefined);
});

test('a matrix of upstream releases has no groups', () => {
  const matrix = matrixOf('7.2.12', '7.3.4');
  assert.equal(matrix.groups, undefined);
  assert.ok(matrix.pairs.every(({ marker }) => marker === undefined));
});
