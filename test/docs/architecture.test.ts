import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';

interface Rule {
  from: { path?: string };
  to: { path?: string; pathNot?: string };
}

const page = readFileSync(join(packageRoot(), 'docs/architecture.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)\/` +\| .* \| (.*?) +\|$/gm)].map(
  ([, folder = '', imports = '']) => ({
    folder,
    imports,
  }),
);

/** The folders that a folder may import, by dependency-cruiser's rules; undefined where none speaks of it. */
function allowed(folder: string): string[] | undefined {
  const { forbidden } = createRequire(import.meta.url)('../../.config/dependency-cruiser.cjs') as {
    forbidden: Rule[];
  };
  const rule = forbidden.find(({ from, to }) => from.path === `^src/${folder}/` && to.path === '^src/');
  const names = /\((.*?)\)/.exec(rule?.to.pathNot ?? '')?.[1]?.split('|');
  return names?.filter((name) => ![folder, 'errors', 'work'].includes(name)).sort();
}

test('every folder of src has one row', () => {
  const folders = readdirSync(join(packageRoot(), 'src'), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(rows.map(({ folder }) => folder).sort(), names.sort());
});

test('a row names the imports that dependency-cruiser lets pass, all of rows above it', () => {
  for (const [index, { folder, imports }] of rows.entries()) {
    const expected = allowed(folder);
    if (!expected) continue;
    const named = [...imports.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '');
    assert.deepEqual(named.sort(), expected, folder);
    const above = rows.slice(0, index).map((row) => row.folder);
    assert.deepEqual(
      named.filter((name) => !above.includes(name)),
      [],
      folder,
    );
  }
});

test('the files to touch are there', () => {
  const section = page.slice(page.indexOf('## Where to touch'), page.indexOf('## Decisions'));
  const paths = [...section.matchAll(/`((?:src|test)\/[^`]*)`/g)].map(([, path = '']) => path);
  assert.ok(paths.length > 10);
  // `<name>` is to be chosen; its folder is there.
  for (const path of paths) assert.ok(existsSync(join(packageRoot(), path.replace(/[^/]*<.*$/, ''))), path);
});
