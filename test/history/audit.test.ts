import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditPatches, optionsFor } from '../../src/history/audit-patches.ts';
import { auditRange, readRange } from '../../src/history/audit-range.ts';
import { blame } from '../../src/history/blame.ts';
import { findFirstBad } from '../../src/history/first-bad.ts';
import { KnownValues } from '../../src/history/known-values.ts';
import { RevisionSnapshots, Snapshots } from '../../src/history/snapshots.ts';
import type { AuditFinding, AuditOutput } from '../../src/model/audit.ts';
import { renderAuditGithub } from '../../src/report/audit-github.ts';
import { renderAuditMail } from '../../src/report/audit-mail.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { readPatchSeries } from '../../src/sources/patch-series.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import type { Edit, Tree } from '../accuracy/edit-declarations.ts';
import { insertAfter, redefine, replaceText, swap } from '../accuracy/edit-declarations.ts';
import { fixtureTree, generateHistory } from './generated-history.ts';
import type { MadeCommit } from './made-repository.ts';
import { edited, git, makeRepository, scratchFolder } from './made-repository.ts';

const scratch = scratchFolder();
/** Repositories share most of their files, and so what was captured of them. */
const snapshots = await Snapshots.open();
let count = 0;

/** A repository with one commit for each list of edits, behind the fixture as `v7.3.4`. */
function repositoryOf(...changes: readonly (readonly Edit[])[]): { folder: string; ids: string[] } {
  const commits: MadeCommit[] = [{ title: 'Linux 7.3.4', tree: fixtureTree(), tag: 'v7.3.4' }];
  for (const [index, edits] of changes.entries()) {
    const last = commits.at(-1) as MadeCommit;
    commits.push({ title: `change ${index + 1}`, tree: edited(last.tree, ...edits) });
  }
  return made(commits);
}

function made(commits: readonly MadeCommit[]): { folder: string; ids: string[] } {
  count += 1;
  const folder = join(scratch, `made-${count}.git`);
  return { folder, ids: makeRepository(folder, commits) };
}

function open(folder: string): RevisionSnapshots {
  return new RevisionSnapshots(GitRepository.open(folder), snapshots);
}

async function auditOf(
  folder: string,
  text: string,
  values = new KnownValues(() => []),
): Promise<AuditOutput | undefined> {
  const revisions = open(folder);
  return auditRange(readRange(text, revisions), revisions, values);
}

function said(findings: readonly AuditFinding[]): string[] {
  return findings.map(({ rule, level, subject }) => `${rule} ${level} ${subject}`);
}

const SWAP = swap('memfd_luo_ser', 'pos', 'size');
const RAISE = redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"');

test('a range that touches nothing that is handed over says so', async () => {
  const { folder } = repositoryOf([(tree) => tree.set('drivers/x.c', 'int x;\n')]);
  assert.equal(await auditOf(folder, 'v7.3.4..main'), undefined);
});

test('a finding names the macro, its place, the next value, and who is hit', async () => {
  const { folder } = repositoryOf([SWAP]);
  const output = await auditOf(folder, 'main');
  const [finding] = output?.patches[0]?.findings ?? [];
  assert.equal(finding?.rule, 'marker-not-bumped');
  assert.deepEqual(finding?.raise, {
    macro: 'MEMFD_LUO_FH_COMPATIBLE',
    where: 'include/linux/kho/abi/memfd.h:9',
    from: 'memfd-v2',
    to: 'memfd-v3',
  });
  assert.equal(finding?.targets.length, 4);
  assert.deepEqual(finding?.directions, ['upgrade', 'rollback']);
  assert.equal(finding?.effect, 'corruption');
  assert.ok(finding?.hunks[0]?.lines.includes('-\tu64 pos;'));
  assert.deepEqual(
    output?.pairs.map(({ release, direction, verdict, component }) => [
      release,
      direction,
      verdict,
      component,
    ]),
    [
      ['v7.3.4', 'upgrade', 'misread', 'memfd'],
      ['v7.3.4', 'rollback', 'misread', 'memfd'],
    ],
  );
});

