import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as library from '../../src/index.ts';
import { packageRoot } from '../../src/schema/package-root.ts';

// Every program of docs/api.md runs and prints what stands below it. UPDATE_GOLDEN=1 writes what it prints.

const isUpdate = process.env.UPDATE_GOLDEN === '1';
if (isUpdate && process.env.CI) throw new Error('UPDATE_GOLDEN is refused where CI is set');

const home = mkdtempSync(join(tmpdir(), 'luo-abi-api-'));
after(() => rmSync(home, { recursive: true, force: true }));

const page = join(packageRoot(), 'docs/api.md');
const text = readFileSync(page, 'utf8');
const EXAMPLE = /## ([^\n]+)\n(?:(?!\n## )[\s\S])*?```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```\n/g;
const examples = [...text.matchAll(EXAMPLE)].map(([whole, title = '', code = '', output = '']) => ({
  whole,
  title,
  code,
  output,
}));

test('every program of the page has its output', () => {
  assert.equal(examples.length, text.split('```ts\n').length - 1);
  assert.ok(examples.length >= 6);
});

test('every function of the library is at work in some program', () => {
  const code = examples.map((example) => example.code).join('\n');
  const functions = Object.entries(library).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  const missing = functions.filter((name) => !new RegExp(`\\b${name}\\b(?:\\(|\\))`).test(code));
  assert.deepEqual(missing, []);
});

test('the built library exports what src/index.ts does', async () => {
  const built = await import(pathToFileURL(join(packageRoot(), 'dist/index.js')).href);
  assert.deepEqual(Object.keys(built).sort(), Object.keys(library).sort());
});

for (const { whole, title, code, output } of examples) {
  test(`${title}: the program prints what the page says`, () => {
    const path = join(home, `${title.toLowerCase().replaceAll(' ', '-')}.mts`);
    const library = pathToFileURL(join(packageRoot(), 'dist/index.js')).href;
    writeFileSync(path, code.replaceAll("'luo-abi'", `'${library}'`));
    const run = spawnSync(process.execPath, ['--import', 'tsx', path], {
      cwd: packageRoot(),
      encoding: 'utf8',
      env: { ...process.env, HOME: home, NO_COLOR: '1', FORCE_COLOR: undefined },
      timeout: 300_000,
    });
    assert.equal(run.status, 0, run.stderr);
    if (isUpdate) {
      const updated = whole.replace(`\`\`\`text\n${output}`, () => `\`\`\`text\n${run.stdout}`);
      writeFileSync(
        page,
        readFileSync(page, 'utf8').replace(whole, () => updated),
      );
    } else assert.equal(run.stdout, output);
  });
}
