// npm run bench: each command against a named reference in the same run; medians of 10, and the ratio.
// LUO_ABI_KERNELS names a folder with source/, headers/ (and tree/) packages for the capture rows.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { packageRoot } from '../../src/schema/package-root.ts';

const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 10);
const main = join(packageRoot(), 'dist/cli/main.js');
const cache = mkdtempSync(join(tmpdir(), 'luo-abi-bench-'));
const env = { ...process.env, XDG_CACHE_HOME: cache };

/** Milliseconds of one run of a shell command. */
function time(command: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync('bash', ['-c', command], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: exit ${status}: ${stderr.slice(-300)}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Takes the two by turns, so that both see the same machine. */
function compare(what: string, command: string, reference: string, limit: number): void {
  const ours: number[] = [];
  const theirs: number[] = [];
  time(command);
  time(reference);
  for (let run = 0; run < RUNS; run += 1) {
    theirs.push(time(reference));
    ours.push(time(command));
  }
  const [a, b] = [median(ours), median(theirs)];
  const ratio = (a / b).toFixed(2);
  console.log(
    `${what.padEnd(36)} ${a.toFixed(0).padStart(7)} ms  ${b.toFixed(0).padStart(7)} ms  ${ratio} x (limit ${limit} x)`,
  );
}

function peakMemory(command: string): void {
  const script = `${command} >/dev/null; `;
  const { stderr } = spawnSync(
    'bash',
    ['-c', `/usr/bin/time -f 'peak %M' bash -c "exec ${script.replace(/"/g, '\\"')}"`],
    { env, encoding: 'utf8' },
  );
  const kilobytes = Number(/peak (\d+)/.exec(stderr)?.[1]);
  if (Number.isFinite(kilobytes)) console.log(`  peak memory ${(kilobytes / 1024).toFixed(0)} MB`);
}

function firstIn(folder: string, pattern: RegExp): string | undefined {
  const name = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .find((entry) => pattern.test(entry))
    : undefined;
  return name === undefined ? undefined : join(folder, name);
}

console.log(
  `${'what'.padEnd(36)} ${'ours'.padStart(10)}  ${'reference'.padStart(10)}  ratio; medians of ${RUNS}`,
);
compare('check, catalog built', `node ${main} check 7.2.12 7.3.4 --profile memfd`, 'node -e 0', 2);
compare(
  'catalog build of all documents',
  `node ${main} catalog build --catalog ${cache}/b.sqlite`,
  'node -e 0',
  10,
);

const kernels = process.env.LUO_ABI_KERNELS;
const tarball = kernels && firstIn(join(kernels, 'source'), /7\.1\.13.*\.tar\.xz$/);
const headers = kernels && firstIn(join(kernels, 'headers'), /7\.3\.4.*\.deb$/);
if (tarball) {
  const capture = `node ${main} capture ${tarball}`;
  compare(
    'capture of a release tarball',
    `${capture} >/dev/null`,
    `xz -dc ${tarball} | tar -t >/dev/null`,
    1.3,
  );
  peakMemory(capture);
}
if (headers) {
  const reference = `dpkg-deb --fsys-tarfile ${headers} | tar -t >/dev/null`;
  compare('capture of a headers package', `node ${main} capture ${headers} >/dev/null`, reference, 2);
}
if (!kernels) console.log('LUO_ABI_KERNELS is not set: the capture rows were left out');
rmSync(cache, { recursive: true, force: true });
