import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditPatches, optionsFor } from '../../src/history/audit-patches.ts';
import { auditRange, readRange } from '../../src/history/audit-range.ts';
import { KnownValues } from '../../src/history/known-values.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import type { AuditFinding, AuditOutput } from '../../src/model/audit.ts';
import { summaryOf } from '../../src/report/audit-text.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { readPatchSeries } from '../../src/sources/patch-series.ts';
import type { Edit } from '../accuracy/edit-declarations.ts';
import {
  editText,
  insertAfter,
  redefine,
  renameMember,
  replaceMember,
  swap,
} from '../accuracy/edit-declarations.ts';
import { fixtureTree } from './generated-history.ts';
import type { MadeCommit } from './made-repository.ts';
import { edited, git, makeRepository, scratchFolder } from './made-repository.ts';

// What an audit cannot look at, or what holds under a condition alone, is said: sound is only what was judged.

const scratch = scratchFolder();
/** Repositories share most of their files, and so what was captured of them. */
const snapshots = await Snapshots.open();
const NO_VALUES = new KnownValues(() => []);
let count = 0;

function repositoryOf(...changes: readonly (readonly Edit[])[]): string {
  const commits: MadeCommit[] = [{ title: 'Linux 7.3.4', tree: fixtureTree(), tag: 'v7.3.4' }];
  for (const [index, edits] of changes.entries()) {
    const last = commits.at(-1) as MadeCommit;
    commits.push({ title: `change ${index + 1}`, tree: edited(last.tree, ...edits) });
  }
  count += 1;
  const folder = join(scratch, `made-${count}.git`);
  makeRepository(folder, commits);
  return folder;
}

function open(folder: string): RevisionSnapshots {
  return new RevisionSnapshots(GitRepository.open(folder), snapshots);
}

async function auditOf(folder: string, text: string): Promise<AuditOutput> {
  const revisions = open(folder);
  const output = await auditRange(readRange(text, revisions), revisions, NO_VALUES);
  assert.ok(output);
  return output;
}

async function mailedAuditOf(folder: string, range: string): Promise<AuditOutput> {
  const path = join(scratch, 'series.mbox');
  writeFileSync(path, `${git(folder, 'format-patch', '--binary', '--stdout', range)}\n`);
  const series = await readPatchSeries(path);
  const revisions = open(folder);
  const oid = revisions.repository.commitOf('v7.3.4');
  const tree = revisions.repository.tree(revisions.commit(oid), oid.slice(0, 12), optionsFor(series));
  const state = { evidence: { ...tree, kind: 'git' as const }, mark: tree.oid };
  const rest = { snapshots: snapshots, values: NO_VALUES, releases: () => [] };
  const output = await auditPatches(series, { name: oid.slice(0, 12), state }, rest);
  assert.ok(output);
  return output;
}

function said(findings: readonly AuditFinding[] = []): string[] {
  return findings.map(({ rule, level, component }) => `${rule} ${level} ${component}`);
}

function saidOf(output: AuditOutput): string[][] {
  return output.patches.map(({ findings }) => said(findings));
}

/** Behind it the KHO component can no longer be read: its area is declared under a name that nobody knows. */
const BLIND: Edit = (tree) => {
  const path = 'include/asm-generic/kexec_handover.h';
  tree.set(path, (tree.get(path) ?? '').replace('struct kho_scratch {', 'struct made_area {\n\tu64 flags;'));
};
const FRONT = insertAfter('memfd_luo_ser', 'pos', 'u64 front');
const RAISE = redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"');
const RELEASE = editText((text, path) => (path === 'Makefile' ? text.replace('= 4', '= 5') : text));

