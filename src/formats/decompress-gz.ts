import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip, gunzip, inflate } from 'node:zlib';
import type { ByteSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { ForwardSource } from './forward-source.ts';

const INPUT_SIZE = 256 << 10;

/** True when these first bytes begin a gzip file. */
export function isGz(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** The decompressed bytes of a gzip file; forward only. More than `limit` is ARCHIVE_CORRUPT. */
export function openGz(source: ByteSource, limit: number): ByteSource {
  let position = 0;
  const gunzip = createGunzip({ chunkSize: INPUT_SIZE });
  const parts = async function* () {
    for (;;) {
      const bytes = await source.at(position);
      if (bytes.byteLength === 0) return;
      const part = new Uint8Array(bytes.subarray(0, INPUT_SIZE));
      position += part.byteLength;
      yield part;
    }
  };
  // What fails here fails the iteration below too.
  pipeline(Readable.from(parts(), { objectMode: false }), gunzip).catch(() => {});
  const chunks: AsyncIterator<Uint8Array> = gunzip[Symbol.asyncIterator]();
  const next = async () => {
    try {
      const { done, value } = await chunks.next();
      return done ? undefined : value;
    } catch (error) {
      throw gzipError(error, position);
    }
  };
  return new ForwardSource({ next, close: async () => void gunzip.destroy(), areChunksLasting: true }, limit);
}

function gzipError(error: unknown, offset: number): ToolError {
  if (error instanceof ToolError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ToolError('ARCHIVE_CORRUPT', `gzip: ${reason} near offset ${offset}`, {
    offset,
    cause: error,
  });
}

const inflateAsync = promisify(inflate);
const gunzipAsync = promisify(gunzip);

/** A zlib stream (RFC 1950) that becomes `size` bytes; undefined where it is damaged or becomes more. */
export async function inflateExactly(bytes: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  try {
    return await inflateAsync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch {
    return undefined;
  }
}

/** A gzip file in memory that becomes at most `limit` bytes; undefined where it is damaged or becomes more. */
export async function gunzipAtMost(bytes: Uint8Array, limit: number): Promise<Uint8Array | undefined> {
  try {
    return await gunzipAsync(bytes, { maxOutputLength: limit });
  } catch {
    return undefined;
  }
}
