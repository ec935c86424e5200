import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { readRange } from '../../src/bytes/byte-source.ts';
import type { XzInput } from '../../src/formats/xz-decoder.ts';
import { unpackToFile } from '../../src/sources/unpacked-file.ts';
import { isUnpacked } from '../../src/sources/unpacking.ts';
import { working } from '../../src/work.ts';
import { hasProgram } from '../formats/kernel-image-fixture.ts';

const ZSTD = { skip: !hasProgram('zstd') && 'no program zstd' };
const TEXT = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join(''));
const PACKED = hasProgram('zstd') ? spawnSync('zstd', ['-qc'], { input: TEXT }).stdout : Buffer.alloc(0);

/** A stream in parts, as a source gives them. */
function inputOf(bytes: Uint8Array): XzInput {
  let at = 0;
  return async () => {
    if (at >= bytes.byteLength) return undefined;
    const part = new Uint8Array(bytes.subarray(at, at + 10_000));
    at += part.byteLength;
    return part;
  };
}

/** Files without a name that this process holds open. */
function namelessFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return /luo-abi-\w+ \(deleted\)$/.test(target) ? [target] : [];
    } catch {
      return [];
    }
  });
}

test('any place of what was unpacked can be read, and the file has no name', ZSTD, async () => {
  const kept = await unpackToFile('zstd', inputOf(PACKED), TEXT.byteLength);
  assert.ok(kept);
  assert.equal(kept.size, TEXT.byteLength);
  assert.ok(TEXT.subarray(300_000, 300_100).equals(await readRange(kept, 300_000, 100)));
  assert.ok(TEXT.subarray(5, 9).equals(await readRange(kept, 5, 4)));
  assert.equal(namelessFiles().length, 1);
  await kept.close();
  assert.deepEqual(namelessFiles(), []);
});

test('more than the limit, and what is damaged, is refused, and nothing stays open', ZSTD, async () => {
  const tooMuch = unpackToFile('zstd', inputOf(PACKED), TEXT.byteLength - 1);
  await assert.rejects(tooMuch, { code: 'ARCHIVE_CORRUPT', message: /more than \d+ bytes/ });
  const cut = unpackToFile('zstd', inputOf(PACKED.subarray(0, -5)), TEXT.byteLength);
  await assert.rejects(cut, /zstd failed/);
  assert.deepEqual(namelessFiles(), []);
});

test('a signal that is aborted ends the program, and nothing stays open', ZSTD, async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  // So much that the program is at work yet when it is stopped.
  const times = 200;
  const long = Buffer.concat(Array.from({ length: times }, () => PACKED));
  const unpacking = working({ signal: controller.signal }, () =>
    unpackToFile('zstd', inputOf(long), times * TEXT.byteLength),
  );
  assert.ok(await isUnpacked(unpacking));
  controller.abort(reason);
  await assert.rejects(unpacking, (error) => error === reason);
  assert.deepEqual(namelessFiles(), []);
  assert.ok(!process.getActiveResourcesInfo().includes('ProcessWrap'));
});

test('where there is no such program there is nothing', async (context) => {
  const { PATH } = process.env;
  context.after(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = '/nowhere';
  assert.equal(await unpackToFile('zstd', inputOf(PACKED), TEXT.byteLength), undefined);
  assert.deepEqual(namelessFiles(), []);
});