test('what rests on something unknown is judged all the same', async () => {
  const folder = repositoryOf([BLIND], [FRONT]);
  assert.deepEqual(saidOf(await auditOf(folder, 'v7.3.4..main')), [
    ['facts-missing error kho'],
    ['marker-not-bumped error memfd'],
  ]);
  const alone = await auditOf(folder, 'main');
  assert.deepEqual(saidOf(alone), [['marker-not-bumped error memfd']]);
  assert.doesNotMatch(summaryOf(alone), /sound/);
  const elsewhere = await auditOf(
    repositoryOf([BLIND], [swap('kho_kexec_metadata', 'previous_release', 'kexec_count')]),
    'main',
  );
  assert.deepEqual(
    elsewhere.patches[0]?.components.map(({ id }) => id),
    ['kexec-metadata'],
  );
});

test('a change that makes something unknown does not hide what it breaks above', async () => {
  const together = await auditOf(repositoryOf([BLIND, FRONT]), 'main');
  assert.deepEqual(saidOf(together), [['marker-not-bumped error memfd', 'facts-missing error kho']]);
  const before = await auditOf(repositoryOf([FRONT], [BLIND]), 'v7.3.4..main');
  assert.deepEqual(saidOf(before), [['marker-not-bumped error memfd'], ['facts-missing error kho']]);
});

test('a raised marker above something unknown is sound, and the head line says what was not judged', async () => {
  const folder = repositoryOf([BLIND], [FRONT, RAISE]);
  assert.deepEqual(saidOf(await auditOf(folder, 'main')), [[]]);
  assert.match(summaryOf(await auditOf(folder, 'main')), /; sound from end to end$/);
  assert.match(summaryOf(await auditOf(folder, 'v7.3.4..main')), /; no longer judged: kho$/);
});

test('what its unknown marker guards cannot be judged', async () => {
  const folder = repositoryOf([BLIND], [swap('kho_block_header_ser', 'next', 'count')]);
  const output = await auditOf(folder, 'main');
  assert.deepEqual(saidOf(output), [['facts-missing error kho-block']]);
  assert.match(output.patches[0]?.findings[0]?.message ?? '', /marker that guards it cannot be read$/);
});

test('declarations that are touched while they are unknown are said, remarks in them are not', async () => {
  const path = 'include/asm-generic/kexec_handover.h';
  const touch =
    (from: string, to: string): Edit =>
    (tree) =>
      tree.set(path, (tree.get(path) ?? '').replace(from, to));
  const touched = repositoryOf([BLIND], [touch('u64 flags;', 'u32 flags;')]);
  for (const output of [await auditOf(touched, 'main'), await mailedAuditOf(touched, 'v7.3.4..main')]) {
    assert.deepEqual(saidOf(output).at(-1), ['facts-missing error kho']);
    assert.match(summaryOf(output), /; no longer judged: kho$/);
  }
  const remark = await auditOf(
    repositoryOf([BLIND], [touch('u64 flags;', 'u64  flags; /* made */')]),
    'main',
  );
  assert.deepEqual(saidOf(remark), []);
});

const OPTIONAL = insertAfter('memfd_luo_ser', 'nr_folios', '\n#ifdef CONFIG_MADE\n\tu64 made');
const CLOSE: Edit = (tree) => {
  const path = 'include/linux/kho/abi/memfd.h';
  tree.set(path, (tree.get(path) ?? '').replace('u64 made;', 'u64 made;\n#endif'));
};

test('a member behind an option of the configuration is an error, and a warning where the marker was raised', async () => {
  const output = await auditOf(repositoryOf([OPTIONAL, CLOSE]), 'main');
  const [patch] = output.patches;
  assert.deepEqual(said(patch?.findings), ['config-dependent error memfd']);
  assert.match(patch?.findings[0]?.message ?? '', /memfd_luo_ser differs with CONFIG_MADE/);
  assert.deepEqual(patch?.components[0]?.changed, ['memfd_luo_ser (with CONFIG_MADE)']);
  assert.match(summaryOf(output), /1 of 1 touch .*; from end to end 1 break$/);
  assert.deepEqual(saidOf(await auditOf(repositoryOf([OPTIONAL, CLOSE, RAISE]), 'main')), [
    ['config-dependent warning memfd'],
  ]);
  const later = await auditOf(repositoryOf([OPTIONAL, CLOSE], [RAISE]), 'v7.3.4..main');
  assert.equal(later.patches[0]?.findings[0]?.level, 'warning');
  assert.equal(later.patches[0]?.findings[0]?.mendedBy, later.patches[1]?.name);
});

