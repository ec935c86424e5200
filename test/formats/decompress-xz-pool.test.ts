import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { XzPool } from '../../src/formats/decompress-xz-pool.ts';
import type { XzInput, XzJob } from '../../src/formats/xz-decoder.ts';
import { fixture, kernelTar } from './archives.ts';

const TIMEOUT = { timeout: 120_000 };

function poolOfOne(context: TestContext): { pool: XzPool; started: Promise<Worker> } {
  const pool = new XzPool(1);
  context.after(() => pool.close());
  const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
  return { pool, started };
}

function once(bytes: Uint8Array): XzInput {
  const parts = [new Uint8Array(bytes)];
  return async () => parts.shift();
}

/** An input that has been asked for bytes and never gives any. */
function silent() {
  let ask = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const input: XzInput = () => {
    ask();
    return new Promise(() => {});
  };
  return { asked, input };
}

async function readAll(job: XzJob): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let part = await job.next(); part; part = await job.next()) parts.push(new Uint8Array(part));
  return Buffer.concat(parts);
}

test(
  'a thread that dies at work fails its job, and the next job gets another one',
  TIMEOUT,
  async (context) => {
    const { pool, started } = poolOfOne(context);
    const { asked, input } = silent();
    const reading = assert.rejects(pool.start(input).next(), { message: 'decoder gone' });
    const next = readAll(pool.start(once(fixture('kernel.tar.xz'))));
    const worker = await started;
    await asked;
    await worker.terminate();
    await reading;
    assert.ok(kernelTar().equals(await next));
  },
);

test('a thread that dies idle is not given work', TIMEOUT, async (context) => {
  const { pool, started } = poolOfOne(context);
  await readAll(pool.start(once(fixture('kernel.tar.xz'))));
  const worker = await started;
  await worker.terminate();
  assert.ok(kernelTar().equals(await readAll(pool.start(once(fixture('kernel.tar.xz'))))));
});

test('closing ends a job that waits for its input', TIMEOUT, async (context) => {
  const { pool } = poolOfOne(context);
  const { asked, input } = silent();
  const reading = assert.rejects(pool.start(input).next(), { message: 'decoder closed' });
  await asked;
  await pool.close();
  await reading;
  await assert.rejects(pool.start(input).next(), { message: 'decoder closed' });
});
