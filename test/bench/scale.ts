// Catalogs of very many kernels, made here of shipped documents under other names: what each command takes in processor time
// and memory (the peak of its process), and its ratio to the figures of the build that had no classes. LUO_ABI_BEFORE names the
// main.js of another build: it is measured by turns with this one, with a catalog of its own, where it survives.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { buildCatalog } from '../../src/catalog/build.ts';
import { canonicalJson } from '../../src/model/canonical.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { contentWith, manyKernels } from '../support/many-kernels.ts';
import { median } from './timing.ts';

const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 3);
const LIMIT = 120_000;
const main = join(packageRoot(), 'dist/cli/main.js');
const other = process.env.LUO_ABI_BEFORE;
const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-scale-'));

interface Measured {
  /** User and system, seconds. */
  cpu: number;
  /** Megabytes. */
  peak: number;
}

/** Undefined for a run that did not come to its end. */
function run(program: string, args: readonly string[]): Measured | undefined {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
  const command = ['-f', 'figures %U %S %M', 'bash', '-c', `exec "$@" >/dev/null`, 'bash', process.execPath];
  const { stderr, status } = spawnSync('/usr/bin/time', [...command, program, ...args], {
    env,
    encoding: 'utf8',
    timeout: LIMIT,
  });
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
  args(catalog: string): string[];
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

const ROWS: readonly Row[] = [
  {
    what: 'matrix, 1,000',
    args: matrix,
    catalog: '1000',
    before: { cpu: 5.9, peak: 845 },
    target: { cpu: 0.25, peak: 120 },
  },
  { what: 'matrix, 5,000', args: matrix, catalog: '5000', before: {}, target: { cpu: 0.5, peak: 200 } },
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
    what: 'report, 1,000',
    args: report,
    catalog: '1000',
    before: { cpu: 22, peak: 950 },
    target: { cpu: 3, peak: 400 },
  },
  { what: 'report, 5,000', args: report, catalog: '5000', before: {}, target: { cpu: 10, peak: 400 } },
];

function figures(one: Partial<Measured> | undefined): string {
  if (!one) return 'died'.padStart(16);
  const cpu = one.cpu === undefined ? '-' : `${one.cpu.toFixed(2)} s`;
  const peak = one.peak === undefined ? '-' : `${one.peak.toFixed(0)} MB`;
  return `${cpu.padStart(8)} ${peak.padStart(7)}`;
}

function ratio(ours: number | undefined, theirs: number | undefined): string {
  return ours === undefined || theirs === undefined ? '-' : `${(ours / theirs).toFixed(2)} x`;
}

function measure({ what, args, catalog, before, target }: Row): void {
  const ours: (Measured | undefined)[] = [];
  const theirs: (Measured | undefined)[] = [];
  for (let count = 0; count < RUNS; count += 1) {
    ours.push(run(main, args(join(folder, `${catalog}.sqlite`))));
    if (other !== undefined && !theirs.includes(undefined)) {
      theirs.push(run(other, args(join(folder, `${catalog}-before.sqlite`))));
    }
  }
  const [own, old] = [medianOf(ours), other === undefined ? undefined : medianOf(theirs)];
  const against = other === undefined ? '' : `  before ${figures(old)} (${ratio(own?.cpu, old?.cpu)})`;
  console.log(
    `${what.padEnd(34)} ${figures(own)}  was ${figures(before)} (${ratio(own?.cpu, before.cpu)}, ${ratio(own?.peak, before.peak)})  target ${figures(target)} (${ratio(own?.cpu, target.cpu)}, ${ratio(own?.peak, target.peak)})${against}`,
  );
}

/** Seconds of this process that making a catalog takes. */
function build(name: string, documents: ReturnType<typeof manyKernels>): number {
  const start = process.cpuUsage();
  buildCatalog(join(folder, `${name}.sqlite`), contentWith(documents));
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The other build makes its own catalog out of documents in files. */
function buildBefore(name: string, documents: ReturnType<typeof manyKernels>): void {
  if (other === undefined) return;
  const versions = join(folder, `versions-${name}`);
  mkdirSync(versions);
  for (const document of documents) {
    writeFileSync(join(versions, `${document.release}.json`), canonicalJson(document));
  }
  const path = join(folder, `${name}-before.sqlite`);
  run(other, ['catalog', 'build', '--versions', versions, '--catalog', path]);
  rmSync(versions, { recursive: true });
}

try {
  const begun = performance.now();
  const catalogs: readonly [string, ReturnType<typeof manyKernels>][] = [
    ['1000', manyKernels(1000)],
    ['5000', manyKernels(5000)],
    ['10000', manyKernels(10_000)],
    ['own', manyKernels(1000, { isEachItsOwn: true })],
  ];
  for (const [name, documents] of catalogs) {
    const seconds = build(name, documents);
    if (name === '5000') {
      console.log(
        `catalog build, 5,000 documents: ${seconds.toFixed(2)} s (was 2.6 s, ${ratio(seconds, 2.6)}; target 1.0 s, ${ratio(seconds, 1)})`,
      );
    }
    buildBefore(name, documents);
  }
  console.log(`medians of ${RUNS}; seconds of processor time, peak of the process`);
  for (const row of ROWS) measure(row);
  console.log(`all in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
