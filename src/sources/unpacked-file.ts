/*
 * What a program unpacks, as a file without a name: the system keeps the bytes, this process takes those that it wants, and
 * nothing is left behind however it ends. Of a kernel's 64 MB a capture reads a third.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { constants, type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { tooLarge } from '../formats/forward-source.ts';
import type { StreamFormat, XzInput } from '../formats/xz-decoder.ts';
import { onStop, pause } from '../work.ts';
import { FileSource } from './file-source.ts';
import { SpareMemory } from './spare-memory.ts';
import { tellUnpacking } from './unpacking.ts';

/** Where a file stays in memory, and where there is no such place. */
const FOLDERS = ['/dev/shm', tmpdir()];
/** Milliseconds between two looks at how large the file has become: a bomb is stopped some tens of MB behind its limit. */
const WATCH_INTERVAL = 20;
/** What is read of a kernel, as a multiple of its packed size: its data and its types, and somewhat more. */
const READ_SHARE = 1.5;

/**
 * The bytes of a stream, unpacked by the program of its format; close it. Undefined where the program or a place for the file
 * is not there. Throws ARCHIVE_CORRUPT beyond the limit, an Error where the program fails.
 */
export async function unpackToFile(
  format: StreamFormat,
  input: XzInput,
  limit: number,
): Promise<ByteSource | undefined> {
  const file = await openNameless();
  if (!file) return undefined;
  try {
    const spare = new SpareMemory();
    const isThere = await unpackInto(file, {
      format,
      input,
      limit,
      meanwhile: (size) => void spare.touch(READ_SHARE * size),
    });
    spare.stop();
    if (isThere) return new FileSource(file, (await file.stat()).size, format, spare);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}

async function openNameless(): Promise<FileHandle | undefined> {
  for (const folder of FOLDERS) {
    const path = join(folder, `luo-abi-${randomBytes(8).toString('hex')}`);
    try {
      const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
      await unlink(path);
      return file;
    } catch {}
  }
  return undefined;
}

interface Unpacking {
  format: StreamFormat;
  input: XzInput;
  limit: number;
  /** Hears how many bytes there are to unpack, when the program is at work. */
  meanwhile(size: number): void;
}

/** False where there is no such program. It has all of its input in a file of its own, and waits for nobody. */
async function unpackInto(
  file: FileHandle,
  { format, input, limit, meanwhile }: Unpacking,
): Promise<boolean> {
  const packed = await fileOf(input);
  if (!packed) return false;
  const child = spawn(format, ['-dc'], { stdio: [packed.fd, file.fd, 'ignore'] });
  const ended = once(child, 'close').catch(() => [undefined]);
  const { size } = await packed.stat();
  await packed.close();
  if (child.pid === undefined) {
    await ended;
    return false;
  }
  tellUnpacking();
  meanwhile(size);
  const leave = onStop(() => child.kill('SIGKILL'));
  let isTooLarge = false;
  const watch = setInterval(async () => {
    const { size } = await file.stat();
    isTooLarge ||= size > limit;
    if (isTooLarge) child.kill('SIGKILL');
  }, WATCH_INTERVAL);
  try {
    const [code] = await ended;
    pause();
    if (isTooLarge || (await file.stat()).size > limit) throw tooLarge(limit);
    if (code !== 0) throw new Error(`${format} failed`);
    return true;
  } finally {
    clearInterval(watch);
    leave();
  }
}

/** An input as a file that is read from its begin; undefined where there is no room for it, or it cannot be read. */
async function fileOf(input: XzInput): Promise<FileHandle | undefined> {
  const file = await openNameless();
  if (!file) return undefined;
  let size = 0;
  try {
    for await (const part of partsOf(input)) {
      await file.write(part, 0, part.byteLength, size);
      size += part.byteLength;
    }
    return file;
  } catch {
    await file.close();
    return undefined;
  }
}

/** The parts of an input, one after the other. */
export async function* partsOf(input: XzInput): AsyncGenerator<Uint8Array> {
  for (let part = await input(); part !== undefined; part = await input()) yield part;
}
