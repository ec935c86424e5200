/*
 * Where there is a program `xz` or `zstd`, it decodes in half the time. It is only ever an attempt: when it cannot
 * be started threads do the work, and when it fails or is killed the archive looks damaged and is opened
 * anew with threads, which also find the words for what is wrong.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteSource } from '../bytes/byte-source.ts';
import { XZ_THREADS } from '../formats/decompress-xz.ts';
import { XzPool } from '../formats/decompress-xz-pool.ts';
import type { StreamFormat, XzDecoder, XzInput, XzJob } from '../formats/xz-decoder.ts';
import { onStop, pause } from '../work.ts';
import { FileJob, fitsFile } from './file-job.ts';
import type { ReadOptions } from './source.ts';
import { partsOf, unpackToFile } from './unpacked-file.ts';

/**
 * How many decoded bytes may wait to be read, per process: most of a block as `xz -T` makes them, so that
 * blocks are decoded side by side. In a large archive time goes elsewhere, and memory counts.
 */
const UNREAD_LIMIT = { small: 20 << 20, large: 8 << 20 };
/** Compressed bytes from which on an archive is large; packages of headers are a third of it. */
const LARGE_SIZE = 32 << 20;

/** Blocks of equal size on two processors: with a third under way neither is idle for long. */
const PROCESS_COUNT = 3;

type DecoderProcess = ChildProcessByStdio<Writable, Readable, null>;

/**
 * A decoder for one opening; it starts nothing before there is something to decode.
 * @param size compressed bytes, undefined where not known
 */
export function openDecoder({ xz }: Pick<ReadOptions, 'xz'>, size: number | undefined): XzDecoder {
  const threads = new XzPool(XZ_THREADS);
  if (xz === 'threads') return threads;
  const isSmall = size !== undefined && size < LARGE_SIZE;
  return new Programs(threads, isSmall ? UNREAD_LIMIT.small : UNREAD_LIMIT.large);
}

/** Decodes each stream with a process of its own, or with threads where there is no program. */
class Programs implements XzDecoder {
  readonly width = PROCESS_COUNT;
  readonly #threads: XzPool;
  readonly #unreadLimit: number;
  readonly #jobs = new Set<FileJob | ProgramJob>();
  /** Programs that could not be started; all of them once the decoder is closed. */
  readonly #missing = new Set<StreamFormat>();
  readonly #leave = onStop(() => this.#failAll());

  constructor(threads: XzPool, unreadLimit: number) {
    this.#threads = threads;
    this.#unreadLimit = unreadLimit;
  }

  start(input: XzInput, limit = Number.MAX_SAFE_INTEGER, format: StreamFormat = 'xz'): XzJob {
    const file =
      this.#missing.has(format) || !fitsFile(limit) ? undefined : this.#intoFile(input, limit, format);
    if (file) return file;
    const child = this.#missing.has(format) ? undefined : spawnProgram(format);
    if (child === undefined) {
      this.#missing.add(format);
      return this.#threads.start(input, limit, format);
    }
    const job = new ProgramJob(child, input, { limit, unreadLimit: this.#unreadLimit });
    this.#jobs.add(job);
    child.once('close', () => this.#jobs.delete(job));
    return job;
  }

  #intoFile(input: XzInput, limit: number, format: StreamFormat): FileJob | undefined {
    const onEnd = (ended: FileJob): void => void this.#jobs.delete(ended);
    const job = FileJob.start(format, input, { limit, onEnd });
    if (job) this.#jobs.add(job);
    return job;
  }

  async keep(input: XzInput, limit: number, format: StreamFormat): Promise<ByteSource | undefined> {
    return this.#missing.has(format) ? undefined : unpackToFile(format, input, limit);
  }

  async close(): Promise<void> {
    this.#missing.add('xz').add('zstd');
    this.#leave();
    this.#failAll();
    await this.#threads.close();
  }

  #failAll(): void {
    for (const job of this.#jobs) job.fail();
  }
}

/** One process: fed at its own pace, its output kept until it is read. */
class ProgramJob implements XzJob {
  readonly areChunksLasting = true;
  readonly #child: DecoderProcess;
  readonly #unreadLimit: number;
  readonly #chunks: Buffer[] = [];
  #unread = 0;
  #room: number;
  #state: 'running' | 'done' | 'failed' = 'running';
  #wake: (() => void) | undefined;

  constructor(
    child: DecoderProcess,
    input: XzInput,
    { limit, unreadLimit }: { limit: number; unreadLimit: number },
  ) {
    this.#child = child;
    this.#room = limit;
    this.#unreadLimit = unreadLimit;
    child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    child.stdout.on('error', () => this.fail());
    child.on('error', () => this.fail());
    child.on('close', (code) => this.#end(code === 0 ? 'done' : 'failed'));
    // Where this fails the stream is cut short for the program, and its exit code says what that means.
    pipeline(Readable.from(partsOf(input), { objectMode: false }), child.stdin).catch(() => {});
  }

  async next(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && this.#state === 'running') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    pause();
    const chunk = this.#chunks.shift();
    this.#unread -= chunk?.byteLength ?? 0;
    if (this.#unread < this.#unreadLimit && this.#child.stdout.isPaused()) this.#child.stdout.resume();
    if (chunk === undefined && this.#state === 'failed') throw new Error(`${this.#child.spawnfile} failed`);
    return chunk;
  }

  cancel(): void {
    this.#chunks.length = 0;
    this.#end('done');
  }

  /** Ends the process; what is unread is gone. */
  fail(): void {
    this.#chunks.length = 0;
    this.#end('failed');
  }

  #receive(chunk: Buffer): void {
    if (this.#state !== 'running') return;
    const wanted = chunk.subarray(0, this.#room);
    this.#room -= wanted.byteLength;
    this.#chunks.push(wanted);
    this.#unread += wanted.byteLength;
    if (this.#room === 0) this.#end('done');
    else if (this.#unread >= this.#unreadLimit) this.#child.stdout.pause();
    this.#wake?.();
  }

  /** The first reason counts. Whatever the process does, nothing waits for it from now on. */
  #end(state: 'done' | 'failed'): void {
    if (this.#state === 'running') this.#state = state;
    this.#child.kill('SIGKILL');
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#wake?.();
  }
}

/** A process, undefined where none can be started. */
function spawnProgram(format: StreamFormat): DecoderProcess | undefined {
  try {
    const child = spawn(format, ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', () => {});
    return child.pid === undefined ? undefined : child;
  } catch {
    return undefined;
  }
}
