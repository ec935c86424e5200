// Catalogs of very many kernels, made here of shipped documents under other names: what each command takes in processor time
// and memory (the peak of its process), and its ratio to the figures of the build that had no classes. LUO_ABI_BEFORE names
// dist/cli/main.js of another checkout: it is measured by turns with this one, with a catalog of its own, where it survives.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildCatalog } from '../../src/catalog/build.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import type { ManyKernels } from '../support/many-kernels.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import type { ColdPairs } from './cold-pairs.ts';
import { coldPairs } from './cold-pairs.ts';
import { repositoryOfOne, updateArgs } from './new-kernel.ts';
import { median } from './timing.ts';

const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 3);
/** Milliseconds of processor time after which a run counts as one that died, so that a busy machine ends none. */
const LIMIT = Number(process.env.LUO_ABI_BENCH_LIMIT ?? 120_000);
const main = join(packageRoot(), 'dist/cli/main.js');
const other = process.env.LUO_ABI_BEFORE;
const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-scale-'));

interface Measured {
  /** User and system, seconds. */
  cpu: number;
  /** Megabytes. */
  peak: number;
}

/** Certificates that the environment names are read at every start of Node, which would be most of a short command. */
const environment = (program: string): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_EXTRA_CA_CERTS: undefined,
  XDG_CACHE_HOME: join(folder, program === main ? 'cache' : 'cache-before'),
});

/** A run of a program of the command line. */
function run(program: string, args: readonly string[]): Measured | undefined {
  return timed([program, ...args], { env: environment(program) });
}

/** A run of node; undefined for one that did not come to its end. */
function timed(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string },
): Measured | undefined {
  const limited = ['bash', '-c', `ulimit -t ${Math.ceil(LIMIT / 1000)}; exec "$@" >/dev/null`, 'bash'];
  const command = ['-f', 'figures %U %S %M', ...limited, process.execPath, ...args];
  const { stderr, status } = spawnSync('/usr/bin/time', command, { ...options, encoding: 'utf8' });
  const [, user, system, peak] = /figures (\S+) (\S+) (\S+)/.exec(stderr) ?? [];
  if (peak === undefined || (status !== 0 && status !== 1)) return undefined;
  return { cpu: Number(user) + Number(system), peak: Number(peak) / 1024 };
}

function medianOf(runs: readonly (Measured | undefined)[]): Measured | undefined {
  const whole = runs.flatMap((one) => one ?? []);
  if (whole.length < runs.length || whole.length === 0) return undefined;
  return { cpu: median(whole.map(({ cpu }) => cpu)), peak: median(whole.map(({ peak }) => peak)) };
}

interface Row {
  what: string;
  args(catalog: string, program: string): string[];
  /** Which catalog. */
  catalog: string;
  /** Seconds and megabytes of the build before; undefined where it died. */
  before: Partial<Measured>;
  target: Partial<Measured>;
}

const matrix = (catalog: string): string[] => ['matrix', '--profile', 'memory', '--catalog', catalog];
const report = (catalog: string): string[] => [
  'report',
  '--out',
  join(folder, 'report'),
  '--catalog',
  catalog,
];
const pair = ['7.3.1011', '7.2.1009', '--profile', 'memory', '--catalog'];

const repository = repositoryOfOne(folder);
const versionsOf = (program: string): string => join(program, '../../../versions');

const ROWS: readonly Row[] = [
  {
    what: 'matrix, 1,000',
    args: matrix,
    catalog: '1000',
    before: { cpu: 5.9, peak: 845 },
    target: { cpu: 0.25, peak: 120 },
  },
  { what: 'matrix, 5,000', args: matrix, catalog: '5000', before: {}, target: { cpu: 0.5, peak: 200 } },
  { what: 'matrix, 10,000', args: matrix, catalog: '10000', before: {}, target: {} },
  {
    what: 'matrix, all 10^8 pairs by class, JSON',
    args: (c) => [...matrix(c), '--format', 'classes'],
    catalog: '10000',
    before: {},
    target: { cpu: 1, peak: 300 },
  },
  { what: 'matrix, 1,000, each its own class', args: matrix, catalog: 'own', before: {}, target: {} },
  {
    what: 'matrix --format json, 1,000',
    args: (c) => [...matrix(c), '--format', 'json'],
    catalog: '1000',
    before: { cpu: 6.4, peak: 1300 },
    target: {},
  },
  {
    what: 'list --format json, 5,000',
    args: (c) => ['list', '--format', 'json', '--catalog', c],
    catalog: '5000',
    before: { cpu: 0.55 },
    target: { cpu: 0.2 },
  },
  {
    what: 'route, 5,000',
    args: (c) => ['route', ...pair, c],
    catalog: '5000',
    before: { cpu: 2.4, peak: 370 },
    target: { cpu: 0.3, peak: 150 },
  },
  {
    what: 'check, 10,000',
    args: (c) => ['check', ...pair, c],
    catalog: '10000',
    before: { cpu: 0.08 },
    target: {},
  },
  {
    what: 'check, as many kernels as ship',
    args: () => ['check', '7.3.4', '7.2.12', '--profile', 'memory'],
    catalog: '',
    before: { cpu: 0.08 },
    target: {},
  },
  {
    what: 'report, 1,000',
    args: report,
    catalog: '1000',
    before: { cpu: 22, peak: 950 },
    target: { cpu: 3, peak: 400 },
  },
  {
    what: 'capture --update, one new of 21',
    args: (_catalog, program) =>
      updateArgs(repository, { versions: versionsOf(program), into: join(folder, 'update') }),
    catalog: '',
    before: { cpu: 7 },
    target: { cpu: 1 },
  },
  { what: 'report, 5,000', args: report, catalog: '5000', before: {}, target: { cpu: 10, peak: 400 } },
];

