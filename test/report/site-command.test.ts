import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Chalk } from 'chalk';
import { buildCatalog } from '../../src/catalog/build.ts';
import type { OptionValues } from '../../src/cli/command.ts';
import { command } from '../../src/cli/commands/report.ts';
import { documentOf, shipped } from '../support/shipped.ts';

// `report` as a user runs it, over a small catalog.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-report-'));
const catalog = join(folder, 'small.sqlite');
const out = join(folder, 'out');
after(() => rmSync(folder, { recursive: true, force: true }));
before(() => {
  const documents = ['6.17.8', '6.18.15', '7.3.4'].map(documentOf);
  const { errata, reviews, evidence = [] } = shipped();
  buildCatalog(catalog, { documents, errata, reviews, evidence, stamp: 'small' });
});

async function run(options: OptionValues): Promise<{ code: number; notes: string }> {
  const notes: string[] = [];
  const code = await command.run(
    [],
    { catalog, out, ...options },
    {
      out: () => assert.fail('nothing goes to stdout'),
      note: (text) => notes.push(text),
      env: {},
      render: { chalk: new Chalk({ level: 0 }), width: 80 },
    },
  );
  return { code, notes: notes.join('\n') };
}

test('writes the page and the files beside it, and finds them fresh afterwards', async () => {
  assert.equal((await run({})).code, 0);
  const names = readdirSync(out);
  for (const name of ['index.html', 'findings.md', 'classes.md', 'rules.md', 'timeline.svg']) {
    assert.ok(names.includes(name), name);
  }
  assert.equal(names.filter((name) => name.startsWith('matrix-')).length, 5 * 4 * 4);
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  assert.ok(html.length < 1_500_000, `${html.length} bytes`);
  assert.doesNotMatch(html, /(?:src|href)="http/);
  assert.deepEqual(await run({ check: true }), { code: 0, notes: '' });
});

test('tells stale files and those that should not be there, and takes them away', async () => {
  await run({});
  writeFileSync(join(out, 'findings.md'), 'edited\n');
  writeFileSync(join(out, 'matrix-none-vax.csv'), '\n');
  const { code, notes } = await run({ check: true });
  assert.equal(code, 1);
  assert.deepEqual(notes.split('\n'), [
    `stale: ${join(out, 'findings.md')}`,
    `stale: ${join(out, 'matrix-none-vax.csv')}`,
  ]);
  await run({});
  assert.equal((await run({ check: true })).code, 0);
});

test('a folder that cannot be made is told', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await assert.rejects(run({ out: join(file, 'below') }), { code: 'FILE_UNWRITABLE' });
});

test('the committed page holds what ships and keeps its size', () => {
  const html = readFileSync(new URL('../../reports/index.html', import.meta.url), 'utf8');
  assert.ok(html.length < 1_500_000, `${html.length} bytes`);
});
