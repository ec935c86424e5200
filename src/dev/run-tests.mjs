// Runs every test file below test/ (or those whose path contains an argument) with Node's own test runner.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const isBrowser = (path) => path.startsWith(join('test', 'browser'));
const wanted = process.argv.slice(2);
const files = readdirSync('test', { recursive: true })
  .map((path) => join('test', String(path)))
  .filter((path) => path.endsWith('.test.ts') && wanted.every((part) => path.includes(part)))
  // The browser's take longest: begun first, they do not keep one processor busy at the end.
  .sort((a, b) => Number(isBrowser(b)) - Number(isBrowser(a)) || (a < b ? -1 : 1));
if (files.length === 0) {
  console.error('no test file matches');
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=2', ...files],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
