/*
 * A thread that decodes one .xz stream at a time. Plain JavaScript, for a thread is started from a file
 * and must start the same from the sources and from a bundle: the build copies this file, as it is,
 * next to every bundle that holds decompress-xz-pool.
 *
 * in   { kind: 'start', job, limit }     decode, at most `limit` bytes
 *      { kind: 'input', job, bytes }     the next part of the stream; without bytes: there is no more
 *      { kind: 'recycle', job, buffer }  an output buffer that has been read
 *      { kind: 'cancel', job }           no more output of this job
 * out  { kind: 'need', job }             asks for one 'input'
 *      { kind: 'output', job, buffer, length }
 *      { kind: 'end', job, failure? }    always the last of a job
 */
import { parentPort } from 'node:worker_threads';
import xz from 'xz-decompress';

/** Bytes of an output buffer. */
const BUFFER_SIZE = 1 << 20;
/** How many buffers a job may have filled and not got back: most of a block as `xz -T` makes them. */
const BUFFER_COUNT = 20;
/** How many unused ones are kept. */
const SPARE_COUNT = 4;

const nowhere = new MessageChannel().port1;
nowhere.close();

const spareBuffers = [];
let job;

parentPort.on('message', (message) => {
  if (message.kind === 'start') {
    job = { id: message.job, unread: 0, isCancelled: false };
    run(job, message.limit);
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

async function run(job, limit) {
  let failure;
  try {
    await decode(job, limit);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  parentPort.postMessage({ kind: 'end', job: job.id, failure });
}

async function decode(job, limit) {
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

/** The parts that the other side sends, as a web stream; asks for each one. */
function inputStream(job) {
  return new ReadableStream(
    {
      async pull(controller) {
        if (job.isCancelled) return controller.close();
        parentPort.postMessage({ kind: 'need', job: job.id });
        const bytes = await new Promise((resolve) => {
          job.onInput = resolve;
        });
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
