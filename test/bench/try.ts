// Real updates between images of a folder (LUO_ABI_IMAGES), in QEMU without KVM: one pair, and every ordered pair of eight
// kernels, two at a time. Run after a build: node --import tsx test/bench/try.ts
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TryMatrixOutput } from '../../src/model/try.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { median } from './timing.ts';

const PAIR_RUNS = 5;
const KERNELS = 8;
/** Seconds: of one pair, and of as many as eight kernels make with each other. */
const LIMIT = { pair: 4, pairs: 180 };
const PAIRS = 56;

const images = resolve(process.env.LUO_ABI_IMAGES ?? '.');
const found = existsSync(images)
  ? readdirSync(images)
      .filter((name) => name.startsWith('bzImage-'))
      .sort()
  : [];
const main = join(packageRoot(), 'dist/cli/main.js');

function seconds(args: readonly string[]): { taken: number; stdout: string } {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'try', ...args, '--accel', 'tcg'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status === 2 || status === null) throw new Error(`try: exit ${status}: ${stderr.slice(-300)}`);
  return { taken: (performance.now() - start) / 1000, stdout };
}

const load = (): string => `load ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors`;

function row(what: string, taken: number, limit: number): void {
  const verdict = taken < limit ? 'met' : 'not met';
  console.log(
    `${what.padEnd(44)} ${taken.toFixed(1).padStart(7)} s (limit ${limit} s: ${verdict}; ${load()})`,
  );
}

function pair(profile: string): void {
  const kernels = found.slice(-1).map((name) => join(images, name));
  const [kernel = ''] = kernels;
  const times = Array.from(
    { length: PAIR_RUNS },
    () => seconds([kernel, kernel, '--profile', profile]).taken,
  );
  row(`one pair, ${profile}, median of ${PAIR_RUNS}`, median(times), LIMIT.pair);
}

function matrix(profile: string): void {
  const kernels = found.slice(0, KERNELS);
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-try-'));
  try {
    const list = join(folder, 'list.txt');
    writeFileSync(list, kernels.map((name) => `${join(images, name)}\n`).join(''));
    const options = ['--profile', profile, '--jobs', String(cpus().length), '--format', 'json'];
    const { taken, stdout } = seconds(['--matrix', list, ...options]);
    const { steps } = JSON.parse(stdout) as TryMatrixOutput;
    const made = steps.filter(({ observed }) => observed.outcome !== 'not-started').length;
    const what = `${made} ordered pairs of ${kernels.length} kernels, ${profile}`;
    row(what, taken, Math.round((LIMIT.pairs * made) / PAIRS));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (found.length === 0) {
  console.log('try: skipped: LUO_ABI_IMAGES names no folder with images of kernels');
} else if (spawnSync('qemu-system-x86_64', ['--version']).error) {
  console.log('try: skipped: no qemu-system-x86_64');
} else {
  console.log(load());
  for (const profile of ['memfd', 'memory']) {
    pair(profile);
    matrix(profile);
  }
}
