import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ruleHelp } from '../../src/ask/explain/rule-help.ts';
import { AUDIT_RULES } from '../../src/history/audit-rules.ts';
import type { AuditOutput } from '../../src/model/audit.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import { insertAfter, redefine, swap } from '../accuracy/edit-declarations.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';
import { fixtureTree } from './generated-history.ts';
import { edited, git, makeRepository, scratchFolder } from './made-repository.ts';

// `audit` as a user runs it: forms, exit codes, one-line errors.

const scratch = scratchFolder();
const bare = join(scratch, 'made.git');
const work = join(scratch, 'work');
const mbox = join(scratch, 'series.mbox');

before(() => {
  const base = fixtureTree();
  const swapped = edited(base, swap('memfd_luo_ser', 'pos', 'size'));
  const raised = edited(swapped, redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"'));
  const other = edited(raised, (tree) => tree.set('drivers/x.c', 'int x;\n'));
  makeRepository(bare, [
    { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
    { title: 'memfd: swap', tree: swapped, tag: 'broken' },
    { title: 'memfd: raise', tree: raised, tag: 'mended' },
    { title: 'drivers: x', tree: other },
  ]);
  git('.', 'clone', '--quiet', bare, work);
  writeFileSync(mbox, `${git(bare, 'format-patch', '--stdout', 'v7.3.4..broken')}\n`);
});

function run(cwd: string, ...args: string[]): Promise<CliRun> {
  return runCli(['audit', ...args], { cwd, env: { XDG_CACHE_HOME: scratch } });
}

function assertError({ status, stderr }: CliRun, exit: number, pattern: RegExp): void {
  assert.equal(status, exit, stderr);
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  assert.match(stderr, pattern);
}

test('the last commit, a range, a bare repository by name, and a tag', async () => {
  const none = await run(work);
  assert.equal(none.status, 0, none.stderr);
  assert.equal(none.stdout, 'HEAD: no handed-over data touched\n');
  const broken = await run(work, 'broken');
  assert.equal(broken.status, 1, broken.stderr);
  assert.match(broken.stdout, /error\[marker-not-bumped\] MEMFD_LUO_FH_COMPATIBLE/);
  assert.match(broken.stdout, /from "memfd-v2" to "memfd-v3"/);
  const whole = await run(scratch, `${bare}#v7.3.4..main`);
  assert.equal(whole.status, 0, whole.stderr);
  assert.match(whole.stdout, /sound from end to end/);
  assert.equal((await run(work, 'v7.3.4..main', '--fail-on', 'warning')).status, 1);
  assert.equal((await run(work, 'broken', '--fail-on', 'never')).status, 0);
});

test('JSON matches its schema, SARIF its own, and a mail is written beside', async () => {
  const reply = join(scratch, 'reply.txt');
  const formats = ['--format', 'json', '--format', `mail=${reply}`];
  const { stdout } = await run(work, 'broken', ...formats);
  const output = validate<AuditOutput>('audit', JSON.parse(stdout), 'audit');
  assert.equal(output.patches.length, 1);
  assert.match(readFileSync(reply, 'utf8'), /^> include\/linux\/kho\/abi\/memfd\.h:\d+$/m);
  const sarif = JSON.parse((await run(work, 'broken', '--format', 'sarif')).stdout);
  assert.equal(sarif.version, '2.1.0');
  assert.equal(sarif.runs[0].results[0].ruleId, 'marker-not-bumped');
  assert.equal(sarif.runs[0].tool.driver.rules[0].id, 'marker-not-bumped');
});

test('an mbox and a patch, on a commit, on another repository, on a folder', async () => {
  for (const on of ['v7.3.4', `${bare}#v7.3.4`, join(packageRoot(), 'test/accuracy/fixtures/tree')]) {
    const { status, stdout, stderr } = await run(work, mbox, '--on', on);
    assert.equal(status, 1, stderr);
    assert.match(stdout, /marker-not-bumped/);
  }
  assertError(await run(work, mbox, '--on', 'mended'), 2, /HUNK_FAILED: series\.mbox|HUNK_FAILED: /);
});

test('what is staged is judged before it is committed', async () => {
  const header = join(work, 'include/linux/kho/abi/luo.h');
  const text = readFileSync(header, 'utf8');
  assert.equal((await run(work, '--staged')).stdout, 'what is staged: no handed-over data touched\n');
  writeFileSync(header, text.replace('u64 files;\n\tu64 count;', 'u64 count;\n\tu64 files;'));
  git(work, 'add', '-A');
  const { status, stdout } = await run(work, '--staged');
  assert.equal(status, 1);
  assert.match(stdout, /luo-session: luo_file_set_ser\.files/);
  git(work, 'reset', '--quiet', '--hard');
});

test('a value that another branch uses for another layout is taken; branches with the commit do not count', async () => {
  const folder = join(scratch, 'branches.git');
  const base = fixtureTree();
  const raise = redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"');
  const [, first = '', second = ''] = makeRepository(folder, [
    { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
    { title: 'memfd: one', tree: edited(base, insertAfter('memfd_luo_ser', 'flags', 'u64 one'), raise) },
    {
      title: 'memfd: two',
      tree: edited(base, insertAfter('memfd_luo_ser', 'pos', 'u32 two'), raise),
      parents: [0],
    },
  ]);
  const rulesOf = async (): Promise<string[]> => {
    const { stdout } = await run(scratch, `${folder}#${second}`, '--format', 'json');
    const { patches } = JSON.parse(stdout) as AuditOutput;
    return patches.flatMap(({ findings }) => findings.map(({ rule, message }) => `${rule}: ${message}`));
  };
  assert.deepEqual(await rulesOf(), []);
  git(folder, 'branch', 'mine', second);
  assert.deepEqual(await rulesOf(), []);
  git(folder, 'update-ref', 'refs/remotes/other/topic', first);
  assert.deepEqual(await rulesOf(), [
    'marker-value-taken: memfd: memfd-v3 already names another layout in other/topic',
  ]);
});

test('branches on which the author of patches has them are no other kernels', async () => {
  const folder = join(scratch, 'author.git');
  const base = fixtureTree();
  const raise = redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"');
  const one = edited(base, insertAfter('memfd_luo_ser', 'flags', 'u64 one'), raise);
  const [, posted = '', earlier = ''] = makeRepository(folder, [
    { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
    { title: 'memfd: one', tree: one },
    {
      title: 'memfd: one',
      tree: edited(base, insertAfter('memfd_luo_ser', 'pos', 'u32 one'), raise),
      parents: [0],
    },
    {
      title: 'memfd: two',
      tree: edited(base, insertAfter('memfd_luo_ser', 'pos', 'u32 two'), raise),
      parents: [0],
    },
  ]);
  const path = join(scratch, 'one.mbox');
  writeFileSync(path, `${git(folder, 'format-patch', '-1', '--stdout', posted)}\n`);
  const rulesOf = async (): Promise<string[]> => {
    const { stdout } = await run(scratch, path, '--repo', folder, '--on', 'v7.3.4', '--format', 'json');
    const { patches } = JSON.parse(stdout) as AuditOutput;
    return patches.flatMap(({ findings }) => findings.map(({ message }) => message));
  };
  const stranger = git(folder, 'rev-parse', 'main');
  git(folder, 'update-ref', 'refs/heads/main', earlier);
  assert.deepEqual(await rulesOf(), []);
  git(folder, 'update-ref', 'refs/remotes/other/topic', stranger);
  assert.deepEqual(await rulesOf(), ['memfd: memfd-v3 already names another layout in other/topic']);
});

test('a catalog in the cache that is of other documents is not asked', async () => {
  const cache = join(scratch, 'luo-abi');
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'catalog.sqlite'), 'no catalog');
  const { status, stderr } = await run(work, 'mended');
  assert.equal(status, 0, stderr);
  rmSync(cache, { recursive: true });
});

test('explain knows the rules of the audit, and SARIF carries the same page', async () => {
  for (const { id: rule } of AUDIT_RULES) {
    const explained = await runCli(['explain', rule, '--format', 'json']);
    assert.equal(explained.status, 0, explained.stderr);
    const [topic] = JSON.parse(explained.stdout).topics;
    assert.equal(topic.page, ruleHelp(rule)?.page);
  }
});

test('bad input is one line', async () => {
  assertError(await run(work, 'nope..HEAD'), 2, /REVISION_UNKNOWN: work: nope/);
  assertError(await run(scratch, 'HEAD'), 2, /NOT_A_REPOSITORY/);
  assertError(await run(work, 'absent.mbox', '--on', 'HEAD'), 2, /FILE_UNREADABLE: absent\.mbox/);
  assertError(await run(work, 'a', 'b'), 2, /FILE_UNREADABLE: a: no such file/);
  assertError(await run(work, '--fail-on', 'nothing'), 2, /USAGE/);
  assertError(await run(work, 'broken', '--format', 'nothing'), 2, /USAGE: --format nothing/);
});

test('a file that is not there is told as that, in a repository and outside of one', async () => {
  for (const cwd of [work, scratch]) {
    assertError(await run(cwd, 'nosuch.mbox'), 2, /FILE_UNREADABLE: nosuch\.mbox: no such file/);
    assertError(await run(cwd, './0001-x.patch'), 2, /FILE_UNREADABLE: \.\/0001-x\.patch: no such file/);
    assertError(
      await run(cwd, mbox, '--on', 'nosuch.tar.xz'),
      2,
      /FILE_UNREADABLE: nosuch\.tar\.xz: no such file/,
    );
  }
  assertError(
    await run(work, 'v9.9'),
    2,
    /REVISION_UNKNOWN: v9\.9: no such file; as a commit: work: v9\.9: no such commit/,
  );
  assertError(
    await run(scratch, mbox, '--on', 'v7.3.4'),
    2,
    /NOT_A_REPOSITORY: v7\.3\.4: no such file; as a commit: .*not a git repo/,
  );
});

test('--on without patches says what it is for, and how commits since a tag are asked for', async () => {
  assertError(
    await run(work, '--on', 'v7.3.4'),
    2,
    /USAGE: --on v7\.3\.4 is what patches apply to.*: audit v7\.3\.4\.\.HEAD/,
  );
  assertError(await run(work, 'broken..main', '--on', 'v7.3.4'), 2, /USAGE: .*: audit broken\.\.main/);
  assertError(
    await run(work, 'nosuch', '--on', 'v7.3.4'),
    2,
    /FILE_UNREADABLE: nosuch: no such file; --on v7\.3\.4 is for patches/,
  );
});
