import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Script } from 'node:vm';
import { packageRoot } from '../../src/schema/package-root.ts';

interface Loader {
  load(path: string): unknown;
  loaded: Map<string, { script: Script }>;
  cacheOf(path: string): string;
}

const SOURCE = `(function (exports, require) {
  const { two } = require('./two.js');
  exports.sum = (a) => a + two;
  exports.of = require('better-sqlite3').name;
})`;

let folder: string;

before(() => {
  // Packages are found from where the chunk lies.
  mkdirSync(join(packageRoot(), 'test/output'), { recursive: true });
  folder = mkdtempSync(join(packageRoot(), 'test/output', 'load-'));
  writeFileSync(join(folder, 'two.js'), '(function (exports) { exports.two = 2; })');
});
after(() => rmSync(folder, { recursive: true }));

/** A chunk of its own name, so that the process knows nothing of it, loaded with compiled code beside it or none. */
function loadChunk(name: string, compiled?: Buffer): Script {
  const { load, loaded, cacheOf } = createRequire(import.meta.url)(
    join(packageRoot(), 'src/cli/load.cjs'),
  ) as Loader;
  const path = join(folder, name);
  writeFileSync(path, SOURCE);
  if (compiled) writeFileSync(cacheOf(path), compiled);
  const chunk = load(path) as { sum(a: number): number; of: string };
  assert.equal(chunk.sum(1), 3);
  assert.equal(chunk.of, 'Database');
  assert.equal(load(path), chunk);
  const script = loaded.get(path)?.script;
  assert.ok(script);
  return script;
}

test('a chunk is loaded with its packages and neighbours, from what was compiled of it where that is such a thing', () => {
  const first = loadChunk('first.js');
  assert.equal(first.cachedDataRejected, undefined);
  const compiled = first.createCachedData();
  const rows: [string, Buffer, boolean][] = [
    ['whole.js', compiled, false],
    ['cut.js', compiled.subarray(0, 100), true],
    ['empty.js', Buffer.alloc(0), true],
    ['other.js', Buffer.from('no code of any kind'), true],
  ];
  for (const [name, bytes, isRejected] of rows) {
    assert.equal(loadChunk(name, bytes).cachedDataRejected, isRejected, name);
  }
});
