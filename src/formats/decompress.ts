import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { isGz, openGz } from './decompress-gz.ts';
import { isLz4, openLz4 } from './decompress-lz4.ts';
import { openXz, type XzOptions } from './decompress-xz.ts';
import { isZstd, openZstd } from './decompress-zstd.ts';
import { isXz } from './xz.ts';

/** Largest total of decompressed bytes of one file; a kernel tree is a fifth of it. */
export const DECOMPRESSED_LIMIT = 8 * 2 ** 30;

/** Bytes needed to recognize any of the compressions. */
const HEAD_SIZE = 6;

/** The compressions that are told apart by the first bytes; `other` may be no compression at all. */
export type Compression = 'xz' | 'gzip' | 'zstd' | 'lz4' | 'bzip2' | 'other';

/** Recognizes a compression by magic, never by name. */
export function recognizeCompression(head: Uint8Array): Compression {
  if (isXz(head)) return 'xz';
  if (isGz(head)) return 'gzip';
  if (isZstd(head)) return 'zstd';
  if (isLz4(head)) return 'lz4';
  return head[0] === 0x42 && head[1] === 0x5a && head[2] === 0x68 ? 'bzip2' : 'other';
}

/**
 * The bytes behind a compression; the source itself when there is none. The result must be closed.
 * The limit on decompressed bytes is DECOMPRESSED_LIMIT unless given; it holds for all kinds.
 * Of lz4 the legacy frame is known. Throws ARCHIVE_UNKNOWN for bzip2, which nothing here can read.
 */
export async function decompress(source: ByteSource, options: Partial<XzOptions> = {}): Promise<ByteSource> {
  const limit = options.limit ?? DECOMPRESSED_LIMIT;
  const head = await readRange(source, 0, HEAD_SIZE);
  const compression = recognizeCompression(head);
  const whole = source.starts.length > 0 ? source : withHead(head, source);
  if (compression === 'xz') return openXz(whole, { ...options, limit });
  if (compression === 'gzip') return openGz(whole, limit);
  if (compression === 'zstd') return openZstd(whole, { ...options, limit });
  if (compression === 'lz4') return openLz4(whole, limit);
  if (compression === 'other') return whole;
  throw new ToolError('ARCHIVE_UNKNOWN', `compressed with ${compression}, which is not supported`);
}

/** A forward-only source whose first bytes have been read and may no longer be at hand. */
function withHead(head: Uint8Array, source: ByteSource): ByteSource {
  return {
    size: source.size,
    starts: [],
    isStateless: false,
    at: async (offset) => (offset < head.byteLength ? head.subarray(offset) : await source.at(offset)),
    peek: (start, length) => source.peek(start, length),
    expect: () => {},
    close: () => source.close(),
  };
}
