import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { XzPool } from './decompress-xz-pool.ts';
import { ForwardSource, tooLarge } from './forward-source.ts';
import { paddedSize, readXzBlocks, wrapXzBlocks, type XzBlock } from './xz.ts';
import type { StreamFormat, XzDecoder, XzInput, XzJob } from './xz-decoder.ts';

/** Compressed bytes handed to a thread at a time when a stream is decoded as a whole. */
const INPUT_SIZE = 256 << 10;
/** A block larger than this (compressed, decompressed) is not held in memory but streamed. */
const BLOCK_LIMIT = { compressed: 32 << 20, uncompressed: 64 << 20 };
/** Blocks decoded at the same time: the one that is read, and the one after it. */
export const XZ_THREADS = 2;

export interface XzOptions {
  /** Largest total of decompressed bytes; more is ARCHIVE_CORRUPT. */
  limit: number;
  /** Consecutive blocks are decoded together up to this many bytes; 4 MiB unless said otherwise. */
  groupSize?: number;
  /**
   * A decoder to share with other files, not below or above each other: a file within a file needs its
   * own, or each would wait for the other's. Closed by whoever made it. Threads unless given.
   */
  decoder?: XzDecoder;
}

/**
 * The decompressed bytes of an .xz file. With several blocks in a source that can seek, any block can be
 * reached and two are decoded at once; otherwise the result only goes forward.
 */
export async function openXz(source: ByteSource, options: XzOptions): Promise<ByteSource> {
  if (source.starts.length === 0 || source.size === undefined) return openStream(source, options);
  const blocks = await readXzBlocks(source, source.size);
  const total = blocks.reduce((sum, block) => sum + block.uncompressedSize, 0);
  if (total > options.limit) throw tooLarge(options.limit);
  const groups = groupBlocks(blocks, options.groupSize ?? 4 << 20);
  const isHuge = groups.some(
    (group) => group.compressedSize > BLOCK_LIMIT.compressed || group.size > BLOCK_LIMIT.uncompressed,
  );
  if (isHuge && blocks.every((block) => block.flags === blocks[0]?.flags)) {
    return openStream(source, options);
  }
  return new XzBlockSource(source, groups, total, options.decoder);
}

/** The decompressed bytes of a source as one stream, which only goes forward. */
export function openStream(source: ByteSource, options: XzOptions, format: StreamFormat = 'xz'): ByteSource {
  const decoder = options.decoder ?? new XzPool(1);
  const { input, position } = partsOf(source);
  const job = decoder.start(input, undefined, format);
  const next = () => job.next().catch((error) => Promise.reject(decoderError(error, position(), format)));
  const close = async () => (options.decoder === undefined ? decoder.close() : job.cancel());
  const areChunksLasting = job.areChunksLasting ?? false;
  return new ForwardSource({ next, close, areChunksLasting }, options.limit);
}

/**
 * The decompressed bytes of a source, decoded at once into what can seek; close it. Undefined where the decoder has nothing of
 * the kind. Throws ARCHIVE_CORRUPT.
 */
export async function keepStream(
  source: ByteSource,
  { decoder, limit }: XzOptions,
  format: StreamFormat,
): Promise<ByteSource | undefined> {
  const { input, position } = passingParts(source);
  try {
    return await decoder?.keep?.(input, limit, format);
  } catch (error) {
    throw decoderError(error, position(), format);
  }
}

/** A source as a decoder takes it, and how much of it was taken. */
function partsOf(source: ByteSource): { input: XzInput; position(): number } {
  let position = 0;
  const input = async () => {
    const part = new Uint8Array((await source.at(position)).subarray(0, INPUT_SIZE));
    position += part.byteLength;
    return part.byteLength === 0 ? undefined : part;
  };
  return { input, position: () => position };
}

/** The same, where it can be, in one buffer: most of what copying costs is touching fresh memory. */
function passingParts(source: ByteSource): { input: XzInput; position(): number } {
  const read = source.read?.bind(source);
  if (!read) return partsOf(source);
  const buffer = new Uint8Array(INPUT_SIZE);
  let position = 0;
  const input = async () => {
    const part = await read(position, INPUT_SIZE, buffer);
    position += part.byteLength;
    return part.byteLength === 0 ? undefined : part;
  };
  return { input, position: () => position };
}

/** Consecutive blocks of one stream that are decoded as one. */
interface XzGroup {
  /** Where its bytes begin when decompressed, and how many they are. */
  start: number;
  size: number;
  /** Where its blocks are in the file. */
  offset: number;
  compressedSize: number;
  blocks: XzBlock[];
}

function groupBlocks(blocks: readonly XzBlock[], groupSize: number): XzGroup[] {
  const groups: XzGroup[] = [];
  let start = 0;
  for (const block of blocks) {
    let group = groups.at(-1);
    const isSameStream = group?.blocks[0]?.flags === block.flags;
    if (!group || !isSameStream || group.size + block.uncompressedSize > groupSize) {
      group = { start, size: 0, offset: block.offset, compressedSize: 0, blocks: [] };
      groups.push(group);
    }
    group.blocks.push(block);
    group.size += block.uncompressedSize;
    group.compressedSize += paddedSize(block);
    start += block.uncompressedSize;
  }
  return groups.filter((group) => group.size > 0);
}

class XzBlockSource implements ByteSource {
  readonly size: number;
  readonly starts: readonly number[];
  readonly isStateless = false;
  readonly #source: ByteSource;
  readonly #groups: readonly XzGroup[];
  readonly #decoder: XzDecoder;
  readonly #isDecoderShared: boolean;
  readonly #jobByGroup = new Map<XzGroup, XzJob>();
  /** Reads of the source below, one after the other. */
  #reading: Promise<unknown> = Promise.resolve();
  #upcoming: XzGroup[] = [];
  #group: XzGroup | undefined;
  #chunk: Uint8Array = new Uint8Array();
  #chunkOffset = 0;

