import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder } from '../../src/catalog/make-folder.ts';
import { packageRoot } from '../../src/schema/package-root.ts';

// A cache that cannot be written costs a note and time, never an answer, and is not waited for: services, containers, full disks.

const main = process.env.LUO_ABI_MAIN ?? join(packageRoot(), 'dist/cli/main.js');
const NOBODY = 65534;
/** Seconds of the processor: a run that waits or turns in a circle has no other end. */
const PATIENCE = 20;
const NOTE = /^luo-abi: the catalog cannot be kept, and is made in memory each time: .*; set XDG_CACHE_HOME/;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-cache-'));
  mkdirSync(join(folder, 'locked'));
  chmodSync(join(folder, 'locked'), 0o555);
  chmodSync(folder, 0o755);
});
after(() => rmSync(folder, { recursive: true }));

interface Run {
  env?: Record<string, string>;
  /** Limits of the shell: `ulimit -f 8`. */
  limit?: string;
}

/** As a user who is nobody, where the one who tests may become another; else as that one. */
function check({ env = {}, limit = '' }: Run, user: { uid?: number; gid?: number } = unprivileged()) {
  const command = `${limit} ulimit -t ${PATIENCE}; exec "$@"`;
  const program = [process.execPath, main, 'check', '7.2.12', '7.3.4', '--profile', 'memfd'];
  return spawnSync('sh', ['-c', command, 'sh', ...program], {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: process.env.PATH, NO_COLOR: '1', ...env },
    ...user,
  });
}

function unprivileged() {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Another user may not read where this one has the program. */
const canBeNobody =
  spawnSync(process.execPath, [main, '--version'], { ...unprivileged(), cwd: '/' }).status === 0;
const skip = !canBeNobody && 'the folder of the program is closed to other users';

const HOMES: [what: string, home: string][] = [
  ['that is not there', '/nonexistent'],
  ['on a file system that makes no folders', '/proc/nonexistent'],
  ['that is a file', '/dev/null'],
  ['that is empty text', ''],
];

for (const [what, home] of HOMES) {
  test(`a home ${what} costs a note`, { skip }, () => {
    const { status, stdout, stderr } = check({ env: { HOME: home } });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /7\.2\.12 -> 7\.3\.4/);
    assert.match(stderr, NOTE);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  });
}

test('a home that can only be read costs a note', { skip }, () => {
  const { status, stderr } = check({ env: { HOME: join(folder, 'locked') } });
  assert.equal(status, 0, stderr);
  assert.match(stderr, NOTE);
});

test('a user without a home and without a name costs a note', {
  skip: skip || process.getuid?.() !== 0,
}, () => {
  const { status, stderr } = check({}, { uid: 4_200_001, gid: 4_200_001 });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /this user has no home/);
});

test('a disk without room costs a note, and nothing is left on it', () => {
  const cache = join(folder, 'full');
  const { status, stderr } = check({ env: { XDG_CACHE_HOME: cache }, limit: 'ulimit -f 16;' }, {});
  assert.equal(status, 0, stderr);
  assert.match(stderr, NOTE);
  assert.deepEqual(readdirSync(join(cache, 'luo-abi')), []);
});

test('a catalog in the cache of a home that can only be read is used', { skip }, () => {
  const home = join(folder, 'kept');
  mkdirSync(home);
  const env = { HOME: home };
  assert.match(check({ env }, {}).stderr, /catalog of \d+ kernels built/);
  chmodSync(join(home, '.cache', 'luo-abi'), 0o555);
  const { status, stderr } = check({ env });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
});

test('folders are made with those above them, twice, and with an error where that cannot be', () => {
  const deep = join(folder, 'a', 'b', 'c');
  makeFolder(deep);
  makeFolder(deep);
  assert.ok(existsSync(deep));
  for (const path of ['/proc/nonexistent/a/b', '/dev/null/a']) {
    assert.throws(() => makeFolder(path), { code: 'FILE_UNWRITABLE' });
  }
});
