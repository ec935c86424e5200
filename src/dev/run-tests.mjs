// Runs every test file below test/ (or those whose path contains an argument) with Node's own test runner.
//   npm test            all but test/package, which packs and compiles for a minute: npm run test:package
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Folders whose tests only compute: several files share a process, for starting one costs more than most of them. */
const PURE = [
  'bytes',
  'cdecl',
  'components',
  'diff',
  'formats',
  'matrix',
  'model',
  'report',
  'rules',
  'verdict',
];
const GROUP = 6;
const GROUPS = join('node_modules', '.cache', 'luo-abi-tests');

const folderOf = (path) => path.split(sep)[1];
const wanted = process.argv.slice(2);
const isChosen = (path) =>
  wanted.length > 0 ? wanted.every((part) => path.includes(part)) : folderOf(path) !== 'package';
const files = readdirSync('test', { recursive: true })
  .map((path) => join('test', String(path)))
  .filter((path) => path.endsWith('.test.ts') && isChosen(path))
  .sort();
if (files.length === 0) {
  console.error('no test file matches');
  process.exit(2);
}

rmSync(GROUPS, { recursive: true, force: true });
mkdirSync(GROUPS, { recursive: true });
const entries = files.filter((path) => !PURE.includes(folderOf(path)));
for (const folder of PURE) {
  const own = files.filter((path) => folderOf(path) === folder);
  for (let at = 0; at < own.length; at += GROUP) {
    const entry = join(GROUPS, `${folder}-${at / GROUP}.mjs`);
    const imports = own
      .slice(at, at + GROUP)
      .map((path) => `import '${pathToFileURL(resolve(path)).href}';\n`);
    writeFileSync(entry, imports.join(''));
    entries.push(entry);
  }
}
// The browser's take longest: begun first, they do not keep one processor busy at the end.
entries.sort((a, b) => Number(folderOf(b) === 'browser') - Number(folderOf(a) === 'browser'));
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=3', ...entries],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
