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
