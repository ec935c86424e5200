import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { command } from '../../src/cli/commands/capture.ts';
import { canonicalJson } from '../../src/model/canonical.ts';

const FIXTURE = fileURLToPath(new URL('../accuracy/fixtures/tree', import.meta.url));

let folder: string;
let trees: string[];

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'luo-abi-several-'));
  trees = ['7.3.4', '7.3.5'].map((release) => {
    const root = join(folder, `linux-${release}`);
    cpSync(FIXTURE, root, { recursive: true });
    writeFileSync(
      join(root, 'Makefile'),
      `VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = ${release.slice(-1)}\nEXTRAVERSION =\n`,
    );
    return root;
  });
});
after(() => rmSync(folder, { recursive: true }));

async function run(locators: string[], options: Record<string, string | boolean> = {}): Promise<string> {
  let output = '';
  const io = {
    out: (text: string) => {
      output += text;
    },
    note: () => {},
    env: {},
    render: { chalk: new Chalk({ level: 0 }), width: 80 },
  };
  assert.equal(await command.run(locators, options, io), 0);
  return output;
}

test('several locators are printed as one array of what each would be alone', async () => {
  const alone: unknown[] = [];
  for (const tree of trees) alone.push(JSON.parse(await run([tree])));
  assert.equal(await run(trees), canonicalJson(alone));
});

test('with -o they become a file each, named by release', async () => {
  const output = join(folder, 'made', 'documents');
  assert.equal(await run(trees, { output }), '');
  assert.deepEqual(readdirSync(output).sort(), ['7.3.4.json', '7.3.5.json']);
  assert.equal(readFileSync(join(output, '7.3.5.json'), 'utf8'), await run([trees[1] ?? '']));
});

test('two kernels of one name would be one file, and one name cannot be two kernels', async () => {
  const output = join(folder, 'twice');
  mkdirSync(output);
  const [tree = ''] = trees;
  await assert.rejects(run([tree, tree], { output }), { code: 'USAGE' });
  assert.deepEqual(readdirSync(output), []);
  await assert.rejects(run(trees, { release: '7.3.4' }), { code: 'USAGE' });
});
