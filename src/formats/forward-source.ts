import type { ByteSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';

/** Where a forward-only source gets its bytes. */
export interface ChunkInput {
  /** The next bytes, good until the next call; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** True when the bytes stay good after that. */
  areChunksLasting?: boolean;
  close(): Promise<void>;
}

/** A ByteSource over something that can only be read once, from front to back. */
export class ForwardSource implements ByteSource {
  readonly starts = [];
  readonly isStateless = false;
  /** True when what `at` gives stays good. */
  readonly areChunksLasting: boolean;
  readonly #input: ChunkInput;
  readonly #limit: number;
  #chunk: Uint8Array = new Uint8Array();
  #chunkOffset = 0;
  #size: number | undefined;

  /** @param limit more bytes than this are ARCHIVE_CORRUPT: a decompression bomb */
  constructor(input: ChunkInput, limit: number) {
    this.#input = input;
    this.areChunksLasting = input.areChunksLasting ?? false;
    this.#limit = limit;
  }

  get size(): number | undefined {
    return this.#size;
  }

  async at(offset: number): Promise<Uint8Array> {
    if (offset < this.#chunkOffset) throw new ToolError('INTERNAL', `cannot go back to ${offset}`);
    while (offset >= this.#chunkOffset + this.#chunk.byteLength && this.#size === undefined) {
      this.#chunkOffset += this.#chunk.byteLength;
      this.#chunk = (await this.#input.next()) ?? new Uint8Array();
      const end = this.#chunkOffset + this.#chunk.byteLength;
      if (this.#chunk.byteLength === 0) this.#size = end;
      if (end > this.#limit) throw tooLarge(this.#limit);
    }
    return this.#chunk.subarray(offset - this.#chunkOffset);
  }

  async peek(): Promise<Uint8Array> {
    return new Uint8Array();
  }

  expect(): void {}

  async close(): Promise<void> {
    await this.#input.close();
  }
}

/** The error for more decompressed bytes than `limit`. */
export function tooLarge(limit: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `more than ${limit} bytes when decompressed`);
}
