import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { capture } from '../../src/capture/capture.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { parseGitLocator } from '../../src/sources/git.ts';
import { GitRepository } from '../../src/sources/git-repository.ts';
import { openSource } from '../../src/sources/index.ts';
import { fixtureTree } from './generated-history.ts';
import { edited, git, makeRepository, scratchFolder } from './made-repository.ts';

const FIXTURE = fileURLToPath(new URL('../accuracy/fixtures/tree', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const scratch = scratchFolder();
const bare = join(scratch, 'made.git');
let ids: string[];

before(() => {
  const first = fixtureTree();
  const second = edited(first, (tree) => tree.set('README', 'nothing of account\n'));
  ids = makeRepository(bare, [
    { title: 'one', tree: first, tag: 'v7.3.4' },
    { title: 'two', tree: second, tag: 'next-20260928' },
  ]);
});

function facts({ components, findings, release }: CaptureDocument) {
  return { components, findings, release };
}

function fails(code: string, message: RegExp) {
  return (error: unknown) => {
    assert.equal((error as { code?: string }).code, code, String(error));
    assert.match((error as Error).message, message);
    return true;
  };
}

test('a revision says what the same files in a folder say, and names its commit', async () => {
  const document = await capture(`${bare}#v7.3.4`);
  assert.deepEqual(facts(document), facts(await capture(FIXTURE)));
  assert.equal(document.provenance.kind, 'git');
  assert.equal(document.provenance.name, `made#v7.3.4 (${ids[0]?.slice(0, 12)})`);
  assert.equal(document.date, '2023-11-14');
});

test('a tag names the kernel where it says more than the Makefile', async () => {
  assert.equal((await capture(`${bare}#next-20260928`)).release, 'next-20260928');
  assert.equal((await capture(`${bare}#main`)).release, '7.3.4');
});

test('a repository with SHA-256, one with a working tree, and a folder below it are read', async () => {
  const sha256 = join(scratch, 'sha256.git');
  const [id = ''] = makeRepository(sha256, [{ title: 'one', tree: fixtureTree() }], { format: 'sha256' });
  assert.equal(id.length, 64);
  const expected = facts(await capture(FIXTURE));
  assert.deepEqual(facts(await capture(`${sha256}#${id}`)), expected);
  const clone = join(scratch, 'clone');
  git('.', 'clone', '--quiet', bare, clone);
  assert.deepEqual(facts(await capture(`${clone}#v7.3.4`)), expected);
  assert.deepEqual(facts(await capture(`${join(clone, 'mm')}#v7.3.4`)), expected);
});

test('a repository is not changed by being read', async () => {
  const list = (): string[] =>
    readdirSync(bare, { recursive: true, encoding: 'utf8' })
      .map((name) => `${name} ${statSync(join(bare, name)).mtimeMs}`)
      .sort();
  const before = list();
  await capture(`${bare}#main`);
  assert.deepEqual(list(), before);
});

test('a link within the tree is followed, one that leads out of it is refused', async () => {
  const work = join(scratch, 'links');
  git('.', 'clone', '--quiet', bare, work);
  git(work, 'mv', 'include/linux/kho/abi/memfd.h', 'include/linux/memfd_moved.h');
  symlinkSync('../../memfd_moved.h', join(work, 'include/linux/kho/abi/memfd.h'));
  git(work, 'add', '-A');
  git(work, 'commit', '--quiet', '-m', 'link');
  const { components } = await capture(`${work}#HEAD`);
  assert.equal(components.memfd?.marker?.writes, 'memfd-v2');
  git(work, 'rm', '--quiet', 'include/linux/kho/abi/memfd.h');
  mkdirSync(join(work, 'include/linux/kho/abi'), { recursive: true });
  symlinkSync('../../../../../../../etc/passwd', join(work, 'include/linux/kho/abi/memfd.h'));
  git(work, 'add', '-A');
  git(work, 'commit', '--quiet', '-m', 'leads out');
  await assert.rejects(capture(`${work}#HEAD`), fails('FILE_UNREADABLE', /leads out of the tree/));
});

test('a shallow clone is read as far as it goes', async () => {
  const shallow = join(scratch, 'shallow');
  git('.', 'clone', '--quiet', '--bare', '--depth=1', `file://${bare}`, shallow);
  assert.equal((await capture(`${shallow}#HEAD`)).release, '7.3.4');
  await assert.rejects(capture(`${shallow}#HEAD~1`), fails('REVISION_UNKNOWN', /HEAD~1.*shallow/));
});

test('a partial clone fetches nothing, and says what is missing', async () => {
  const partial = join(scratch, 'partial');
  git(bare, 'config', 'uploadpack.allowFilter', 'true');
  git('.', 'clone', '--quiet', '--bare', '--filter=blob:none', `file://${bare}`, partial);
  const count = (): string => git(partial, 'count-objects', '-v');
  const before = count();
  await assert.rejects(
    capture(`${partial}#HEAD`),
    fails('GIT_OBJECT_MISSING', /blob [0-9a-f]{40} is not in/),
  );
  assert.equal(count(), before);
});

test('what is no repository, no revision or no kernel is one error each', async () => {
  const plain = join(scratch, 'plain');
  mkdirSync(plain);
  await assert.rejects(capture(`${plain}#HEAD`), fails('NOT_A_REPOSITORY', /^HEAD: plain: |^plain/));
  for (const name of ['nope', '--all', 'a\u0001b', 'v7.3.4:Makefile']) {
    await assert.rejects(capture(`${bare}#${name}`), fails('REVISION_UNKNOWN', /no such commit/));
  }
  const other = join(scratch, 'other.git');
  makeRepository(other, [{ title: 'one', tree: new Map([['Makefile', 'all:\n']]) }]);
  await assert.rejects(capture(`${other}#main`), fails('NOT_A_KERNEL', /no include\/linux/));
  await assert.rejects(
    openSource(`${join(scratch, 'absent')}#HEAD`, { wanted: () => true }),
    fails('FILE_UNREADABLE', /no such file/),
  );
});

test('locators are read as REPO#REV', () => {
  assert.deepEqual(parseGitLocator('linux#v6.18'), { repository: 'linux', revision: 'v6.18' });
  assert.deepEqual(parseGitLocator('#HEAD'), { repository: '.', revision: 'HEAD' });
  assert.equal(parseGitLocator('linux'), undefined);
  assert.equal(parseGitLocator('linux#'), undefined);
});

test('a folder whose name has a # is a repository as any other', async () => {
  const own = join(scratch, 'of#made.git');
  makeRepository(own, [{ title: 'one', tree: fixtureTree(), tag: 'v7.3.4' }]);
  assert.deepEqual(parseGitLocator(`${own}#v7.3.4`), { repository: own, revision: 'v7.3.4' });
  assert.equal((await capture(`${own}#v7.3.4`)).release, '7.3.4');
  // Where the first # ends a folder it stays the one that counts: names of branches may have more.
  assert.deepEqual(parseGitLocator(`${bare}#fix#2`), { repository: bare, revision: 'fix#2' });
});

test('a damaged object is an error, never silence', () => {
  const broken = join(scratch, 'broken');
  git('.', 'clone', '--quiet', '--no-local', bare, broken);
  const pack = join(broken, '.git/objects/pack');
  const [name = ''] = readdirSync(pack).filter((file) => file.endsWith('.pack'));
  chmodSync(join(pack, name), 0o644);
  writeFileSync(join(pack, name), 'PACK damaged');
  assert.throws(() => {
    const repository = GitRepository.open(broken);
    repository.objects.commits([ids[1] ?? '']);
  }, /GIT|not in this clone|damaged/);
});

function run(env: Readonly<Record<string, string>>, ...args: string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', XDG_CACHE_HOME: scratch, ...env },
  });
}

test('a git that is too old, missing, or that does not trust the repository is named', () => {
  const old = join(scratch, 'old');
  mkdirSync(old);
  writeFileSync(join(old, 'git'), '#!/bin/sh\necho git version 2.29.2\n', { mode: 0o755 });
  const tooOld = run({ PATH: old }, 'capture', `${bare}#main`);
  assert.equal(tooOld.status, 3);
  assert.match(tooOld.stderr, /^luo-abi: GIT_TOO_OLD: .*git version 2\.29\.2.*2\.30/);
  const missing = run({ PATH: join(scratch, 'absent') }, 'capture', `${bare}#main`);
  assert.equal(missing.status, 3);
  assert.match(missing.stderr, /^luo-abi: GIT_MISSING: /);
  const strange = run({ GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }, 'capture', `${bare}#main`);
  assert.equal(strange.status, 2);
  assert.match(strange.stderr, /^luo-abi: REPOSITORY_UNSAFE: .*dubious ownership/);
  for (const { stderr } of [tooOld, missing, strange]) assert.equal(stderr.trimEnd().split('\n').length, 1);
});