test('a change that only one page size feels names those targets', async () => {
  const depth = replaceText('- KHO_BITMAP_SIZE_LOG2 - 1)', '- KHO_BITMAP_SIZE_LOG2 - 2)');
  const { folder } = repositoryOf([depth]);
  const output = await auditOf(folder, 'main');
  const [finding] = output?.patches[0]?.findings ?? [];
  assert.equal(finding?.component, 'kho');
  assert.deepEqual(finding?.targets, ['arm64-16k']);
  assert.match(finding?.message ?? '', / only\)$/);
});

test('the mbox form equals the range form, names aside', async () => {
  const luoRaise = redefine('LUO_ABI_COMPATIBLE', '"luo-v6"');
  const { folder } = repositoryOf(
    [SWAP],
    [(tree) => tree.set('mm/memblock.c', `${tree.get('mm/memblock.c')}/* remark */\n`)],
    [RAISE],
    [swap('luo_file_ser', 'data', 'token'), luoRaise],
    [swap('kho_vmalloc', 'flags', 'order')],
    [(tree) => tree.set('drivers/x.c', 'int x;\n')],
  );
  const path = join(scratch, 'series.mbox');
  writeFileSync(path, `${git(folder, 'format-patch', '--stdout', 'v7.3.4..main')}\n`);
  const series = await readPatchSeries(path);
  const revisions = open(folder);
  const oid = revisions.repository.commitOf('v7.3.4');
  const tree = revisions.repository.tree(revisions.commit(oid), oid.slice(0, 12), optionsFor(series));
  const state = { evidence: { ...tree, kind: 'git' as const }, mark: tree.oid };
  const byMail = await auditPatches(
    series,
    { name: oid.slice(0, 12), state },
    {
      snapshots: snapshots,
      values: new KnownValues(() => []),
      releases: () => [{ name: 'v7.3.4', kernel: kernelOf(revisions.capture(oid)) }],
    },
  );
  const byRange = await auditOf(folder, 'v7.3.4..main');
  assert.ok(byMail && byRange);
  assert.equal(byRange.patches.length, 4);
  assert.equal(nameless(byMail), nameless(byRange));
});

/** An audit in which titles stand for what names patches. */
function nameless({ patches, ...output }: AuditOutput): string {
  const own = { ...output, what: '', patches: patches.map((patch) => ({ ...patch, id: patch.title })) };
  return patches.reduce(
    (text, { name, title }) => text.replaceAll(name, title),
    JSON.stringify(own, null, 1),
  );
}

test('a raise ahead of its change is no break of the series', async () => {
  const { folder } = repositoryOf([RAISE], [SWAP]);
  const output = await auditOf(folder, 'v7.3.4..main');
  assert.deepEqual(
    output?.patches.map(({ findings }) => said(findings)),
    [
      ['marker-bumped-without-change note MEMFD_LUO_FH_COMPATIBLE'],
      ['marker-not-bumped warning MEMFD_LUO_FH_COMPATIBLE'],
    ],
  );
  assert.deepEqual(said(output?.whole.findings ?? []), []);
});

test('a value that a known kernel uses for another layout is said, and the next free one is named', async () => {
  const { folder } = repositoryOf([insertAfter('memfd_luo_ser', 'flags', 'u64 one'), RAISE]);
  const other = repositoryOf([insertAfter('memfd_luo_ser', 'pos', 'u32 two'), RAISE]);
  const there = open(other.folder);
  const kernel = kernelOf(there.capture(there.repository.commitOf('main')));
  const output = await auditOf(folder, 'main', new KnownValues(() => [kernel]));
  const [finding] = output?.patches[0]?.findings ?? [];
  assert.equal(finding?.rule, 'marker-value-taken');
  assert.equal(finding?.raise?.to, 'memfd-v4');
});

