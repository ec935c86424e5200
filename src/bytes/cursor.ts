import { type ErrorCode, ToolError } from '../errors.ts';

/** How a cursor reads and what it says when the bytes run out. */
export interface CursorOptions {
  /** What is being read, for messages: 'xz index', 'ELF section header'. */
  label: string;
  /** The code of the error when a read would leave the buffer. */
  code: ErrorCode;
  /** Byte order of multi-byte numbers; little endian unless said otherwise. */
  bigEndian?: boolean;
  /** Added to the offset in messages and details: where the buffer begins in what it was cut from. */
  base?: number;
}

/**
 * Reads numbers and slices from a buffer, one after the other; never reads outside of it.
 * Offsets are bytes from the start of the buffer. Every read that does not fit throws a ToolError
 * with the cursor's code and the offset, and leaves the cursor where it was.
 */
export class Cursor {
  readonly length: number;
  readonly bigEndian: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #label: string;
  readonly #code: ErrorCode;
  readonly #base: number;
  #offset = 0;

  constructor(bytes: Uint8Array, options: CursorOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.byteLength;
    this.bigEndian = options.bigEndian ?? false;
    this.#label = options.label;
    this.#code = options.code;
    this.#base = options.base ?? 0;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), !this.bigEndian);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), !this.bigEndian);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), !this.bigEndian);
  }

  /** The next `length` bytes as a view, not a copy. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** Moves to an offset from the start of the buffer; its end is allowed. */
  seek(offset: number): void {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > this.length) {
      throw this.fail(`no offset ${offset} in ${this.length} bytes`);
    }
    this.#offset = offset;
  }

  /** An error of this cursor's code at its present offset, for the caller to throw. */
  fail(message: string): ToolError {
    const offset = this.#base + this.#offset;
    return new ToolError(this.#code, `${this.#label}: ${message} at offset ${offset}`, { offset });
  }

  #advance(length: number): number {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.remaining) {
      throw this.fail(`${length} bytes expected, ${this.remaining} left`);
    }
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}
