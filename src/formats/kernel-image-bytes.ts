import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { ForwardSource, tooLarge } from './forward-source.ts';

/** Largest image or section after decompression, in bytes; a kernel with debug information can be near it. */
export const IMAGE_LIMIT = 1 << 30;
/**
 * And the most for a compressed size: kernels compress to a fourth or a sixth, so 20-fold is a bomb, but for
 * small ones, which cost nothing.
 */
const GROWTH = { factor: 20, free: 16 << 20 };

/** What this many compressed bytes may become. */
export function growthLimit(compressedSize: number): number {
  return Math.min(IMAGE_LIMIT, GROWTH.free + GROWTH.factor * compressedSize);
}

/** Bytes in memory as a ByteSource. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    starts: [0],
    isStateless: true,
    at: async (offset) => bytes.subarray(offset),
    peek: async (start, length) => bytes.subarray(start, start + length),
    expect: () => {},
    close: async () => {},
  };
}

/**
 * All bytes of a source. `limit` bytes of address space are taken at once, memory only as it is filled.
 * More than `limit` is ARCHIVE_CORRUPT.
 */
export async function readWhole(source: ByteSource, limit: number): Promise<Uint8Array> {
  const whole = new Uint8Array(Math.min(limit, source.size ?? limit));
  let filled = 0;
  for (;;) {
    const bytes = await source.at(filled);
    if (bytes.byteLength === 0) return whole.subarray(0, filled);
    if (filled + bytes.byteLength > whole.byteLength) throw tooLarge(whole.byteLength);
    whole.set(bytes, filled);
    filled += bytes.byteLength;
  }
}

/**
 * All bytes of a source, in memory, as one that can seek; the source may be closed then. Chunks that stay good
 * are kept as they are, for in copying a kernel most of the time goes into touching fresh memory.
 */
export async function loadWhole(source: ByteSource, limit: number): Promise<ByteSource> {
  if (!(source instanceof ForwardSource) || !source.areChunksLasting) {
    return bytesSource(await readWhole(source, limit));
  }
  const chunks: Uint8Array[] = [];
  const starts: number[] = [];
  let size = 0;
  for (;;) {
    const bytes = await source.at(size);
    if (bytes.byteLength === 0) return chunkSource(chunks, starts, size);
    chunks.push(bytes);
    starts.push(size);
    size += bytes.byteLength;
    if (size > limit) throw tooLarge(limit);
  }
}

function chunkSource(chunks: readonly Uint8Array[], starts: readonly number[], size: number): ByteSource {
  const at = async (offset: number) => {
    if (offset >= size) return new Uint8Array();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return chunks[low]?.subarray(offset - (starts[low] ?? 0)) ?? new Uint8Array();
  };
  const source: ByteSource = {
    size,
    starts: [0],
    isStateless: true,
    at,
    peek: (start, length) => readRange(source, start, length),
    expect: () => {},
    close: async () => {},
  };
  return source;
}

/** Exactly `length` bytes; fewer are IMAGE_CORRUPT. `what` names them in the message. */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  what: string,
): Promise<Uint8Array> {
  const bytes = await readRange(source, offset, length);
  if (bytes.byteLength === length) return bytes;
  const message = `${what}: ${length} bytes expected at offset ${offset}, ${bytes.byteLength} left`;
  throw new ToolError('IMAGE_CORRUPT', message, { offset });
}