test('the same under the same value elsewhere is a backport', async () => {
  const { folder } = repositoryOf([SWAP, RAISE]);
  const there = open(folder);
  const kernel = kernelOf(there.capture(there.repository.commitOf('main')));
  const output = await auditOf(folder, 'main', new KnownValues(() => [kernel]));
  assert.deepEqual(said(output?.patches[0]?.findings ?? []), []);
});

test('a raise without a change, and a declaration that nobody knows, are said', async () => {
  const unknown: Edit = (tree) =>
    tree.set('include/linux/kho/abi/made.h', 'struct made_ser {\n\tunsigned int x;\n};\n');
  const { folder } = repositoryOf([RAISE], [unknown]);
  const output = await auditOf(folder, 'v7.3.4..main');
  assert.deepEqual(
    output?.patches.flatMap(({ findings }) => said(findings)),
    [
      'marker-bumped-without-change warning MEMFD_LUO_FH_COMPATIBLE',
      'uncovered-declaration warning struct made_ser',
    ],
  );
});

const WRITER = 'static int kho_preserve_vmalloc(int x)\n{\n\treturn x + 1;\n}\n';

test('code that writes changed: the hunk of that function is quoted', async () => {
  const path = 'kernel/liveupdate/kexec_handover.c';
  const write =
    (text: string): Edit =>
    (tree) =>
      tree.set(path, `${(tree.get(path) ?? '').split('/* made */')[0]}/* made */\n${text}`);
  const { folder } = repositoryOf([write(WRITER)], [write(WRITER.replace('x + 1', 'x + 2'))]);
  const output = await auditOf(folder, 'main');
  const [finding] = output?.patches[0]?.findings ?? [];
  assert.equal(finding?.rule, 'meaning-may-differ');
  assert.ok(finding?.hunks[0]?.lines.includes('+\treturn x + 2;'));
});

const MOVED = 'kernel/kexec_handover.c';

function move(from: string, to: string): Edit {
  return (tree) => {
    tree.set(to, tree.get(from) ?? '');
    tree.delete(from);
  };
}

test('a file that moves to where its component is known to have been is followed', async () => {
  const built: Edit = (tree) => {
    const rule = 'obj-$(CONFIG_KEXEC_HANDOVER) += kexec_handover.o\n';
    tree.set('kernel/Makefile', `${tree.get('kernel/Makefile') ?? ''}${rule}`);
  };
  const { folder } = repositoryOf([move('kernel/liveupdate/kexec_handover.c', MOVED), built]);
  const output = await auditOf(folder, 'main');
  assert.deepEqual(output?.patches, []);
});

test('a file that moves to where no rule builds it is said', async () => {
  const { folder } = repositoryOf([move('kernel/liveupdate/kexec_handover.c', MOVED)]);
  const output = await auditOf(folder, 'main');
  assert.deepEqual(said(output?.patches[0]?.findings ?? []), ['facts-missing error kho']);
});

test('a file that moves to where nobody looks is said', async () => {
  const { folder } = repositoryOf([move('include/linux/kho/abi/memfd.h', 'tools/made/memfd.h')]);
  const output = await auditOf(folder, 'main');
  assert.deepEqual(said(output?.patches[0]?.findings ?? []), ['facts-missing warning memfd']);
});