test('an option that was there before is no news', async () => {
  const output = await auditOf(repositoryOf([OPTIONAL, CLOSE], [FRONT, RAISE]), 'main');
  assert.deepEqual(saidOf(output), [[]]);
});

const area = (member: string, ...declarations: string[]): Edit =>
  replaceMember('kho_scratch', member, ...declarations);

test('an address that is narrowed into padding is read wrongly', async () => {
  const output = await auditOf(repositoryOf([area('size', 'u32 size')]), 'main');
  const [finding] = output.patches[0]?.findings ?? [];
  assert.equal(finding?.rule, 'marker-not-bumped');
  assert.equal(finding?.level, 'error');
  assert.deepEqual(finding?.directions, ['upgrade']);
});

test('a number that is narrowed into padding is sound up to a value, and that is said once', async () => {
  const flags = insertAfter('luo_ser', 'flbs_pa', 'u64 made');
  const [first, second] = [
    redefine('LUO_ABI_COMPATIBLE', '"luo-v6"'),
    redefine('LUO_ABI_COMPATIBLE', '"luo-v7"'),
  ];
  const narrow = replaceMember('luo_ser', 'made', 'u32 made', 'u32 reserved');
  const folder = repositoryOf([flags, first], [narrow]);
  const [finding, ...others] = (await auditOf(folder, 'main')).patches[0]?.findings ?? [];
  assert.deepEqual(others, []);
  assert.equal(`${finding?.rule} ${finding?.level}`, 'condition-unguarded warning');
  assert.match(finding?.message ?? '', /: only sound while values up to 4294967295 are used$/);
  assert.equal(finding?.raise?.macro, 'LUO_ABI_COMPATIBLE');
  assert.deepEqual(finding?.directions, ['upgrade']);
  assert.deepEqual(saidOf(await auditOf(repositoryOf([flags, first], [narrow, second]), 'main')), [[]]);
  const inSeries = await auditOf(repositoryOf([flags, first], [narrow], [second]), 'main~2..main');
  assert.deepEqual(saidOf(inSeries)[0], ['condition-unguarded note luo']);
});

test('a range and the same as mail agree across a Makefile that says the next release', async () => {
  const folder = repositoryOf([FRONT], [RELEASE], [RAISE]);
  const byRange = saidOf(await auditOf(folder, 'v7.3.4..main'));
  assert.deepEqual(byRange, saidOf(await mailedAuditOf(folder, 'v7.3.4..main')));
  assert.equal(byRange[0]?.[0], 'marker-not-bumped error memfd');
});

test('a header that is taken out is named in the head line', async () => {
  const move: Edit = (tree) => {
    const path = 'include/linux/kho/abi/memfd.h';
    tree.set('tools/made/memfd.h', tree.get(path) ?? '');
    tree.delete(path);
  };
  const output = await auditOf(repositoryOf([move]), 'main');
  assert.match(summaryOf(output), /; no longer judged: memfd$/);
});

test('a header that a binary patch changes cannot be judged, as a range or as mail', async () => {
  const binary: Edit = (tree) => tree.set('include/linux/kho/abi/memfd.h', '\0\0made\0');
  const folder = repositoryOf([binary]);
  for (const output of [await auditOf(folder, 'main'), await mailedAuditOf(folder, 'v7.3.4..main')]) {
    assert.deepEqual(saidOf(output), [['facts-missing error memfd']]);
  }
});

test('a new name in an equal place is no condition', async () => {
  const output = await auditOf(repositoryOf([renameMember('memfd_luo_ser', 'pos', 'position')]), 'main');
  assert.deepEqual(saidOf(output), []);
});
