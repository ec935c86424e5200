import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildCatalog } from '../../src/catalog/build.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { shipped } from '../support/shipped.ts';

// The program as a user runs it: it says where it listens, answers, and ends when it is asked to.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-serve-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const catalog = join(folder, 'catalog.sqlite');

before(() => {
  const { documents, ...rest } = shipped();
  const few = documents.filter(({ release }) => release.startsWith('7.3'));
  buildCatalog(catalog, { ...rest, documents: few, overlays: [] });
});

function start(...args: string[]) {
  const main = join(packageRoot(), 'dist/cli/main.js');
  const child = spawn(process.execPath, [main, 'serve', '--catalog', catalog, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let noted = '';
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const address = new Promise<string>((resolve) => {
    child.stderr.on('data', (chunk) => {
      noted += chunk;
      const match = /at (http:\/\/\S+)/.exec(noted);
      if (match) resolve(match[1] ?? '');
    });
  });
  const ended = new Promise<{ code: number | null; noted: string; printed: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, noted, printed }));
  });
  return { child, address, ended };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`it listens on loopback, answers, and ends with 0 on ${signal}`, { timeout: 120_000 }, async () => {
    const { child, address, ended } = start('--port', '0');
    const url = await address;
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const response = await fetch(new URL('/api/check?from=7.3-rc7&to=7.3.4&profile=memfd', url));
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { incoming: string }).incoming, '7.3.4');
    child.kill(signal);
    const { code, noted, printed } = await ended;
    assert.equal(code, 0, noted);
    assert.deepEqual([printed, noted.trimEnd().split('\n').length], ['', 1]);
  });
}

test('a port in use is one line and exit 3; a bad port is exit 2', { timeout: 120_000 }, async () => {
  const first = start('--port', '0');
  const { port } = new URL(await first.address);
  const second = await start('--port', port).ended;
  first.child.kill('SIGTERM');
  await first.ended;
  assert.equal(second.code, 3);
  assert.match(second.noted, /^luo-abi: PORT_IN_USE: port \d+ of 127\.0\.0\.1 is in use \(.*\)\n$/);
  const bad = await start('--port', '70000').ended;
  assert.equal(bad.code, 2);
  assert.match(bad.noted, /USAGE: --port 70000/);
});
