// `serve` over 1,000 synthetic releases: /api/check of pairs drawn at random, over connections that are kept, on loopback
// with server and clients in processes of their own. Bounded in time; the limits are those of the project.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { buildCatalog } from '../../src/catalog/build.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import { compareReleases } from '../../src/model/release-name.ts';
import { createServer, listen } from '../../src/server/server.ts';
import { shipped } from '../support/shipped.ts';
import { median } from './timing.ts';

const RELEASES = 1000;
const CONNECTIONS = 4;
const SECONDS = 4;
const MEDIAN_LIMIT = 5;
const RATE_LIMIT = 2000;

/** Upstream series as they are, each with very many stable releases; a captured one now and then is what changes. */
function synthetic(): CaptureDocument[] {
  const upstream = shipped()
    .documents.filter(({ vendor, release }) => vendor === null && /^\d+\.\d+\.\d+$/.test(release))
    .sort((a, b) => compareReleases(a.release, b.release));
  const copies = Math.ceil(RELEASES / upstream.length);
  return upstream
    .flatMap((document, index) =>
      Array.from({ length: copies }, (_, copy): CaptureDocument => {
        const [major, minor] = document.base.split('.');
        const release = `${major}.${minor}.${1000 + index * copies + copy}`;
        return { ...document, release, base: release, components: shifted(document.components, copy) };
      }),
    )
    .slice(0, RELEASES);
}

/** The same declarations in other lines, as in the next stable release. */
function shifted(components: CaptureDocument['components'], by: number): CaptureDocument['components'] {
  const move = (place: string): string =>
    place.replace(/:(\d+)$/, (_, line: string) => `:${Number(line) + by}`);
  const moved = Object.entries(components).map(([id, state]) => {
    const places = Object.entries(state.places).map(([key, place]) => [key, move(place)]);
    return [id, { ...state, places: Object.fromEntries(places) }];
  });
  return Object.fromEntries(moved);
}

/** The server, in a process of its own: tells its port, ends with its parent. */
async function runServer(path: string): Promise<void> {
  const catalog = Catalog.open(path);
  const app = await createServer({ catalog });
  process.send?.(await listen(app, { host: '127.0.0.1', port: 0 }));
  process.once('disconnect', () => process.exit(0));
}

/** One connection that asks again as soon as it is answered; times in milliseconds. */
function ask(port: number, { next, until }: { next: () => string; until: number }): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const times: number[] = [];
    let begun = 0;
    let pending: Buffer[] = [];
    let missing = -1;
    const send = (): void => {
      begun = performance.now();
      if (begun >= until) socket.end(() => resolve(times));
      else socket.write(`GET ${next()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (missing < 0) {
        pending.push(chunk);
        const text = Buffer.concat(pending).toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!text.startsWith('HTTP/1.1 200')) reject(new Error(text.slice(0, 300)));
        missing = Number(/content-length: (\d+)/i.exec(text)?.[1]) - (text.length - end - 4);
        pending = [];
      } else missing -= chunk.length;
      if (missing > 0) return;
      missing = -1;
      times.push(performance.now() - begun);
      send();
    });
  });
}

async function measure(port: number, releases: readonly string[], pairs: number): Promise<void> {
  let state = 1;
  const draw = (count: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % count;
  };
  const one = (): string => releases[draw(releases.length)] ?? '';
  const fixed = Array.from({ length: pairs }, () => `/api/check?from=${one()}&to=${one()}&profile=memfd`);
  const next = (): string =>
    pairs > 0 ? (fixed[draw(pairs)] ?? '') : `/api/check?from=${one()}&to=${one()}&profile=memfd`;
  const start = performance.now();
  const until = start + SECONDS * 500;
  const times = (
    await Promise.all(Array.from({ length: CONNECTIONS }, () => ask(port, { next, until })))
  ).flat();
  const rate = times.length / ((performance.now() - start) / 1000);
  const what = pairs > 0 ? `${pairs} pair asked again and again` : 'pairs at random, cold at first';
  // What is missed fails the bench, so that nobody has to read the figures.
  if (median(times) > MEDIAN_LIMIT || rate < RATE_LIMIT) process.exitCode = 1;
  const figures = `median ${median(times).toFixed(2)} ms (limit ${MEDIAN_LIMIT}), ${rate.toFixed(0)} requests/s (limit ${RATE_LIMIT})`;
  console.log(
    `serve, ${releases.length} releases, ${what}: ${figures}, slowest ${Math.max(...times).toFixed(0)} ms`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-bench-serve-'));
  const path = join(folder, 'catalog.sqlite');
  try {
    const documents = synthetic();
    buildCatalog(path, { ...shipped(), documents, overlays: [] });
    const server = fork(fileURLToPath(import.meta.url), ['--serve', path]);
    const port = await new Promise<number>((resolve, reject) => {
      server.once('message', (address) => resolve(Number(new URL(String(address)).port)));
      server.once('exit', () => reject(new Error('the server ended')));
    });
    const releases = documents.map(({ release }) => release);
    await measure(port, releases, 0);
    await measure(port, releases, 0);
    await measure(port, releases, 1);
    server.removeAllListeners('exit');
    server.kill();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [mode, path = ''] = process.argv.slice(2);
await (mode === '--serve' ? runServer(path) : main());
