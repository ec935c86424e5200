/*
 * A thread that decodes one .xz or .zst stream at a time. Plain JavaScript, for a thread is started from a file
 * and must start the same from the sources and from a bundle: the build copies this file, as it is,
 * next to every bundle that holds decompress-xz-pool.
 *
 * in   { kind: 'start', job, limit, format }   decode 'xz' or 'zstd', at most `limit` bytes
 *      { kind: 'input', job, bytes }     the next part of the stream; without bytes: there is no more
 *      { kind: 'recycle', job, buffer }  an output buffer that has been read
 *      { kind: 'cancel', job }           no more output of this job
 * out  { kind: 'need', job }             asks for one 'input'
 *      { kind: 'output', job, buffer, length }
 *      { kind: 'end', job, failure? }    always the last of a job
 */
import { parentPort } from 'node:worker_threads';

/** Bytes of an output buffer. */
const BUFFER_SIZE = 1 << 20;
/** How many buffers a job may have filled and not got back: most of a block as `xz -T` makes them. */
const BUFFER_COUNT = 20;
/** How many unused ones are kept. */
const SPARE_COUNT = 4;
/** Errors of zstd are the negatives of small numbers (ZSTD_error_maxCode is 120). */
const ZSTD_FAILED = 0xffffffff - 120;

const nowhere = new MessageChannel().port1;
nowhere.close();

const spareBuffers = [];
let job;

parentPort.on('message', (message) => {
  if (message.kind === 'start') {
    job = { id: message.job, unread: 0, isCancelled: false };
    run(job, message);
  } else if (message.kind === 'recycle') {
    if (spareBuffers.length < SPARE_COUNT) spareBuffers.push(message.buffer);
    if (message.job === job?.id) {
      job.unread--;
      job.onRecycle?.();
    }
  } else if (message.job === job?.id) {
    if (message.kind === 'input') job.onInput?.(message.bytes);
    else {
      job.isCancelled = true;
      job.onRecycle?.();
      job.onInput?.(undefined);
    }
  }
});

async function run(job, { limit, format }) {
  let failure;
  try {
    await (format === 'zstd' ? decodeZstd(job, limit) : decodeXz(job, limit));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  parentPort.postMessage({ kind: 'end', job: job.id, failure });
}

async function decodeXz(job, limit) {
  const { default: xz } = await import('xz-decompress');
  const reader = new xz.XzReadableStream(inputStream(job)).getReader();
  const output = new Output(job, limit);
  let isDone = false;
  try {
    while (!isDone && !job.isCancelled && output.room > 0) {
      const { done, value } = await reader.read();
      isDone = done;
      if (value !== undefined) {
        await output.add(value);
        free(value.buffer);
      }
    }
  } finally {
    output.flush();
    // The library frees its decoder only when the stream ends, fails or is cancelled.
    if (!isDone) await reader.cancel().catch(() => {});
  }
}

/**
 * Gives up the memory of a buffer at once: it goes to where nobody listens. The collector would let some
 * hundred megabytes of what the library hands out pile up first.
 */
function free(buffer) {
  nowhere.postMessage(undefined, [buffer]);
}

/**
 * The package's own loop ends neither on an error nor on a cut, so its functions are called one by one.
 * Buffers of theirs are { address, size, position }, 32 bits each.
 */
async function decodeZstd(job, limit) {
  const zstd = await loadZstd();
  const output = new Output(job, limit);
  const inputSize = zstd.ZSTD_DStreamInSize();
  const outputSize = zstd.ZSTD_DStreamOutSize();
  const context = zstd.ZSTD_createDCtx();
  const [input, from, into, to] = [inputSize, 12, outputSize, 12].map((size) => zstd.malloc(size));
  const set = (at, values) => new Uint32Array(zstd.memory.buffer, at, 3).set(values);
  const position = (at) => new DataView(zstd.memory.buffer).getUint32(at + 8, true);
  // What the last call still expects: 0 where a frame ended.
  let missing = 1;
  try {
    for (let bytes = await nextInput(job); bytes !== undefined; bytes = await nextInput(job)) {
      for (let start = 0; start < bytes.byteLength; start += inputSize) {
        const part = bytes.subarray(start, start + inputSize);
        new Uint8Array(zstd.memory.buffer).set(part, input);
        set(from, [input, part.byteLength, 0]);
        let isFull = false;
        while (position(from) < part.byteLength || (isFull && missing !== 0)) {
          set(to, [into, outputSize, 0]);
          missing = zstd.ZSTD_decompressStream(context, to, from) >>> 0;
          if (missing > ZSTD_FAILED) throw new Error('zstd failed');
          isFull = position(to) === outputSize;
          await output.add(new Uint8Array(zstd.memory.buffer, into, position(to)));
          if (job.isCancelled || output.room === 0) return;
        }
      }
    }
    if (missing !== 0) throw new Error('zstd cut short');
  } finally {
    output.flush();
    zstd.ZSTD_freeDCtx(context);
    for (const address of [input, from, into, to]) zstd.free(address);
  }
}

let zstdLoading;

/** The functions of the WASM module, which the package keeps to itself but for this hook. */
function loadZstd() {
  zstdLoading ??= import('zstddec/stream').then(async ({ ZSTDDecoder }) => {
    let exported;
    class Decoder extends ZSTDDecoder {
      _init(result) {
        exported = result.instance.exports;
        super._init(result);
      }
    }
    await new Decoder().init();
    return exported;
  });
  return zstdLoading;
}

/** Asks the other side for the next part; undefined at the end. */
function nextInput(job) {
  if (job.isCancelled) return undefined;
  parentPort.postMessage({ kind: 'need', job: job.id });
  return new Promise((resolve) => {
    job.onInput = resolve;
  });
}

/** The parts that the other side sends, as a web stream. */
function inputStream(job) {
  return new ReadableStream(
    {
      async pull(controller) {
        if (job.isCancelled) return controller.close();
        const bytes = await nextInput(job);
        if (bytes === undefined) controller.close();
        else controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Gathers what the library gives (64 KiB at a time) into larger buffers and sends these off. */
class Output {
  constructor(job, limit) {
    this.job = job;
    this.room = limit;
    this.bytes = undefined;
    this.length = 0;
  }

  async add(value) {
    let rest = value.subarray(0, this.room);
    this.room -= rest.byteLength;
    while (rest.byteLength > 0) {
      this.bytes ??= new Uint8Array(spareBuffers.pop() ?? new ArrayBuffer(BUFFER_SIZE));
      const part = rest.subarray(0, BUFFER_SIZE - this.length);
      this.bytes.set(part, this.length);
      this.length += part.byteLength;
      rest = rest.subarray(part.byteLength);
      if (this.length === BUFFER_SIZE) await this.send();
    }
  }

  async send() {
    this.flush();
    // Lets messages in, which decoding alone never would, and waits while too much is unread.
    await new Promise(setImmediate);
    while (this.job.unread >= BUFFER_COUNT && !this.job.isCancelled) {
      await new Promise((resolve) => {
        this.job.onRecycle = resolve;
      });
    }
  }

  flush() {
    if (this.length === 0 || this.job.isCancelled) return;
    const { buffer } = this.bytes;
    const message = { kind: 'output', job: this.job.id, buffer, length: this.length };
    parentPort.postMessage(message, [buffer]);
    this.job.unread++;
    this.bytes = undefined;
    this.length = 0;
  }
}
