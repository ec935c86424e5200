import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';
import { SCHEMAS } from '../../src/schema/schemas.ts';
import { PRINTED, pack, runConsumer } from './packing.ts';

// The packed package in an empty folder. Its dependencies, and no package that it does not declare, are linked from this
// checkout: npm's own part, which needs a registry, is in pack.ts.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-pack-'));
const user = join(folder, 'user');
const installed = join(user, 'node_modules/luo-abi');
after(() => rmSync(folder, { recursive: true, force: true }));

before(() => {
  const tarball = pack(folder);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const manifest = readFileSync(join(installed, 'package.json'), 'utf8');
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const link = join(user, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(packageRoot(), 'node_modules', name), link);
  }
});

test('the package holds what it needs and nothing of its making', () => {
  const wanted = [
    'dist/cli/main.js',
    'dist/index.js',
    'dist/types/index.d.ts',
    'docs/api.md',
    'docs/rules/marker-not-bumped.md',
    'man/luo-abi.1',
    'versions/7.3.4.json',
    'versions/errata',
    'versions/evidence',
    'versions/reviews',
    'versions/series',
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    ...Object.keys(SCHEMAS).map((name) => `schemas/${name}.schema.json`),
  ];
  for (const path of wanted) assert.ok(existsSync(join(installed, path)), path);
  for (const path of ['test', 'tsconfig.json', '.config', 'node_modules']) {
    assert.ok(!existsSync(join(installed, path)), path);
  }
  // The guest of `try`, with the source that it was built from, is all that it takes from src/.
  assert.deepEqual(readdirSync(join(installed, 'src')), ['try']);
  assert.deepEqual(readdirSync(join(installed, 'src/try')), ['guest']);
});

test('a program that uses the library compiles against its types and runs', () => {
  assert.equal(runConsumer(user), PRINTED);
});

test('the command line runs, and writes only where a user keeps caches', () => {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), XDG_DATA_HOME: join(folder, 'share') };
  const main = join(installed, 'dist/cli/main.js');
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [main, ...args], { cwd: user, encoding: 'utf8', env });
  assert.match(run('check', '7.2.12', '7.3.4', '--profile', 'memfd'), /tested: agrees/);
  assert.match(run('explain', 'marker-not-bumped'), /marker/);
  assert.ok(existsSync(join(folder, 'cache/luo-abi/catalog.sqlite')));
});

test('its manifest names no schema, type or program that is not there', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const { types, default: main } = manifest.exports['.'];
  for (const path of [types, main, manifest.bin['luo-abi']])
    assert.ok(existsSync(join(installed, path)), path);
});
