import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { WindowOutput } from '../../src/model/window.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { validate } from '../../src/schema/validate.ts';
import type { CliRun } from '../support/run-cli.ts';
import { runCli } from '../support/run-cli.ts';

// `window` as a user runs it.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-window-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<CliRun> {
  return runCli(['window', ...args], { env: { XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder } });
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const POLICY = `schemaVersion: 1
kernels:
  ranges: [">=7.1"]
pairs:
  classes: [main+1]
profiles: [memfd]
window:
  class: stable+2
`;

test('over the shipped releases each pair that is refused or misread names what it lacks', async () => {
  const { status, stdout } = await run('--class', 'stable+2', '--format', 'json');
  assert.equal(status, 1);
  const output: WindowOutput = JSON.parse(stdout);
  validate('window', output, 'window');
  const pairs = output.windows.flatMap(({ releases }) => releases.flatMap((release) => release.pairs));
  const unsafe = pairs.filter(({ verdict }) => verdict === 'refused' || verdict === 'misread');
  assert.ok(unsafe.length > 5, String(unsafe.length));
  for (const { outgoing, incoming, missing } of unsafe) {
    assert.notDeepEqual(missing, [], `${outgoing} -> ${incoming}`);
  }
  const one = unsafe.find(({ outgoing, incoming }) => outgoing === '7.1.13' && incoming === '7.2.13');
  assert.ok(one?.missing.includes('kho kho-v3 as of 7.1.13'));
});

test('docs/window.md shows the answer as it is', async () => {
  const page = readFileSync(join(packageRoot(), 'docs/window.md'), 'utf8');
  const shown = (await run('--class', 'stable+2', '--profile', 'memfd')).stdout.split('\n');
  const [, example = ''] = /```\n(7\.2\.13[^`]*)```/.exec(page) ?? [];
  const lines = example.split('\n').filter((line) => line !== '…');
  assert.ok(lines.length > 5, example);
  for (const line of lines) assert.ok(shown.includes(line), line);
});

test('machines of a fleet are counted by what they write, strangers by name', async () => {
  const fleet = file('fleet.csv', 'name,release\nh1,7.1.13\nh2,7.2.13\nh3,7.2.13\nh4,9.9.9\n');
  const { status, stdout } = await run('7.3.4', '--class', 'main+1', '--profile', 'memfd', '--fleet', fleet);
  assert.equal(status, 0, stdout);
  assert.match(
    stdout,
    /kho-v4 as of 7\.2\.13 {2}read\n {10}written by 7\.2\.6 … 7\.3\.4; 2 machines of the fleet/,
  );
  assert.match(stdout, /not counted, as the release is not known: 9\.9\.9 \(1\)/);
});

test('a window of a policy, as a table', async () => {
  const { status, stdout } = await run('--policy', file('policy.yaml', POLICY), '--format', 'markdown');
  assert.equal(status, 1);
  assert.match(stdout, /^## window stable\+2 of .*policy\\?\.yaml: memfd on x86\\?_64-4k\n\n### 7\.3\.4/);
  assert.match(stdout, /^\| kho \| kho-v3 as of 7\.1\.13 \| not read: refused/m);
});

test('what cannot be answered is one line', async () => {
  const policy = file('policy.yaml', POLICY);
  for (const [args, code] of [
    [[], 'USAGE: window: give one of'],
    [['--class', 'main+1', '--policy', policy], 'USAGE: window: give one of'],
    [['7.2.13', '--policy', policy], 'USAGE: window: 7.2.13 beside --policy'],
    [['--both', '--policy', policy], 'USAGE: window: --both beside --policy'],
    [['--class', 'main+9'], 'USAGE: --class main+9'],
    [['9.9', '--class', 'main+1'], 'RELEASE_UNKNOWN'],
    [['--class', 'main+1', '--fleet', join(folder, 'nowhere')], 'FILE_UNREADABLE'],
  ] as const) {
    const { status, stderr } = await run(...args);
    assert.equal(status, 2, stderr);
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.includes('catalog of'));
    assert.equal(lines.length, 1, stderr);
    assert.ok(lines[0]?.startsWith(`luo-abi: ${code}`), stderr);
  }
});