test('a merge is judged by what none of its parents has', async () => {
  const base = fixtureTree();
  const left = edited(base, redefine('KHO_KEXEC_METADATA_VERSION', '2'), (tree) => tree.set('mm/x.c', ''));
  const right = edited(base, SWAP, RAISE);
  const clean = edited(left, SWAP, RAISE);
  const evil = edited(clean, swap('memfd_luo_ser', 'seals', 'flags'));
  const history = (merge: Tree): MadeCommit[] => [
    { title: 'base', tree: base, tag: 'v7.3.4' },
    { title: 'left', tree: left },
    { title: 'right', tree: right, parents: [0] },
    { title: 'merge', tree: merge, parents: [1, 2] },
  ];
  const sound = await auditOf(made(history(clean)).folder, 'v7.3.4..main');
  assert.deepEqual(
    sound?.patches.map(({ title, findings }) => [title, said(findings)]),
    [
      ['left', ['marker-bumped-without-change warning KHO_KEXEC_METADATA_VERSION']],
      ['right', []],
    ],
  );
  const broken = await auditOf(made(history(evil)).folder, 'v7.3.4..main');
  const [merge] = broken?.patches.filter(({ title }) => title === 'merge') ?? [];
  assert.deepEqual(said(merge?.findings ?? []), ['marker-not-bumped error MEMFD_LUO_FH_COMPATIBLE']);
});

test('a mail fits its width, and an annotation is one line', async () => {
  const { commits } = generateHistory(5, 40);
  const output = await auditOf(made(commits).folder, 'v7.3.4..main');
  assert.ok(output);
  const mail = renderAuditMail(output);
  for (const line of mail.split('\n')) assert.ok(line.length <= 72, line);
  assert.match(mail, /^> -\s+u\d+/m);
  for (const line of renderAuditGithub(output).trimEnd().split('\n')) {
    assert.match(line, /^::(?:error|warning|notice) file=[^:]+,line=\d+,title=[^:]+::/);
  }
});

test('first-bad names the commit, and every turn where the answer goes back and forth', async () => {
  const { folder, ids } = repositoryOf([(tree) => tree.set('README', 'x')], [SWAP], [SWAP], [SWAP]);
  const revisions = open(folder);
  const request = { outgoing: 'v7.3.4', incoming: 'main', target: 'x86_64-4k' } as const;
  const { firstBad, others, isSafe } = await findFirstBad(request, revisions);
  assert.equal(isSafe, false);
  assert.equal(firstBad?.commit, ids[2]);
  assert.deepEqual(
    others.map(({ commit, turns }) => [commit, turns]),
    [
      [ids[3], 'safe'],
      [ids[4], 'unsafe'],
    ],
  );
  const safe = await findFirstBad({ ...request, incoming: ids[3] as string }, revisions);
  assert.equal(safe.isSafe, true);
  assert.equal(safe.firstBad, null);
});

test('first-bad finds the first change of a generated history', async () => {
  const { commits, truths } = generateHistory(20_261_001, 60);
  const { folder, ids } = made(commits);
  const at = truths.findIndex(
    ({ kind }) => kind === 'not raised' || kind === 'raised' || kind === 'mended later',
  );
  const revisions = open(folder);
  for (const turned of [at, ...truths.keys()].slice(0, 1)) {
    const request = { outgoing: 'v7.3.4', incoming: ids[turned + 1] as string, target: 'x86_64-4k' } as const;
    const { firstBad } = await findFirstBad(request, revisions);
    assert.equal(firstBad?.commit, ids[turned + 1]);
  }
});

test('blame names the commits, and whether the marker moved with each', async () => {
  const { folder, ids } = repositoryOf(
    [SWAP],
    [(tree) => tree.set('mm/x.c', 'x')],
    [swap('memfd_luo_ser', 'pos', 'seals'), RAISE],
  );
  const revisions = open(folder);
  const steps = async (subject: string) => {
    const { steps: own } = await blame(subject, readRange('v7.3.4..main', revisions), revisions);
    return own.map(({ commit, marker }) => [commit, marker?.raised]);
  };
  assert.deepEqual(await steps('memfd_luo_ser.pos'), [
    [ids[1], false],
    [ids[3], true],
  ]);
  assert.deepEqual(await steps('memfd_luo_ser.size'), [[ids[1], false]]);
  assert.deepEqual(await steps('MEMFD_LUO_FH_COMPATIBLE'), [[ids[3], true]]);
  assert.deepEqual(await steps('MEMFD_LUO_FOLIO_DIRTY'), []);
  await assert.rejects(steps('made_up'), /made_up: no struct/);
});
