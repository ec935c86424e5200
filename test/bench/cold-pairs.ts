import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { median } from './timing.ts';

// What /api/check takes for pairs that nobody asked for yet: a server of its own, one connection that is kept, each pair once.

export interface ColdPairs {
  /** Milliseconds until an answer is there, the median. */
  waited: number;
  /** Milliseconds of the server's processor time for one, the mean. */
  cpu: number;
}

export interface ColdPairsRequest {
  /** `dist/cli/main.js` of some checkout. */
  program: string;
  catalog: string;
  releases: readonly string[];
  /** As many again are asked before, while the server warms up. */
  pairs: number;
  env: NodeJS.ProcessEnv;
}

export async function coldPairs({
  program,
  catalog,
  releases,
  pairs,
  env,
}: ColdPairsRequest): Promise<ColdPairs> {
  const args = [program, 'serve', '--port', '0', '--catalog', catalog];
  const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let children: readonly number[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const port = await portOf(server.stderr);
    // The page is made in a process of its own meanwhile, which would be measured with the answers.
    children = await firstChildrenOf(server.pid);
    for (const child of children) process.kill(child, 'SIGSTOP');
    const asked = distinctPairs(releases, pairs * 2);
    const ask = ([from, to]: readonly [string, string]): Promise<number> =>
      timeOf(`http://127.0.0.1:${port}/api/check?from=${from}&to=${to}&profile=memfd`, agent);
    for (const pair of asked.slice(pairs)) await ask(pair);
    const begun = cpuOf(server.pid);
    const times: number[] = [];
    for (const pair of asked.slice(0, pairs)) times.push(await ask(pair));
    return { waited: median(times), cpu: (cpuOf(server.pid) - begun) / pairs };
  } finally {
    agent.destroy();
    server.kill('SIGKILL');
    for (const child of children) process.kill(child, 'SIGKILL');
    await once(server, 'exit');
  }
}

/** The port that a server says it listens at. @throws Error where it ends before */
async function portOf(stderr: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: stderr })) {
    const [, port] = /http:\/\/[\d.]+:(\d+)/.exec(line) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the server ended');
}

/** Ordered pairs of different kernels, drawn, each once. */
function distinctPairs(releases: readonly string[], count: number): (readonly [string, string])[] {
  let state = 1;
  const draw = (): string => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return releases[(state >>> 8) % releases.length] as string;
  };
  const found = new Map<string, readonly [string, string]>();
  while (found.size < count) {
    const pair = [draw(), draw()] as const;
    if (pair[0] !== pair[1]) found.set(pair.join(' '), pair);
  }
  return [...found.values()];
}

/** Milliseconds until the whole answer is there. */
function timeOf(url: string, agent: Agent): Promise<number> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      response.resume().on('end', () => resolve(performance.now() - begun));
    });
    request.on('error', reject);
  });
}

/** A server starts the process of its page behind the line that says where it listens; a page may be made already. */
async function firstChildrenOf(pid: number | undefined): Promise<number[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const children = childrenOf(pid);
    if (children.length > 0) return children;
    await setTimeout(10);
  }
  return [];
}

function childrenOf(pid: number | undefined): number[] {
  const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  // One that is stopped before it runs a program of its own would have its parent wait for ever.
  const own = commandOf(pid);
  return ids.flatMap((id) => (id === '' || commandOf(Number(id)) === own ? [] : Number(id)));
}

function commandOf(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

/** Milliseconds of processor time that a process has taken, of Linux's clock ticks of 10 ms. */
function cpuOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
