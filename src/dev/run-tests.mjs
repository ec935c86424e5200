// Runs every test file below test/ (or those whose path each argument matches, as a regular expression) with Node's own test runner.
//   npm test            all but the folders that have a script of their own, npm run test:FOLDER: a browser, git and what npm packs take minutes
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { bundleTests } from './bundle-tests.mjs';

/** Several files of a folder share a process, for starting one costs more than most of them; those of these folders run alone. */
const ALONE = ['accuracy', 'ask', 'browser', 'cli', 'history', 'package', 'try'];
const GROUP = 6;
const APART = ['browser', 'history', 'package'];
/**
 * What `npm run test:tables` is for. Every question of the library, asked and ended in every way, and what is tried on very many
 * kernels, headers, hosts, caches and patches is run there alone; of other tables `npm test` takes a part.
 */
const APART_IN_TABLES =
  /test.(?:accuracy.sweep|api.examples|ask.(?:stopping|three-doors)|capture.(?:parse-cache|patched)|cdecl.random|cli.preflight-hosts|matrix.(?:many-kernels|verdict-table))\.test/;
const IN_TABLES =
  /test.(?:accuracy|capture.(?:inferred-(?:moved|styles)|parse-cache-folder)|cli.too-many|history.generated|matrix|verdict.carried)/;
const BUNDLES = join('node_modules', '.cache', 'luo-abi-tests');

const folderOf = (path) => path.split(sep)[1];
const words = process.argv.slice(2);
const wanted = words.map((part) => new RegExp(part));
const isChosen = (path) => {
  if (words[0] === 'tables') return APART_IN_TABLES.test(path) || IN_TABLES.test(path);
  if (wanted.length > 0) return wanted.every((part) => part.test(path));
  return !APART.includes(folderOf(path)) && !APART_IN_TABLES.test(path);
};
const files = readdirSync('test', { recursive: true })
  .map((path) => join('test', String(path)))
  .filter((path) => path.endsWith('.test.ts') && isChosen(path))
  .sort();
if (files.length === 0) {
  console.error('no test file matches');
  process.exit(2);
}

rmSync(BUNDLES, { recursive: true, force: true });
mkdirSync(BUNDLES, { recursive: true });
const entries = {};
for (const folder of new Set(files.map(folderOf))) {
  const own = files.filter((path) => folderOf(path) === folder);
  const size = ALONE.includes(folder) ? 1 : GROUP;
  for (let at = 0; at < own.length; at += size) {
    const group = own.slice(at, at + size);
    const name =
      size === 1 ? own[at].split(sep).slice(1).join('-').replace('.test.ts', '') : `${folder}-${at / size}`;
    const entry = join(BUNDLES, `${name}.entry.mjs`);
    writeFileSync(entry, group.map((path) => `import ${JSON.stringify(resolve(path))};\n`).join(''));
    entries[name] = entry;
  }
}
await bundleTests(entries, BUNDLES);
// The browser's take longest: begun first, they do not keep one processor busy at the end.
const names = Object.keys(entries).sort(
  (a, b) => Number(b.startsWith('browser')) - Number(a.startsWith('browser')),
);
const { status } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    // A process of tests is over before what V8 compiles by its own measure is worth it.
    '--interrupt-budget=1000000',
    '--test',
    '--test-concurrency=3',
    ...names.map((name) => join(BUNDLES, `${name}.mjs`)),
  ],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
