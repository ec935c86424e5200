import { Worker } from 'node:worker_threads';
import type { StreamFormat, XzDecoder, XzInput, XzJob } from './xz-decoder.ts';

type FromWorker =
  | { kind: 'need'; job: number }
  | { kind: 'output'; job: number; buffer: ArrayBuffer; length: number }
  | { kind: 'end'; job: number; failure?: string };

/** One stream being decoded in a thread. */
class ThreadJob implements XzJob {
  readonly id: number;
  readonly input: XzInput;
  readonly limit: number;
  readonly format: StreamFormat;
  #worker: Worker | undefined;
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #lent: ArrayBuffer | undefined;
  #isEnded = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(id: number, input: XzInput, { limit, format }: { limit: number; format: StreamFormat }) {
    this.id = id;
    this.input = input;
    this.limit = limit;
    this.format = format;
  }

  async next(): Promise<Uint8Array | undefined> {
    this.#recycle();
    while (this.#chunks.length === 0 && !this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#lent = chunk.buffer;
    else if (this.#failure !== undefined) throw this.#failure;
    return chunk;
  }

  /** The thread takes the next job when it has noticed. */
  cancel(): void {
    this.#recycle();
    this.#chunks.length = 0;
    if (this.#worker === undefined) this.end();
    else this.#worker.postMessage({ kind: 'cancel', job: this.id });
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** For the pool: the thread that decodes this job from now on. */
  begin(worker: Worker): void {
    this.#worker = worker;
    worker.postMessage({ kind: 'start', job: this.id, limit: this.limit, format: this.format });
  }

  /** For the pool: a message about this job. */
  receive(message: FromWorker): void {
    if (message.kind === 'need') void this.#feed();
    else if (message.kind === 'output') {
      this.#chunks.push(new Uint8Array(message.buffer, 0, message.length));
      this.#wake?.();
    } else this.end(message.failure === undefined ? undefined : new Error(message.failure));
  }

  /** For the pool: nothing more comes. The first reason counts. */
  end(failure?: unknown): void {
    if (!this.#isEnded) this.#failure ??= failure;
    this.#isEnded = true;
    this.#worker = undefined;
    this.#wake?.();
  }

  async #feed(): Promise<void> {
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    try {
      bytes = await this.input();
    } catch (error) {
      this.#failure = error;
    }
    // What goes over to the thread is the whole of a buffer, which may be part of one that others read.
    if (bytes && bytes.byteLength !== bytes.buffer.byteLength) bytes = bytes.slice();
    const message = { kind: 'input', job: this.id, bytes };
    this.#worker?.postMessage(message, bytes === undefined ? [] : [bytes.buffer]);
  }

  #recycle(): void {
    const buffer = this.#lent;
    if (buffer === undefined) return;
    this.#lent = undefined;
    this.#worker?.postMessage({ kind: 'recycle', job: this.id, buffer }, [buffer]);
  }
}

/**
 * Threads that decode .xz and .zst streams, one job each at a time; further jobs wait. Threads are started when
 * first needed, from decompress-xz-worker.mjs beside this module (or beside the bundle it is in).
 */
export class XzPool implements XzDecoder {
  readonly width: number;
  readonly #idle: Worker[] = [];
  readonly #runningByWorker = new Map<Worker, ThreadJob | undefined>();
  readonly #waiting: ThreadJob[] = [];
  #jobCount = 0;
  #isClosed = false;

  /** @param width the most threads that run at once */
  constructor(width: number) {
    this.width = width;
  }

  start(input: XzInput, limit = Number.MAX_SAFE_INTEGER, format: StreamFormat = 'xz'): XzJob {
    const job = new ThreadJob(this.#jobCount++, input, { limit, format });
    if (this.#isClosed) job.end(new Error('decoder closed'));
    else this.#waiting.push(job);
    this.#dispatch();
    return job;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const workers = [...this.#runningByWorker.keys()];
    for (const job of [...this.#waiting, ...this.#runningByWorker.values()]) {
      job?.end(new Error('decoder closed'));
    }
    this.#waiting.length = 0;
    this.#runningByWorker.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#spawn();
      if (worker === undefined) return;
      const job = this.#nextWaiting();
      if (job === undefined) {
        this.#idle.push(worker);
        return;
      }
      this.#runningByWorker.set(worker, job);
      job.begin(worker);
    }
  }

  #nextWaiting(): ThreadJob | undefined {
    let job = this.#waiting.shift();
    while (job?.isEnded) job = this.#waiting.shift();
    return job;
  }

  #spawn(): Worker | undefined {
    if (this.#runningByWorker.size >= this.width) return undefined;
    // No execArgv: the file needs no loader, and loading one takes longer than most decoding.
    const worker = new Worker(new URL('./decompress-xz-worker.mjs', import.meta.url), {
      execArgv: [],
    });
    this.#runningByWorker.set(worker, undefined);
    worker.on('message', (message: FromWorker) => this.#receive(worker, message));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('messageerror', (error) => this.#lose(worker, error));
    // A thread that ends without an error would leave its reader waiting for ever.
    worker.on('exit', () => this.#lose(worker, new Error('decoder gone')));
    return worker;
  }

  #receive(worker: Worker, message: FromWorker): void {
    const job = this.#runningByWorker.get(worker);
    if (job === undefined || job.id !== message.job) return;
    job.receive(message);
    if (message.kind !== 'end') return;
    this.#runningByWorker.set(worker, undefined);
    this.#idle.push(worker);
    this.#dispatch();
  }

  #lose(worker: Worker, error: unknown): void {
    const job = this.#runningByWorker.get(worker);
    if (!this.#runningByWorker.delete(worker)) return;
    const idle = this.#idle.indexOf(worker);
    if (idle !== -1) this.#idle.splice(idle, 1);
    void worker.terminate();
    job?.end(error);
    this.#dispatch();
  }
}
