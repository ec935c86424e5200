import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

// How the benches measure: a command and its reference by turns, so that both see the same machine; medians.

/** How often each of the two runs. */
export const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 10);

export type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds of one run of a shell command. Throws when it ends with another exit code than those accepted. */
export function time(
  command: string,
  env: Environment = process.env,
  accepted: readonly number[] = [0],
): number {
  const start = performance.now();
  const { status, stderr } = spawnSync('bash', ['-c', command], { env, encoding: 'utf8' });
  if (!accepted.includes(status ?? -1)) throw new Error(`${command}: exit ${status}: ${stderr.slice(-300)}`);
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Comparison {
  what: string;
  command: string;
  reference: string;
  /** The most that the ratio may be. */
  limit: number;
  env?: Environment;
}

/** Measures a command against its reference and prints both medians and the ratio. */
export function compare({ what, command, reference, limit, env = process.env }: Comparison): void {
  time(command, env);
  time(reference, env);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    theirs.push(time(reference, env));
    ours.push(time(command, env));
  }
  printRow(what, median(ours), { reference: median(theirs), limit });
}

/** One row: milliseconds of ours and of the reference, and their ratio. */
export function printRow(
  what: string,
  ours: number,
  { reference, limit }: { reference: number; limit: number },
): void {
  const ratio = (ours / reference).toFixed(2);
  const columns = [ours, reference].map((value) => `${value.toFixed(0).padStart(7)} ms`).join('  ');
  console.log(`${what.padEnd(44)} ${columns}  ${ratio} x (limit ${limit} x)`);
}

export function printHead(): void {
  console.log(
    `${'what'.padEnd(44)} ${'ours'.padStart(10)} ${'reference'.padStart(11)}  ratio; medians of ${RUNS}`,
  );
}

/** Prints the most memory that a command held at once. */
export function peakMemory(command: string, env: Environment = process.env): void {
  const { stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', 'peak %M', 'bash', '-c', `exec ${command} >/dev/null`],
    {
      env,
      encoding: 'utf8',
    },
  );
  const kilobytes = Number(/peak (\d+)/.exec(stderr)?.[1]);
  if (Number.isFinite(kilobytes)) console.log(`  peak memory ${(kilobytes / 1024).toFixed(0)} MB`);
}

/** The first file of a folder, by name, that matches. */
export function firstIn(folder: string, pattern: RegExp): string | undefined {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder)
    .sort()
    .find((entry) => pattern.test(entry));
  return name === undefined ? undefined : join(folder, name);
}
