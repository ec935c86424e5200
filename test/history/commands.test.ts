import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { validate } from '../../src/schema/validate.ts';
import type { Edit } from '../accuracy/edit-declarations.ts';
import { redefine, swap } from '../accuracy/edit-declarations.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';
import { fixtureTree } from './generated-history.ts';
import { edited, makeRepository, scratchFolder } from './made-repository.ts';

// `capture` of many revisions, `blame` and `first-bad` as a user runs them.

const scratch = scratchFolder();
const bare = join(scratch, 'made.git');

function sublevel(value: number): Edit {
  return (tree) => {
    tree.set('Makefile', (tree.get('Makefile') ?? '').replace(/^SUBLEVEL = .*$/m, `SUBLEVEL = ${value}`));
  };
}

before(() => {
  const base = fixtureTree();
  const same = edited(base, sublevel(5));
  const swapped = edited(same, sublevel(6), swap('memfd_luo_ser', 'pos', 'size'));
  const raised = edited(swapped, sublevel(7), redefine('MEMFD_LUO_FH_COMPATIBLE', '"memfd-v3"'));
  makeRepository(bare, [
    { title: 'Linux 7.3.4', tree: base, tag: 'v7.3.4' },
    { title: 'Linux 7.3.5', tree: same, tag: 'v7.3.5' },
    { title: 'Linux 7.3.6', tree: swapped, tag: 'v7.3.6' },
    { title: 'Linux 7.3.7', tree: raised, tag: 'v7.3.7' },
  ]);
});

function run(...args: string[]): Promise<CliRun> {
  return runCli([...args], { env: { XDG_CACHE_HOME: scratch }, cwd: scratch });
}

test('every tag becomes a document, as if it were captured alone', async () => {
  const out = join(scratch, 'tags');
  const { status, stderr } = await run('capture', bare, '--tags', 'v*', '-o', out);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /4 tags, 3 of them distinct/);
  assert.deepEqual(readdirSync(out).sort(), ['7.3.4.json', '7.3.5.json', '7.3.6.json', '7.3.7.json']);
  for (const release of ['7.3.5', '7.3.7']) {
    const alone = await run('capture', `${bare}#v${release}`);
    assert.equal(alone.status, 0, alone.stderr);
    assert.equal(readFileSync(join(out, `${release}.json`), 'utf8'), alone.stdout);
  }
});

test('a tag that is no kernel is named and passed over, by an update too', async () => {
  const mixed = join(scratch, 'mixed.git');
  const readme = new Map([['README', 'nothing of account\n']]);
  makeRepository(mixed, [
    { title: 'Linux 7.3.4', tree: fixtureTree(), tag: 'v7.3.4' },
    { title: 'notes', tree: readme, tag: 'v7.3.5-notes' },
    { title: 'Linux 7.3.6', tree: edited(fixtureTree(), sublevel(6)), tag: 'v7.3.6' },
    { title: 'more notes', tree: readme, tag: 'v9-notes' },
  ]);
  const out = join(scratch, 'mixed');
  const { status, stderr } = await run('capture', mixed, '--tags', 'v*', '-o', out);
  assert.equal(status, 3, stderr);
  assert.match(stderr, /^luo-abi: v7\.3\.5-notes: NOT_A_KERNEL: /m);
  assert.match(stderr, /^luo-abi: v9-notes: NOT_A_KERNEL: /m);
  assert.deepEqual(readdirSync(out).sort(), ['7.3.4.json', '7.3.6.json']);
  const update = await run('capture', '--update', out, '--from', mixed, '--tags', 'v*');
  assert.equal(update.status, 3, update.stderr);
  assert.match(update.stderr, /^luo-abi: v9-notes: NOT_A_KERNEL: /m);
  assert.match(update.stdout, /^0 of 4 tags are new/);
});

