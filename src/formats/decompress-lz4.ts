/*
 * The legacy frame of lz4, the form in which the kernel compresses with it (lib/decompress_unlz4.c):
 *   u32 0x184c2102
 *   blocks: u32 size, then as many bytes, each block 8 MiB when decoded but the last
 * It has no end mark and no checksum. All little endian. A frame may be followed by another.
 */
import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { ForwardSource } from './forward-source.ts';

const MAGIC = 0x184c2102;
/** What a block decodes to at most, and the most that lz4 takes for as much (LZ4_COMPRESSBOUND). */
const BLOCK_SIZE = 8 << 20;
/** No byte of lz4 makes more than so many; what has less than 8 MiB in it shall not cost as much. */
const FACTOR = 256;
const COMPRESSED_LIMIT = BLOCK_SIZE + Math.floor(BLOCK_SIZE / 255) + 16;

/** True when these first bytes begin a legacy frame of lz4. */
export function isLz4(head: Uint8Array): boolean {
  return head.byteLength >= 4 && Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE() === MAGIC;
}

/** Blocks that are decoded ahead, each in a thread. */
const AHEAD = 3;

/** The decompressed bytes of a legacy frame; forward only. More than `limit` is ARCHIVE_CORRUPT. */
export function openLz4(source: ByteSource, limit: number): ByteSource {
  const decoding: Promise<Uint8Array>[] = [];
  let position = 0;
  let isAtEnd = false;
  const begin = async (): Promise<void> => {
    const size = await readSize(source, position);
    isAtEnd = size === undefined;
    if (size === undefined) return;
    position += 4;
    if (size === MAGIC) return;
    if (size > COMPRESSED_LIMIT) throw corrupt(`a block of ${size} bytes`, position);
    const block = await readRange(source, position, size);
    if (block.byteLength < size || size === 0) throw corrupt(`block of ${size} bytes cut short`, position);
    decoding.push(quiet(decodeBlock(block, position)));
    position += size;
  };
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      while (!isAtEnd && decoding.length < AHEAD) await begin().catch(fail);
      const decoded = await decoding.shift();
      if (!decoded || decoded.byteLength > 0) return decoded;
    }
  };
  // What is wrong is told when it is come to; blocks before it are good.
  const fail = (error: unknown): void => {
    isAtEnd = true;
    decoding.push(quiet(Promise.reject(error)));
  };
  return new ForwardSource({ next, close: async () => {}, areChunksLasting: true }, limit);
}

/** Whether it fails is asked later. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** The word at an offset, undefined at the end. */
async function readSize(source: ByteSource, offset: number): Promise<number | undefined> {
  const bytes = await readRange(source, offset, 4);
  if (bytes.byteLength === 0) return undefined;
  if (bytes.byteLength < 4) throw corrupt('cut short', offset);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** The library wants to be told how much room a block needs, in front of it. */
async function decodeBlock(block: Uint8Array, offset: number): Promise<Uint8Array> {
  const { uncompress } = await import('lz4-napi');
  const room = Buffer.alloc(4);
  room.writeUInt32LE(Math.min(BLOCK_SIZE, FACTOR * (block.byteLength + 1)));
  try {
    return await uncompress(Buffer.concat([room, block]));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ToolError('ARCHIVE_CORRUPT', `lz4: block at offset ${offset}: ${reason.split('\n')[0]}`, {
      offset,
      cause: error,
    });
  }
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `lz4: ${message} at offset ${offset}`, { offset });
}
