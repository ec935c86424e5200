import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditRange, readRange } from '../../src/history/audit-range.ts';
import { findFirstBad } from '../../src/history/first-bad.ts';
import { KnownValues } from '../../src/history/known-values.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { releaseRepository } from './release-repository.ts';

const KERNELS = process.env.LUO_ABI_KERNELS;
const skip = KERNELS === undefined ? 'LUO_ABI_KERNELS names no folder with kernel packages' : false;

async function openReleases(): Promise<{ revisions: RevisionSnapshots; releases: string[] }> {
  const { folder, releases } = await releaseRepository(KERNELS as string);
  return { revisions: new RevisionSnapshots(GitRepository.open(folder), await Snapshots.open()), releases };
}

test('of all releases at hand, 6.17 to 6.18 alone breaks without a raise', { skip }, async () => {
  const { revisions, releases } = await openReleases();
  const range = readRange(`v${releases[0]}..main`, revisions);
  const output = await auditRange(range, revisions, new KnownValues(() => []));
  assert.ok(output);
  const errors = output.patches.flatMap(({ title, findings }) =>
    findings
      .filter(({ level }) => level === 'error')
      .map(({ rule, component, causes }) => [title, rule, component, causes.map(({ subject }) => subject)]),
  );
  assert.deepEqual(errors, [
    [
      'Linux 6.18.5',
      'marker-not-bumped',
      'kho',
      ['kho_mem_phys_bits', 'kho_mem_phys_bits.preserve', 'PRESERVE_BITS'],
    ],
  ]);
});

test('first-bad names 6.18.5 between 6.17.8 and 6.18.15', { skip }, async () => {
  const { revisions } = await openReleases();
  const request = { outgoing: 'v6.17.8', incoming: 'v6.18.15', target: 'x86_64-4k' } as const;
  const { firstBad, others, isSafe } = await findFirstBad(request, revisions);
  assert.equal(isSafe, false);
  assert.equal(firstBad?.title, 'Linux 6.18.5');
  assert.deepEqual(others, []);
});
