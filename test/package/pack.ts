// Packs the project, installs the tarball with npm into an empty folder and uses it there, once as a library and once as a
// command. Needs a registry, or npm's cache of what package.json names:
//   node --import tsx test/package/pack.ts
// Install scripts are left out: the one that matters compiles SQLite for minutes; this checkout's own binary takes its place.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/schema/package-root.ts';
import { PRINTED, pack, runConsumer } from './packing.ts';

const BINARY = 'node_modules/better-sqlite3/build';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-install-'));
try {
  const tarball = pack(folder);
  const user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{"name":"user","private":true,"type":"module"}\n');
  const install = ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball];
  const { status, stderr } = spawnSync('npm', install, { cwd: user, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stderr, /EBADENGINE/);
  cpSync(join(packageRoot(), BINARY), join(user, BINARY), { recursive: true });
  assert.equal(runConsumer(user), PRINTED);
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'share') };
  const program = join(user, 'node_modules/.bin/luo-abi');
  const checked = execFileSync(program, ['check', '7.2.12', '7.3.4', '--profile', 'memfd'], {
    cwd: user,
    encoding: 'utf8',
    env,
  });
  assert.match(checked, /tested: agrees/);
  console.log('the installed package works');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
