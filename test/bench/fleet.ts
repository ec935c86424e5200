// Plans 20,000 machines as a user does: the whole process, its time and peak memory. Once a fleet of one target and profile,
// once one that has every target and profile mixed. Run after a build: node --import tsx test/bench/fleet.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { PROFILES } from '../../src/model/profile.ts';
import { TARGETS } from '../../src/model/target.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { shipped } from '../support/shipped.ts';

const RUNS = Number(process.env.LUO_ABI_BENCH_RUNS ?? 10);
const HOSTS = 20_000;
const LIMIT = { milliseconds: 1000, megabytes: 200 };

const folder = mkdtempSync(join(tmpdir(), 'luo-abi-fleet-'));
const env = { ...process.env, XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder };
const main = join(packageRoot(), 'dist/cli/main.js');

/** Machines that run each release, and some that nobody knows; the draws are the same in every run. */
function inventory(isMixed: boolean): string {
  const { documents, overlays = [] } = shipped();
  const known = [...documents, ...overlays.slice(-3)].map(({ release }) => release);
  const releases = [...known, '6.1.55', '6.18.15-1-amd64'];
  const profiles = [...PROFILES.map(({ name }) => name), 'memory;memfd', ''];
  let state = 1;
  const draw = <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return from[(state >>> 8) % from.length] as T;
  };
  const rows = Array.from({ length: HOSTS }, (_, at) => {
    const rest = [draw(releases), draw(profiles), draw(TARGETS)];
    return [`host-${at}.example.org`, ...(isMixed ? rest : rest.slice(0, 1))].join();
  });
  return `name,release${isMixed ? ',profiles,target' : ''}\n${rows.join('\n')}\n`;
}

function measure(what: string, fleet: string, format: string): void {
  const command = [main, 'plan', '--fleet', fleet, '--to', '7.3.4', '--profile', 'memfd', '--format', format];
  const times: number[] = [];
  const busy: number[] = [];
  let peak = 0;
  for (let run = 0; run <= RUNS; run += 1) {
    const start = performance.now();
    const { status, stderr } = spawnSync(
      '/usr/bin/time',
      ['-f', 'used %M %U %S', process.execPath, ...command],
      { env, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    if (status !== 1) throw new Error(`plan: exit ${status}: ${stderr.slice(-300)}`);
    // The first run makes the catalog.
    if (run === 0) continue;
    times.push(performance.now() - start);
    const [, kilobytes, user, system] = /used (\d+) ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
    busy.push((Number(user) + Number(system)) * 1000);
    peak = Math.max(peak, Number(kilobytes) / 1024);
  }
  const limits = `(limit ${LIMIT.milliseconds} ms, ${LIMIT.megabytes} MB)`;
  const used = `${median(times).toFixed(0)} ms, processor ${median(busy).toFixed(0)} ms, peak ${peak.toFixed(0)} MB`;
  console.log(`plan of ${HOSTS} machines, ${what}, ${format}`.padEnd(48), used, limits);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

for (const [what, isMixed] of [
  ['alike', false],
  ['mixed', true],
] as const) {
  const fleet = join(folder, `${what}.csv`);
  writeFileSync(fleet, inventory(isMixed));
  measure(what, fleet, 'terminal');
  measure(what, fleet, 'json');
}
rmSync(folder, { recursive: true, force: true });
