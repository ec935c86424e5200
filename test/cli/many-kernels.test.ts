import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { buildCatalog } from '../../src/catalog/build.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';

// The built program over many kernels, ended before it is done: by a reader that goes away, and by Ctrl-C.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-many-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const main = join(packageRoot(), 'dist/cli/main.js');
const catalog = join(folder, 'many.sqlite');
const KERNELS = 1500;
const matrix = ['matrix', '--profile', 'memory', '--format'];
before(() => buildCatalog(catalog, contentWith(manyKernels(KERNELS))));

test('a reader that closes the pipe ends a matrix of millions of pairs quietly', () => {
  const line = `"$@" | head -c 10; echo "\${PIPESTATUS[0]}"`;
  const args = [process.execPath, main, ...matrix, 'json', '--catalog', catalog];
  const { stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  assert.match(stdout, /0\n$/);
  assert.equal(stderr, '');
});

/** Runs a command and asks it to end as soon as something stands in a folder. */
async function interrupted(args: readonly string[], into: string): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('exit', (_code, signal) => resolve(signal));
  });
  while (child.exitCode === null && readdirSync(into).length === 0) await setTimeout(5);
  child.kill('SIGINT');
  return ended;
}

test('Ctrl-C leaves nothing of a file that is being written', async () => {
  const into = join(folder, 'file');
  mkdirSync(into);
  const signal = await interrupted(
    [...matrix, `json=${join(into, 'matrix.json')}`, '--catalog', catalog],
    into,
  );
  assert.equal(signal, 'SIGINT');
  assert.deepEqual(readdirSync(into), []);
});

test('Ctrl-C leaves nothing of a report that is being written', async () => {
  const into = join(folder, 'report');
  mkdirSync(into);
  const signal = await interrupted(['report', '--out', into, '--catalog', catalog], into);
  assert.equal(signal, 'SIGINT');
  assert.deepEqual(readdirSync(into), []);
});
