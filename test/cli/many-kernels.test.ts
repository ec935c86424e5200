import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { faultsIn } from '../../src/catalog/verify.ts';
import { checkClasses, checkPairs } from '../../src/matrix/limits.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import { runCli } from '../support/run-cli.ts';

// The built program over many kernels, ended before it is done: by a reader that goes away, and by Ctrl-C.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-many-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const main = join(packageRoot(), 'dist/cli/main.js');
const catalog = join(folder, 'many.sqlite');
const KERNELS = 1500;
const matrix = ['matrix', '--profile', 'memory', '--format'];
before(() => buildCatalog(catalog, contentWith(manyKernels(KERNELS))));

/** Commands that print much of many kernels. */
const LONG: readonly (readonly string[])[] = [
  [...matrix, 'json'],
  [...matrix, 'classes'],
  ['pairs', '--profile', 'memory', '--format', 'json'],
  ['list', '--format', 'json'],
  ['reach', '7.2.1009', '--profile', 'memory', '--format', 'json'],
];

for (const command of LONG) {
  test(`a reader that closes the pipe ends it quietly: ${command.join(' ')}`, () => {
    const line = `"$@" | head -c 10; echo "\${PIPESTATUS[0]}"`;
    const args = [process.execPath, main, ...command, '--catalog', catalog];
    const { stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', ...args], { encoding: 'utf8' });
    assert.match(stdout, /[01]\n$/);
    assert.equal(stderr, '');
  });
}

describe('a format that cannot hold so many kernels is refused before work starts', () => {
  const tooMany = join(folder, 'too-many.sqlite');
  const file = join(folder, 'never.json');
  before(() => buildCatalog(tooMany, contentWith(manyKernels(5001))));

  const refused: readonly [args: readonly string[], says: RegExp][] = [
    [[...matrix, 'json'], /TOO_MANY: 5001 kernels have 25010001 pairs, .*--format classes/],
    [[...matrix, `json=${file}`], /TOO_MANY: .*--releases and --class take fewer/],
    [['matrix', '--format', 'json'], /TOO_MANY: /],
    [['pairs', '--profile', 'memory', '--format', 'json'], /TOO_MANY: .*matrix --format classes/],
    [['matrix', '--format', 'classes'], /USAGE: .*--profile/],
    [[...matrix, 'classes', '--class', 'main+1'], /USAGE: .*leave --class out/],
  ];
  for (const [args, says] of refused) {
    test(args.join(' ').replace(folder, ''), async () => {
      const { status, stdout, stderr } = await runCli([...args, '--catalog', tooMany]);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
      assert.ok(!existsSync(file));
    });
  }

  test('what fits of them is printed: by class, of a class of pairs, of a range', async () => {
    for (const args of [
      [...matrix, 'classes'],
      [...matrix, 'json', '--class', 'main+1'],
      [...matrix, 'json', '--releases', '7.3.1011 || 7.2.1009'],
    ]) {
      const { status, stdout, stderr } = await runCli([...args, '--catalog', tooMany]);
      assert.ok(status < 2, stderr);
      JSON.parse(stdout);
    }
  });

  test('kernels of which each answers in its own way', () => {
    assert.throws(() => checkClasses(3001, 'name fewer with --releases'), {
      code: 'TOO_MANY',
      message: /3001 kernels .*name fewer with --releases/,
    });
    checkClasses(3000, '');
    checkPairs(5000, '');
  });
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

test('Ctrl-C in the midst of a catalog that is being built leaves it whole, and nothing beside it', async () => {
  const into = join(folder, 'built');
  mkdirSync(into);
  const built = join(into, 'catalog.sqlite');
  const signal = await interrupted(['catalog', 'build', '--catalog', built], into);
  assert.equal(signal, 'SIGINT');
  assert.deepEqual(readdirSync(into), ['catalog.sqlite']);
  const open = Catalog.open(built);
  assert.deepEqual(faultsIn(open), []);
  open.close();
});

test('Ctrl-C leaves nothing of a report that is being written', async () => {
  const into = join(folder, 'report');
  mkdirSync(into);
  const signal = await interrupted(['report', '--out', into, '--catalog', catalog], into);
  assert.equal(signal, 'SIGINT');
  assert.deepEqual(readdirSync(into), []);
});
