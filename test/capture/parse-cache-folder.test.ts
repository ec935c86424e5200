import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openParseCache, parseCacheFolder } from '../../src/ask/files/parse-cache.ts';

const BUNDLE = 'file:///opt/luo-abi/dist/chunks/capture-AB12CD34.js';

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-parse-'));
});
after(() => rmSync(folder, { recursive: true }));

test('entries lie below the cache folder of the user, whole files under their names', () => {
  const env = { XDG_CACHE_HOME: folder };
  const cache = openParseCache(env, BUNDLE);
  assert.ok(cache);
  assert.equal(cache.store?.read('one'), undefined);
  cache.store?.write('one', 'text\n');
  assert.equal(openParseCache(env, BUNDLE)?.store?.read('one'), 'text\n');
  assert.deepEqual(readdirSync(parseCacheFolder(env) ?? ''), ['one']);
});

test('another build is another program, and the sources have no cache', () => {
  const programs = [BUNDLE, BUNDLE.replace('AB', 'XY')].map((url) => openParseCache({}, url)?.program);
  assert.notEqual(programs[0], programs[1]);
  // Hashes are of letters of either case, digits, `-` and `_`.
  for (const hash of ['CeZ-2VhD', 'cpqMj1Z5', '_B0-a9Zz'])
    assert.ok(openParseCache({}, BUNDLE.replace('AB12CD34', hash)), hash);
  assert.equal(openParseCache({}, 'file:///work/src/cli/commands/capture.ts'), undefined);
});

test('a folder that cannot be written costs nothing but time', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const cache = openParseCache({ XDG_CACHE_HOME: file }, BUNDLE);
  cache?.store?.write('one', 'text\n');
  assert.equal(cache?.store?.read('one'), undefined);
});
