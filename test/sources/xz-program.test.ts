import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSource } from '../../src/sources/index.ts';
import { openDecoder } from '../../src/sources/xz-program.ts';
import { debBytes, fixture, kernelTar } from '../formats/archives.ts';
import { openBytes, temporaryFolder, WANTED, WANTED_PATHS, writeBelow } from './opening.ts';

const TAR = kernelTar();
const TIMEOUT = { timeout: 120_000 };
const hasXz = spawnSync('xz', ['--version']).status === 0;
const FILES = { 'kernel.tar.xz': fixture('kernel.tar.xz'), 'blocks.tar.xz': fixture('kernel-blocks.tar.xz') };

/** Makes `script`, run by node, the program xz for one test; TAR is what it should decode to. */
function useXz(context: TestContext, script: string): void {
  const folder = temporaryFolder(context);
  const tar = writeBelow(folder, 'kernel.tar', TAR);
  const reading = `const TAR = require('fs').readFileSync(${JSON.stringify(tar)});`;
  chmodSync(writeBelow(folder, 'xz', `#!${process.execPath}\n${reading}\n${script}\n`), 0o755);
  usePath(context, folder);
}

function usePath(context: TestContext, path: string): void {
  const before = process.env.PATH;
  process.env.PATH = path;
  context.after(() => {
    process.env.PATH = before;
  });
}

/** Counts the threads that are started during a test. */
function countWorkers(context: TestContext): () => number {
  let count = 0;
  const note = () => count++;
  process.on('worker', note);
  context.after(() => process.off('worker', note));
  return () => count;
}

for (const [what, script] of Object.entries({
  'fails at once': 'process.exit(1)',
  'ends well without a word': 'process.stdin.resume()',
  'ends well half-way': 'process.stdout.write(TAR.subarray(0, 20_000))',
  'dies half-way': 'process.stdout.write(TAR.subarray(0, 20_000), () => process.kill(process.pid))',
  'gives something else': 'process.stdout.write(Buffer.alloc(TAR.length, 7))',
})) {
  test(`a program that ${what} makes no difference`, TIMEOUT, async (context) => {
    useXz(context, script);
    for (const [name, bytes] of Object.entries(FILES)) {
      const kernel = await openBytes(context, name, bytes);
      assert.deepEqual(kernel.list(''), WANTED_PATHS);
    }
  });
}

test('where the program decodes no thread is started', TIMEOUT, async (context) => {
  const countStarted = countWorkers(context);
  useXz(context, 'process.stdin.resume().on("end", () => process.stdout.write(TAR))');
  const kernel = await openBytes(context, 'k.tar.xz', FILES['kernel.tar.xz']);
  assert.deepEqual(kernel.list(''), WANTED_PATHS);
  assert.equal(countStarted(), 0);
});

test('without the program threads do the work', TIMEOUT, async (context) => {
  const countStarted = countWorkers(context);
  usePath(context, '/nowhere');
  const kernel = await openBytes(context, 'k.tar.xz', FILES['kernel.tar.xz']);
  assert.deepEqual(kernel.list(''), WANTED_PATHS);
  assert.ok(countStarted() > 0);
});

for (const end of ['cancel', 'close'] as const) {
  test(`${end} ends a program that would run for ever`, TIMEOUT, async (context) => {
    const pidFile = join(temporaryFolder(context), 'pid');
    const script = `require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));
      process.on('SIGTERM', () => {}); process.on('SIGPIPE', () => {}); setInterval(() => {}, 1000);
      process.stdout.write('x');`;
    useXz(context, script);
    const decoder = openDecoder({}, undefined);
    context.after(() => decoder.close());
    const job = decoder.start(() => new Promise(() => {}));
    assert.equal((await job.next())?.byteLength, 1);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const reading = job.next();
    if (end === 'cancel') {
      job.cancel();
      assert.equal(await reading, undefined);
    } else {
      const failing = assert.rejects(reading, { message: 'xz failed' });
      await decoder.close();
      await failing;
    }
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const PROGRAM = { skip: !hasXz && 'no program xz', ...TIMEOUT };

for (const [name, bytes] of Object.entries({
  ...FILES,
  'headers.deb': debBytes('data.tar', TAR),
  'cut.tar.xz': FILES['kernel.tar.xz'].subarray(0, -40),
  'damaged.tar.xz': flipped(FILES['kernel.tar.xz'], 900),
  'damaged-blocks.tar.xz': flipped(FILES['blocks.tar.xz'], 3000),
})) {
  test(`program and threads agree on ${name}`, PROGRAM, async (context) => {
    const path = writeBelow(temporaryFolder(context), name, bytes);
    const [one, other] = await Promise.all([outcome(path, 'program'), outcome(path, 'threads')]);
    assert.deepEqual(one, other);
  });
}

/** All that opening gives, or the error. */
async function outcome(path: string, xz: 'program' | 'threads') {
  try {
    const kernel = await openSource(path, { ...WANTED, xz });
    const texts = WANTED_PATHS.map((wanted) => kernel.read(wanted));
    return { release: kernel.release, date: kernel.date, list: kernel.list(''), texts };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { code, message };
  }
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