  constructor(source: ByteSource, groups: readonly XzGroup[], size: number, decoder?: XzDecoder) {
    this.#source = source;
    this.#groups = groups;
    this.#decoder = decoder ?? new XzPool(XZ_THREADS);
    this.#isDecoderShared = decoder !== undefined;
    this.size = size;
    this.starts = groups.map((group) => group.start);
  }

  async at(offset: number): Promise<Uint8Array> {
    const group = this.#groupAt(offset);
    if (group === undefined) return new Uint8Array();
    if (group !== this.#group || offset < this.#chunkOffset) this.#enter(group);
    while (offset >= this.#chunkOffset + this.#chunk.byteLength) await this.#advance(group);
    return this.#chunk.subarray(offset - this.#chunkOffset);
  }

  async peek(start: number, length: number): Promise<Uint8Array> {
    const group = this.#groupAt(start);
    if (group === undefined) return new Uint8Array();
    this.#leave();
    // Compressed bytes are seldom more than what they decode to, so the start of the group suffices.
    const job = this.#decoder.start(this.#input(group, length + INPUT_SIZE), length);
    const parts: Uint8Array[] = [];
    try {
      for (let part = await job.next(); part; part = await job.next()) parts.push(new Uint8Array(part));
    } catch (error) {
      if (parts.length === 0) throw decoderError(error, group.offset);
    }
    return Buffer.concat(parts);
  }

  expect(starts: readonly number[]): void {
    this.#upcoming = starts.flatMap((start) => this.#groupAt(start) ?? []);
    if (this.#group !== undefined) for (const group of this.#nextAfter(this.#group)) this.#begin(group);
  }

  async close(): Promise<void> {
    this.#leave();
    if (!this.#isDecoderShared) await this.#decoder.close();
  }

  #groupAt(offset: number): XzGroup | undefined {
    if (offset >= this.size) return undefined;
    let low = 0;
    let high = this.#groups.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#groups[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#groups[low];
  }

  /** Makes a group the one that is read, from its start, and sets the next ones going. */
  #enter(group: XzGroup): void {
    const ahead = this.#nextAfter(group);
    for (const [other, job] of this.#jobByGroup) {
      const isStillAhead = other !== this.#group && (other === group || ahead.includes(other));
      if (isStillAhead) continue;
      job.cancel();
      this.#jobByGroup.delete(other);
    }
    this.#group = group;
    this.#chunk = new Uint8Array();
    this.#chunkOffset = group.start;
    for (const each of [group, ...ahead]) this.#begin(each);
  }

  /** The groups that are expected behind this one, which is no longer ahead. */
  #nextAfter(group: XzGroup): XzGroup[] {
    const at = this.#upcoming.indexOf(group);
    if (at !== -1) this.#upcoming.splice(0, at + 1);
    return this.#upcoming.slice(0, this.#decoder.width - 1);
  }

  /** Frees the threads: a job whose output nobody reads would hold one for good. */
  #leave(): void {
    for (const job of this.#jobByGroup.values()) job.cancel();
    this.#jobByGroup.clear();
    this.#group = undefined;
  }

  #begin(group: XzGroup): void {
    if (this.#jobByGroup.has(group)) return;
    // A byte beyond what the index says shows that it lies.
    const limit = group.size + 1;
    this.#jobByGroup.set(group, this.#decoder.start(this.#input(group, group.compressedSize), limit));
  }

  /**
   * Header, up to `length` bytes of the blocks, and tail if that is all of them. In small parts, except
   * where the source below would have to go back and forth between the blocks that are decoded at once.
   */
  #input(group: XzGroup, length: number): XzInput {
    const { header, tail } = wrapXzBlocks(group.blocks);
    const body = Math.min(length, group.compressedSize);
    const step = this.#source.isStateless ? INPUT_SIZE : body;
    let position = -1;
    return async () => {
      if (position < 0) {
        position = 0;
        return header;
      }
      if (position >= body) {
        const isWhole = position++ === group.compressedSize;
        return isWhole ? tail : undefined;
      }
      const part = Math.min(step, body - position);
      position += part;
      return this.#readBelow(group.offset + position - part, part);
    };
  }

  async #readBelow(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const reading = this.#reading.then(() => readRange(this.#source, offset, length));
    this.#reading = reading.catch(() => {});
    return reading;
  }

  async #advance(group: XzGroup): Promise<void> {
    const job = this.#jobByGroup.get(group);
    const end = group.start + group.size;
    this.#chunkOffset += this.#chunk.byteLength;
    this.#chunk = new Uint8Array();
    try {
      this.#chunk = (await job?.next()) ?? new Uint8Array();
    } catch (error) {
      throw decoderError(error, group.offset);
    }
    const reached = this.#chunkOffset + this.#chunk.byteLength;
    if (this.#chunk.byteLength === 0 || reached > end) {
      const message = `xz: blocks at ${group.offset}: ${group.size} bytes expected when decoded`;
      throw new ToolError('ARCHIVE_CORRUPT', message, { offset: group.offset });
    }
  }
}

/** The decoder says little more than that it failed; what is known is where the data came from. */
function decoderError(error: unknown, offset: number, format: StreamFormat = 'xz'): ToolError {
  if (error instanceof ToolError) return error;
  return new ToolError('ARCHIVE_CORRUPT', `${format}: data damaged or cut short near offset ${offset}`, {
    offset,
    cause: error,
  });
}
