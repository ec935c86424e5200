import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packageRoot } from '../../src/schema/package-root.ts';

// The built program as a process: what it leaves on which stream, its exit codes, and a reader that goes away.

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-main-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const main = join(packageRoot(), 'dist/cli/main.js');
const options = {
  encoding: 'utf8',
  env: { ...process.env, XDG_CACHE_HOME: folder, NO_COLOR: '1' },
  timeout: 300_000,
} as const;

const ROWS: readonly [args: string[], status: number, stdout: RegExp, stderr: RegExp][] = [
  [['check', '7.2.12', '7.3.4', '--profile', 'memfd'], 0, /compatible/, /^(?:luo-abi: .*\n)*$/],
  [['check', '6.17.8', '6.18.5', '--profile', 'memory'], 1, /misread/, /^$/],
  [['chekc'], 2, /^$/, /^luo-abi: USAGE: no command chekc; nearest: check .*\n$/],
  [['list', '-o', '/dev/null/none'], 2, /^$/, /^luo-abi: USAGE: .*\n$/],
];

for (const [args, code, out, err] of ROWS) {
  test(`luo-abi ${args.join(' ')} exits ${code}`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options);
    assert.equal(status, code, stderr);
    assert.match(stdout, out);
    assert.match(stderr, err);
  });
}

test('a reader that closes the pipe ends the program quietly', () => {
  const line = `"$1" "$2" show 7.3.4 --format json | head -c 10; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', process.execPath, main], options);
  assert.match(stdout, /0\n$/);
  assert.equal(stderr, '');
});

test('output for which there is no room is one line, and a pipe that does not wait is written whole', {
  skip: process.platform !== 'linux',
}, () => {
  const full = spawnSync(
    'bash',
    ['-c', '"$1" "$2" list > /dev/full', 'bash', process.execPath, main],
    options,
  );
  assert.match(full.stderr, /^luo-abi: FILE_UNWRITABLE: standard output: ENOSPC[^\n]*\n$/);
  assert.equal(full.status, 3);
});

// Node has no way to make a pipe that does not wait.
const hasPython = spawnSync('python3', ['--version']).status === 0;

test('a pipe that does not wait is written whole', { skip: !hasPython }, () => {
  const reader = `
    import fcntl, os, subprocess, sys, time
    out, end = os.pipe()
    fcntl.fcntl(end, fcntl.F_SETFL, fcntl.fcntl(end, fcntl.F_GETFL) | os.O_NONBLOCK)
    program = subprocess.Popen(sys.argv[1:] + ['show', '7.3.4', '--format', 'json'], stdout=end)
    os.close(end)
    time.sleep(0.5)
    text = os.fdopen(out, 'rb').read()
    sys.stdout.buffer.write(text)
    sys.exit(program.wait())`;
  const python = ['-c', reader.replaceAll('\n    ', '\n'), process.execPath, main];
  const whole = spawnSync(process.execPath, [main, 'show', '7.3.4', '--format', 'json'], options).stdout;
  assert.ok(whole.length > 1 << 16, 'more than a pipe holds');
  const piped = spawnSync('python3', python, options);
  assert.equal(piped.status, 0, piped.stderr);
  assert.equal(piped.stdout, whole);
});
