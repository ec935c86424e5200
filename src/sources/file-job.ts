/*
 * A stream that a program decodes into a file without a name, which is read when the program is done. A program writes some
 * 8 KB at a time: through a pipe each of them costs both sides a call, and this process a buffer of its own. For streams of
 * a known size that a file in memory has room for.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, statfsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StreamFormat, XzInput, XzJob } from '../formats/xz-decoder.ts';
import { pause } from '../work.ts';
import { partsOf } from './unpacked-file.ts';

/** Where files stay in memory; elsewhere a pipe is as good. */
const FOLDER = '/dev/shm';
/** Bytes that must be free there: several streams of the largest size, and something left for others. */
const ROOM = 512 << 20;
/** Decoded bytes of a stream: for fewer a file is not worth it, for more it takes too much. */
const SIZES = { least: 2 << 20, most: 65 << 20 };
const CHUNK_SIZE = 1 << 20;
/** Milliseconds between two looks at how large the file has become. */
const WATCH_INTERVAL = 20;

type DecoderProcess = ChildProcessByStdio<Writable, null, null>;

/** Whether a stream of at most so many bytes is decoded into a file. */
export function fitsFile(limit: number): boolean {
  return limit >= SIZES.least && limit <= SIZES.most && hasRoom();
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(FOLDER);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}

/** One stream that is decoded as a whole before its first byte is given. */
export class FileJob implements XzJob {
  readonly #child: DecoderProcess;
  readonly #ended: Promise<void>;
  readonly #limit: number;
  #file: number | undefined;
  #hasFailed = false;
  #position = 0;
  #chunk: Buffer | undefined;

  /** Undefined where the program or the file cannot be had. */
  static start(
    format: StreamFormat,
    input: XzInput,
    { limit, onEnd }: { limit: number; onEnd(job: FileJob): void },
  ): FileJob | undefined {
    const file = openNameless();
    if (file === undefined) return undefined;
    const child = spawnInto(format, file);
    if (child) return new FileJob(child, file, { input, limit, onEnd });
    closeSync(file);
    return undefined;
  }

  private constructor(
    child: DecoderProcess,
    file: number,
    { input, limit, onEnd }: { input: XzInput; limit: number; onEnd(job: FileJob): void },
  ) {
    this.#child = child;
    this.#file = file;
    this.#limit = limit;
    const watch = setInterval(() => this.#look(), WATCH_INTERVAL);
    this.#ended = new Promise((resolve) => {
      child.once('close', (code) => {
        clearInterval(watch);
        this.#look();
        this.#hasFailed ||= code !== 0;
        onEnd(this);
        resolve();
      });
    });
    // Where this fails the stream is cut short for the program, and its exit code says what that means.
    pipeline(Readable.from(partsOf(input), { objectMode: false }), child.stdin).catch(() => {});
  }

  async next(): Promise<Uint8Array | undefined> {
    await this.#ended;
    pause();
    if (this.#hasFailed) {
      this.#close();
      throw new Error(`${this.#child.spawnfile} failed`);
    }
    if (this.#file === undefined) return undefined;
    this.#chunk ??= Buffer.allocUnsafeSlow(CHUNK_SIZE);
    const length = readSync(this.#file, this.#chunk, 0, CHUNK_SIZE, this.#position);
    this.#position += length;
    if (length > 0) return this.#chunk.subarray(0, length);
    this.#close();
    return undefined;
  }

  cancel(): void {
    this.#child.kill('SIGKILL');
    this.#child.stdin.destroy();
    this.#close();
  }

  /** Ends the process; what is unread is gone. */
  fail(): void {
    this.#hasFailed = true;
    this.cancel();
  }

  /** A stream that decodes to more than was said is damaged, or made to fill the machine. */
  #look(): void {
    if (this.#file !== undefined && fstatSync(this.#file).size > this.#limit) this.fail();
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function openNameless(): number | undefined {
  const path = join(FOLDER, `luo-abi-${randomBytes(8).toString('hex')}`);
  try {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    unlinkSync(path);
    return file;
  } catch {
    return undefined;
  }
}

function spawnInto(format: StreamFormat, file: number): DecoderProcess | undefined {
  try {
    const child = spawn(format, ['-dc'], { stdio: ['pipe', file, 'ignore'] });
    child.on('error', () => {});
    return child.pid === undefined || child.stdin === null ? undefined : (child as DecoderProcess);
  } catch {
    return undefined;
  }
}
