// Plans 20,000 machines on four targets with four profiles and their mixtures, as a user does: the whole process, its time
// and peak memory. Run after a build: node --import tsx test/bench/fleet.ts
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
function inventory(): string {
  const { documents, overlays = [] } = shipped();
  const known = [...documents, ...overlays.slice(-3)].map(({ release }) => release);
  const releases = [...known, '6.1.55', '6.18.15-1-amd64'];
  const profiles = [...PROFILES.map(({ name }) => name), 'memory;memfd', ''];
  let state = 1;
  const draw = <T>(from: readonly T[]): T => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return from[(state >>> 8) % from.length] as T;
  };
  const rows = Array.from(
    { length: HOSTS },
    (_, at) => `host-${at}.example.org,${draw(releases)},${draw(profiles)},${draw(TARGETS)}`,
  );
  return `name,release,profiles,target\n${rows.join('\n')}\n`;
}

function measure(format: string, fleet: string): void {
  const command = [main, 'plan', '--fleet', fleet, '--to', '7.3.4', '--format', format];
  const times: number[] = [];
  let peak = 0;
  for (let run = 0; run <= RUNS; run += 1) {
    const start = performance.now();
    const { status, stderr } = spawnSync('/usr/bin/time', ['-f', 'peak %M', process.execPath, ...command], {
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 1) throw new Error(`plan: exit ${status}: ${stderr.slice(-300)}`);
    // The first run makes the catalog.
    if (run === 0) continue;
    times.push(performance.now() - start);
    peak = Math.max(peak, Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  const limits = `(limit ${LIMIT.milliseconds} ms, ${LIMIT.megabytes} MB)`;
  console.log(
    `plan of ${HOSTS} machines, ${format}`.padEnd(40),
    `${median.toFixed(0)} ms, peak ${peak.toFixed(0)} MB ${limits}`,
  );
}

const fleet = join(folder, 'fleet.csv');
writeFileSync(fleet, inventory());
measure('terminal', fleet);
measure('json', fleet);
rmSync(folder, { recursive: true, force: true });