function figures(one: Partial<Measured> | undefined): string {
  if (!one) return '-'.padStart(17);
  const cpu = one.cpu === undefined ? '-' : `${one.cpu.toFixed(2)} s`;
  const peak = one.peak === undefined ? '-' : `${one.peak.toFixed(0)} MB`;
  return `${cpu.padStart(8)} ${peak.padStart(7)}`;
}

function ratio(ours: number | undefined, theirs: number | undefined): string {
  return ours === undefined || theirs === undefined ? '-' : `${(ours / theirs).toFixed(2)} x`;
}

/** Each by turns, so that both see the same machine. */
function measure({ what, args, catalog, before, target }: Row): void {
  const ours: (Measured | undefined)[] = [];
  const theirs: (Measured | undefined)[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    ours.push(run(main, args(join(folder, `${catalog}.sqlite`), main)));
    if (other !== undefined && !theirs.includes(undefined)) {
      theirs.push(run(other, args(join(folder, `${catalog}-before.sqlite`), other)));
    }
  }
  const [own, old] = [medianOf(ours), other === undefined ? undefined : medianOf(theirs)];
  const against =
    other === undefined ? '' : `  before ${old ? figures(old) : 'died'} (${ratio(own?.cpu, old?.cpu)})`;
  console.log(
    `${what.padEnd(38)} ${own ? figures(own) : 'died'.padStart(17)}  was ${figures(before)} (${ratio(own?.cpu, before.cpu)}, ${ratio(own?.peak, before.peak)})  target ${figures(target)} (${ratio(own?.cpu, target.cpu)}, ${ratio(own?.peak, target.peak)})${against}`,
  );
}

/** What making a catalog of documents in files takes a program. */
function buildOfFiles(
  program: string,
  documents: readonly CaptureDocument[],
  path: string,
): Measured | undefined {
  const versions = join(folder, 'versions');
  mkdirSync(versions);
  for (const document of documents) {
    writeFileSync(join(versions, `${document.release}.json`), canonicalJson(document));
  }
  const measured = run(program, [
    'catalog',
    'build',
    '--versions',
    versions,
    '--catalog',
    join(folder, path),
  ]);
  rmSync(versions, { recursive: true });
  return measured;
}

/** A catalog for each of the two programs: the other one has documents of its own form. */
function build(name: string, count: number, kind: ManyKernels): void {
  const documents = manyKernels(count, kind);
  const start = process.cpuUsage();
  buildCatalog(join(folder, `${name}.sqlite`), contentWith(documents));
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  const issue =
    name === '5000' ? `  was 2.60 s (${ratio(seconds, 2.6)})  target 1.00 s (${ratio(seconds, 1)})` : '';
  console.log(`catalog of ${name}: ${seconds.toFixed(2)} s${issue}`);
  if (other === undefined) return;
  const originalOf = (release: string): CaptureDocument =>
    JSON.parse(readFileSync(join(versionsOf(other), `${release}.json`), 'utf8')) as CaptureDocument;
  const old = buildOfFiles(other, manyKernels(count, { ...kind, originalOf }), `${name}-before.sqlite`);
  const own = name === '5000' ? buildOfFiles(main, documents, `${name}-of-files.sqlite`) : undefined;
  console.log(`  of files ${figures(own)}  before ${figures(old)} (${ratio(own?.cpu, old?.cpu)})`);
}

/** By turns, each program a server of its own over the kernels of which no two are alike. */
async function measureCold(): Promise<void> {
  const releases = manyKernels(1000).map(({ release }) => release);
  const ours: ColdPairs[] = [];
  const theirs: ColdPairs[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    for (const [program, path, into] of [
      [main, 'own.sqlite', ours],
      [other, 'own-before.sqlite', theirs],
    ] as const) {
      if (program === undefined) continue;
      const env = environment(program);
      into.push(await coldPairs({ program, catalog: join(folder, path), releases, pairs: 2000, env }));
    }
  }
  for (const figure of ['waited', 'cpu'] as const) {
    const [own, old] = [ours, theirs].map((runs) => median(runs.map((one) => one[figure]))) as [
      number,
      number,
    ];
    const what = `/api/check, cold, ${figure === 'cpu' ? 'cpu' : 'median'}, ms`;
    console.log(
      `${what.padEnd(38)} ${own.toFixed(3)}  target 0.4  before ${old.toFixed(3)} (${ratio(own, old)})`,
    );
  }
}

/** The bench of 10^8 verdicts, and of what they grow with, of this checkout and of the other. */
function measureVerdicts(): void {
  const script = ['--import', 'tsx', 'test/bench/matrix-scale.ts'];
  const [own, old] = [main, other].map(
    (program) => program && timed(script, { cwd: join(program, '../../..'), env: environment(program) }),
  ) as [Measured | undefined, Measured | undefined];
  const what = '10^8 verdicts, and half of them';
  console.log(
    `${what.padEnd(38)} ${figures(own)}  target 0.34 x  before ${figures(old)} (${ratio(own?.cpu, old?.cpu)})`,
  );
}

try {
  const begun = performance.now();
  build('1000', 1000, {});
  build('5000', 5000, {});
  build('10000', 10_000, {});
  build('own', 1000, { isEachItsOwn: true });
  // Each makes the catalog of what ships with it, which is no row.
  for (const program of [main, other]) if (program !== undefined) run(program, ['list']);
  console.log(`medians of ${RUNS}; seconds of processor time, peak of the process`);
  for (const row of ROWS) measure(row);
  measureVerdicts();
  await measureCold();
  console.log(`all in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
