import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { XzInput, XzJob } from '../../src/formats/xz-decoder.ts';
import { FileJob, fitsFile } from '../../src/sources/file-job.ts';

// Streams that a program decodes into a file in memory.

const SIZE = 3 << 20;
const isThere = fitsFile(SIZE) && spawnSync('xz', ['--version']).status === 0;

const plain = Buffer.from(
  Array.from({ length: SIZE / 16 }, (_, at) => String(at).padStart(16, '.')).join(''),
);
const packed = (): Buffer => spawnSync('xz', ['-c0'], { input: plain, maxBuffer: SIZE * 2 }).stdout;

function inputOf(bytes: Buffer): XzInput {
  const parts = [bytes.subarray(0, 1000), bytes.subarray(1000)].map((part) => new Uint8Array(part));
  return async () => parts.shift();
}

function start(bytes: Buffer, limit: number): FileJob {
  const job = FileJob.start('xz', inputOf(bytes), { limit, onEnd: () => {} });
  assert.ok(job);
  return job;
}

async function all(job: XzJob): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let part = await job.next(); part; part = await job.next()) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** Files of such jobs that this process holds open. */
function held(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('/luo-abi-');
    } catch {
      return false;
    }
  }).length;
}

describe('a stream that is decoded into a file', {
  skip: isThere ? false : 'no program xz, or no room',
}, () => {
  test('is given to the byte, and nothing is held behind it', async () => {
    assert.deepEqual(await all(start(packed(), SIZE + 1)), plain);
    assert.equal(held(), 0);
  });

  test('fails where it is damaged, cut short, or longer than was said', async () => {
    const damaged = packed();
    damaged.fill(0x55, damaged.byteLength / 2, damaged.byteLength / 2 + 64);
    const cases = [
      [damaged, SIZE + 1],
      [packed().subarray(0, 4000), SIZE + 1],
      [packed(), SIZE - 1],
    ] as const;
    for (const [bytes, limit] of cases) await assert.rejects(all(start(bytes, limit)), /xz failed/);
    assert.equal(held(), 0);
  });

  test('can be given up at any time', async () => {
    const early = start(packed(), SIZE + 1);
    early.cancel();
    assert.equal(held(), 0);
    const late = start(packed(), SIZE + 1);
    assert.ok(await late.next());
    late.cancel();
    assert.equal(await late.next().catch(() => undefined), undefined);
    assert.equal(held(), 0);
  });
});

test('what is small, very large, or of unknown size goes through a pipe', () => {
  for (const limit of [512 << 10, 1 << 30, Number.MAX_SAFE_INTEGER]) assert.equal(fitsFile(limit), false);
});
