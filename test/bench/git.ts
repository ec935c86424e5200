// node --import tsx test/bench/git.ts: many tags of a repository with as many files as a kernel, against one
// `git cat-file --batch` that reads the same blobs; and an audit of its last commit. The repository is kept in the cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { isWanted } from '../../src/capture/wanted.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { fixtureTree, generateHistory } from '../history/generated-history.ts';
import { git, type MadeCommit, makeRepository } from '../history/made-repository.ts';

const TAGS = 1000;
const VERSIONS = 40;
const OTHERS = 80_000;
const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 5);

/** Paths as a kernel has them: folders of some dozen files, and one with thousands of headers. */
function otherPaths(): string[] {
  const headers = Array.from({ length: 1800 }, (_, index) => `include/linux/made_${index}.h`);
  const rest = Array.from({ length: OTHERS - headers.length }, (_, index) => {
    const folder = Math.floor(index / 20);
    return `drivers/d${folder % 140}/s${folder}/f${index}.c`;
  });
  return [...headers, ...rest];
}

function makeCommits(): MadeCommit[] {
  const others = new Map(otherPaths().map((path) => [path, `/* ${path} */\n`]));
  const { commits } = generateHistory(7, VERSIONS * 6);
  const distinct = [fixtureTree(), ...commits.map(({ tree }) => new Map(tree))].slice(0, VERSIONS * 6);
  const versions = distinct.filter((_, index) => index % 6 === 0);
  return Array.from({ length: TAGS }, (_, index): MadeCommit => {
    const own = new Map(versions[Math.floor((index * VERSIONS) / TAGS)]);
    const makefile = `VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = ${index + 1}\nEXTRAVERSION =\n`;
    own.set('Makefile', makefile);
    own.set('drivers/d0/s0/f0.c', `int made_${index};\n`);
    const tree = index === 0 ? new Map([...others, ...own]) : own;
    return { title: `Linux 7.3.${index + 1}`, tree, tag: `v7.3.${index + 1}`, isPartial: true };
  });
}

function repository(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'luo-abi-tests', `bench-${TAGS}-${VERSIONS}-2.git`);
  if (existsSync(folder)) return folder;
  console.log('making the repository; this is done once');
  mkdirSync(dirname(folder), { recursive: true });
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  makeRepository(partial, makeCommits());
  git(partial, 'gc', '--quiet');
  renameSync(partial, folder);
  return folder;
}

function time(program: string, args: readonly string[], input?: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, {
    ...(input !== undefined && { input }),
    env: { ...process.env, XDG_CACHE_HOME: scratch },
    maxBuffer: 1 << 30,
  });
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')}: exit ${status}: ${stderr}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The blobs of every tag that a capture may read: one name for each tag and path, repeats included or not. */
function blobNames(folder: string): { all: string; distinct: string } {
  const paths = [...fixtureTree().keys()].filter(isWanted);
  const names = Array.from({ length: TAGS }, (_, index) =>
    paths.map((path) => `v7.3.${index + 1}:${path}`),
  ).flat();
  const listed = spawnSync('git', ['-C', folder, 'cat-file', '--batch-check=%(objectname)'], {
    input: `${names.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  const distinct = [...new Set(listed.stdout.trim().split('\n'))];
  return { all: `${names.join('\n')}\n`, distinct: `${distinct.join('\n')}\n` };
}

// In memory where that can be: making a thousand files takes 40 ms on a disk, and 800 ms where as many were just removed.
const MEMORY = '/dev/shm';
const scratch = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'luo-abi-bench-git-'));
let runs = 0;
const freshFolder = (): string => join(scratch, `out-${++runs}`);
const folder = repository();
const built = join(packageRoot(), 'dist/cli/main.js');
const main = process.env.LUO_ABI_MAIN ?? built;
const { all, distinct } = blobNames(folder);
const rows: [string, () => number][] = [
  [
    'capture --tags of all tags',
    () => time('node', [main, 'capture', folder, '--tags', 'v*', '-o', freshFolder()]),
  ],
  [
    'the same, nothing parsed before',
    () => time('node', [main, 'capture', folder, '--no-cache', '--tags', 'v*', '-o', freshFolder()]),
  ],
  ['git cat-file, every tag and path', () => time('git', ['-C', folder, 'cat-file', '--batch'], all)],
  ['git cat-file, distinct blobs', () => time('git', ['-C', folder, 'cat-file', '--batch'], distinct)],
  ['audit HEAD~1..HEAD', () => time('node', [main, 'audit', '--repo', folder, 'main~1..main'])],
  ['audit of a commit that changes data', () => time('node', [main, 'audit', '--repo', folder, 'v7.3.26'])],
];
const medians = new Map<string, number>();
for (const [what, measure] of rows) {
  measure();
  const times = Array.from({ length: RUNS }, measure);
  medians.set(what, median(times));
  console.log(`${what.padEnd(38)} ${median(times).toFixed(0).padStart(7)} ms`);
}
const reference = medians.get('git cat-file, every tag and path') ?? Number.NaN;
for (const what of ['capture --tags of all tags', 'the same, nothing parsed before']) {
  const ratio = (medians.get(what) ?? Number.NaN) / reference;
  console.log(`  ${what}: ${ratio.toFixed(2)} x cat-file of the same blobs (limit 2 x)`);
}
rmSync(scratch, { recursive: true, force: true });
