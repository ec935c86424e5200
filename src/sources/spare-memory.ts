import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

const STEP = 1 << 20;
const PAGE = 4096;
/** Bytes; a file that says it is larger than any kernel takes no more. */
const MOST = 32 << 20;

/** Of what the system itself touches memory with. */
const ZERO = '/dev/zero';

/**
 * Memory that is touched while there is time, for buffers that are needed when there is none: the first touch of a page costs
 * many times what filling it does. It is touched by the system, which reads files into it, and by this process: in a virtual
 * machine without page tables in hardware each has its own first touch.
 */
export class SpareMemory {
  #memory: Buffer<ArrayBuffer> = Buffer.alloc(0);
  /** Bytes that were touched. */
  #touched = 0;
  #taken = 0;
  #isStopped = false;

  /** Touches about so many bytes, a part at a time, until it is stopped. */
  async touch(wanted: number): Promise<void> {
    const size = Math.min(MOST, Math.ceil(wanted));
    this.#memory = Buffer.allocUnsafeSlow(size);
    const zero = openZero();
    while (!this.#isStopped && this.#touched < size) {
      const end = Math.min(size, this.#touched + STEP);
      if (zero !== undefined) readSync(zero, this.#memory, this.#touched, end - this.#touched, null);
      for (let at = this.#touched; at < end; at += PAGE) this.#memory[at] = 0;
      this.#touched = end;
      await setImmediate();
    }
    if (zero !== undefined) closeSync(zero);
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** A buffer for its taker alone, of any content; fresh where nothing that was touched is left for it. */
  take(size: number): Buffer<ArrayBuffer> {
    const start = this.#taken;
    if (start + size > this.#touched) return Buffer.allocUnsafeSlow(size);
    // Views of wider elements must begin at a multiple of their size.
    this.#taken = Math.ceil((start + size) / 8) * 8;
    return this.#memory.subarray(start, start + size);
  }
}

/** Undefined where there is no such file. */
function openZero(): number | undefined {
  try {
    return openSync(ZERO, 'r');
  } catch {
    return undefined;
  }
}