test('tags of one Makefile are told apart by their names, in a repository with a # in its path', async () => {
  const own = join(scratch, 'of#made.git');
  makeRepository(own, [
    { title: 'one', tree: fixtureTree(), tag: 'Ubuntu-7.3.4-31.31' },
    { title: 'two', tree: edited(fixtureTree(), swap('memfd_luo_ser', 'pos', 'size')), tag: 'Ubuntu#32' },
  ]);
  const out = join(scratch, 'distinct');
  const { status, stderr } = await run('capture', own, '--tags', 'Ubuntu*', '-o', out);
  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(out).sort(), ['7.3.4+Ubuntu-32.json', '7.3.4+Ubuntu-7.3.4-31.31.json']);
});

test('a range gives the commits at which something changes', async () => {
  const out = join(scratch, 'range');
  const { status, stderr } = await run(
    'capture',
    bare,
    '--range',
    'v7.3.4..main',
    '--first-parent',
    '-o',
    out,
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(
    readdirSync(out)
      .sort()
      .map((name) => name.replace(/\+g[0-9a-f]{12}\.json$/, '')),
    ['7.3.4', '7.3.6', '7.3.7'],
  );
});

test('an update adds what is new and tells new misreads first', async () => {
  const out = join(scratch, 'versions');
  mkdirSync(out);
  assert.equal((await run('capture', bare, '--tags', 'v7.3.[45]', '-o', out)).status, 0);
  const before = readFileSync(join(out, '7.3.4.json'));
  const update = await run('capture', '--update', out, '--from', bare, '--tags', 'v*');
  assert.equal(update.status, 1, update.stderr);
  const [head = '', first = ''] = update.stdout.split('\n');
  assert.equal(head, '2 of 4 tags are new: 7.3.6, 7.3.7');
  assert.match(
    first,
    /^misread \(corruption\) {2}7\.3\.[456] -> 7\.3\.[456] {2}memfd \(new\): memfd marker-not-bumped/,
  );
  assert.deepEqual(readFileSync(join(out, '7.3.4.json')), before);
  const again = await run('capture', '--update', out, '--from', bare, '--tags', 'v*');
  assert.equal(again.stdout, '0 of 4 tags are new\n');
  assert.equal(again.status, 0);
});

test('a pair of revisions is judged on the fly', async () => {
  const { status, stdout } = await run(
    'check',
    `${bare}#v7.3.4`,
    `${bare}#v7.3.6`,
    '--profile',
    'memfd',
    '--format',
    'json',
  );
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout).verdict, 'misread');
});

test('first-bad and blame print documents of their schemas', async () => {
  const bad = await run('first-bad', `${bare}#v7.3.4`, `${bare}#v7.3.6`, '--format', 'json');
  assert.equal(bad.status, 1, bad.stderr);
  validate('first-bad', JSON.parse(bad.stdout), 'first-bad');
  assert.equal(JSON.parse(bad.stdout).firstBad.title, 'Linux 7.3.6');
  assert.equal((await run('first-bad', 'v7.3.4', 'v7.3.5', '--repo', bare)).status, 0);
  const blamed = await run('blame', 'memfd_luo_ser.pos', '--repo', bare, '--format', 'json');
  assert.equal(blamed.status, 0, blamed.stderr);
  validate('blame', JSON.parse(blamed.stdout), 'blame');
  const { steps } = JSON.parse(blamed.stdout);
  assert.deepEqual(
    steps.map(({ title, firstIn }: { title: string; firstIn: string }) => [title, firstIn]),
    [
      ['Linux 7.3.4', 'v7.3.4'],
      ['Linux 7.3.6', 'v7.3.6'],
    ],
  );
});

test('bad input is one line', async () => {
  const cases: [string[], RegExp][] = [
    [['capture', bare, '--tags', 'nope*'], /REVISION_UNKNOWN: .*no tag nope\*/],
    [['capture', '--update', join(scratch, 'absent'), '--from', bare, '--tags', 'v*'], /FILE_UNREADABLE/],
    [['capture', '--update', scratch, '--tags', 'v*'], /USAGE: --update: name the repository/],
    [['capture'], /USAGE: capture: <locator> is missing/],
    [['blame', 'nope', '--repo', bare], /SUBJECT_UNKNOWN: nope/],
    [['first-bad', 'v7.3.4', 'nope', '--repo', bare], /REVISION_UNKNOWN/],
  ];
  for (const [args, pattern] of cases) {
    const { status, stderr } = await run(...args);
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, pattern);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});
