import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { showReading } from '../../src/ask/files/reading.ts';
import type { ProgressTerminal } from '../../src/cli/progress.ts';
import { ProgressBar } from '../../src/cli/progress.ts';
import { openFile } from '../../src/sources/file-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-progress-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function terminal(isTTY: boolean, columns = 80): { terminal: ProgressTerminal; written: string[] } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { terminal: { isTTY, columns, write: write as ProgressTerminal['write'] }, written };
}

test('a bar is drawn over itself, seldom, and taken away', () => {
  let now = 0;
  const { terminal: screen, written } = terminal(true);
  const bar = new ProgressBar(screen, 'reading x.tar', 200, () => now);
  bar.at(10);
  now = 500;
  bar.at(100);
  bar.at(101);
  now = 7_000;
  bar.at(400);
  bar.end();
  assert.deepEqual(written, [
    '\rluo-abi: reading x.tar  [##########----------]   50 %  0:00\u001b[K',
    '\rluo-abi: reading x.tar  [####################]  100 %  0:07\u001b[K',
    '\r\u001b[K',
  ]);
});

test('nothing is written where no terminal is, nor for a task that ends soon', () => {
  let now = 0;
  for (const isTTY of [false, true]) {
    const { terminal: screen, written } = terminal(isTTY);
    const bar = new ProgressBar(screen, 'x', 2, () => now);
    now += isTTY ? 100 : 10_000;
    bar.at(1);
    bar.end();
    assert.deepEqual(written, []);
  }
});

test('a bar is not wider than the window; without a total it tells the time', () => {
  let now = 0;
  const { terminal: screen, written } = terminal(true, 20);
  const bar = new ProgressBar(screen, 'a very long name of a file', 0, () => now);
  now = 65_000;
  bar.at(1);
  assert.equal(written[0], '\rluo-abi: a very lon\u001b[K');
});

test('reads of a file are heard while a task runs, and not afterwards', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, Buffer.alloc(300 << 10));
  const heard: (number | string)[] = [];
  const read = async (): Promise<void> => {
    const file = await openFile(path, 'file');
    await file.at(0);
    await file.at(256 << 10);
    await file.close();
  };
  const show = (label: string, total: number) => {
    heard.push(label, total);
    return { at: (done: number) => void heard.push(done), end: () => void heard.push('end') };
  };
  await showReading(show, read);
  await read();
  assert.deepEqual(heard, ['reading file', 300 << 10, 256 << 10, 300 << 10, 'end']);
});
