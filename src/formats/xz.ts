/*
 * An .xz file (https://tukaani.org/xz/xz-file-format.txt), as far as one needs it to pick blocks out:
 *   stream header  fd "7zXZ" 00, flags[2], crc32
 *   blocks         each independent of the others, padded to 4 bytes
 *   index          00, number of records, per block (unpadded size, uncompressed size), padding, crc32
 *   stream footer  crc32, size of the index / 4 - 1, flags[2], "YZ"
 *   padding        zeros, a multiple of four; then perhaps another stream
 * The index lies behind the blocks, so it is read from the end.
 */
import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { crc32 } from '../bytes/crc32.ts';
import { Cursor } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';

const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const FOOTER_MAGIC = [0x59, 0x5a];
const HEADER_SIZE = 12;
const FOOTER_SIZE = 12;
/** Some hundred thousand blocks: more than any archive worth reading, and a bound on memory. */
const INDEX_LIMIT = 1 << 20;
/** Streams and padding that only cost time: real files have one stream and none or little padding. */
const STREAM_LIMIT = 256;
const PADDING_LIMIT = 64 << 10;

/** One block: where it is in the file and what it decodes to. All in bytes. */
export interface XzBlock {
  offset: number;
  /** Header, data and check, without the padding to four bytes. */
  unpaddedSize: number;
  uncompressedSize: number;
  /** The two flag bytes of its stream: which check its blocks bear. */
  flags: Uint8Array;
}

/** True when these first bytes begin an .xz file. */
export function isXz(head: Uint8Array): boolean {
  return HEADER_MAGIC.every((byte, index) => head[index] === byte);
}

/** Bytes that a block takes in the file, with its padding. */
export function paddedSize(block: XzBlock): number {
  return roundUp4(block.unpaddedSize);
}

/**
 * The blocks of all streams of a file, in order. Throws ARCHIVE_CORRUPT where header, index or footer
 * are damaged or, as in a file that was cut short, missing.
 */
export async function readXzBlocks(source: ByteSource, size: number): Promise<XzBlock[]> {
  const streams: XzBlock[][] = [];
  let end = size;
  while (end > 0) {
    if (streams.length >= STREAM_LIMIT) throw corrupt(`more than ${STREAM_LIMIT} streams`, end);
    const footerEnd = await skipPadding(source, end);
    const stream = await readStream(source, footerEnd);
    streams.unshift(stream.blocks);
    end = stream.start;
  }
  return streams.flat();
}

async function skipPadding(source: ByteSource, end: number): Promise<number> {
  let at = end;
  const lowest = Math.max(HEADER_SIZE + FOOTER_SIZE, end - PADDING_LIMIT);
  while (at >= lowest && at % 4 === 0) {
    const word = await readRange(source, at - 4, 4);
    if (word.some((byte) => byte !== 0)) return at;
    at -= 4;
  }
  throw corrupt('a stream footer expected', end);
}

async function readStream(source: ByteSource, end: number): Promise<{ start: number; blocks: XzBlock[] }> {
  const footer = readFooter(await readRange(source, end - FOOTER_SIZE, FOOTER_SIZE), end);
  const indexOffset = end - FOOTER_SIZE - footer.indexSize;
  if (indexOffset < HEADER_SIZE) throw corrupt('index larger than the file', end - FOOTER_SIZE);
  const index = await readRange(source, indexOffset, footer.indexSize);
  const records = readIndex(index, indexOffset);
  const total = records.reduce((sum, record) => sum + roundUp4(record.unpaddedSize), 0);
  const start = indexOffset - total - HEADER_SIZE;
  if (start < 0) throw corrupt(`blocks of ${total} bytes do not fit before the index`, indexOffset);
  readHeader(await readRange(source, start, HEADER_SIZE), footer.flags, start);
  let offset = start + HEADER_SIZE;
  const blocks = records.map((record) => {
    const block = { ...record, offset, flags: footer.flags };
    offset += roundUp4(record.unpaddedSize);
    return block;
  });
  return { start, blocks };
}

function readHeader(bytes: Uint8Array, flags: Uint8Array, offset: number): void {
  const cursor = new Cursor(bytes, cursorOptions('stream header', offset));
  const isMagic = isXz(cursor.bytes(HEADER_MAGIC.length));
  const headerFlags = cursor.bytes(2);
  if (!isMagic || crc32(headerFlags) !== cursor.u32()) throw corrupt('stream header expected', offset);
  if (headerFlags[0] !== flags[0] || headerFlags[1] !== flags[1]) {
    throw corrupt('stream header and footer differ', offset);
  }
}

function readFooter(bytes: Uint8Array, end: number): { indexSize: number; flags: Uint8Array } {
  const offset = end - FOOTER_SIZE;
  const cursor = new Cursor(bytes, cursorOptions('stream footer', offset));
  const check = cursor.u32();
  const covered = cursor.bytes(6);
  const isMagic = FOOTER_MAGIC.every((byte) => cursor.u8() === byte);
  if (!isMagic || crc32(covered) !== check) throw corrupt('a stream footer expected', offset);
  cursor.seek(4);
  const indexSize = (cursor.u32() + 1) * 4;
  if (indexSize > INDEX_LIMIT) throw corrupt(`index of ${indexSize} bytes`, offset);
  return { indexSize, flags: new Uint8Array(cursor.bytes(2)) };
}

function readIndex(bytes: Uint8Array, offset: number): { unpaddedSize: number; uncompressedSize: number }[] {
  const cursor = new Cursor(bytes, cursorOptions('index', offset));
  if (cursor.u8() !== 0) throw corrupt('index expected', offset);
  const count = readVarint(cursor);
  // Each record takes two bytes at least.
  if (count > cursor.remaining / 2) throw cursor.fail(`${count} records do not fit`);
  const records = [];
  for (let i = 0; i < count; i++) {
    const record = { unpaddedSize: readVarint(cursor), uncompressedSize: readVarint(cursor) };
    if (record.unpaddedSize < 5) throw cursor.fail('block size below the minimum');
    records.push(record);
  }
  while (cursor.offset % 4 !== 0) cursor.skip(1);
  const covered = bytes.subarray(0, cursor.offset);
  if (crc32(covered) !== cursor.u32()) throw corrupt('index damaged: its checksum differs', offset);
  return records;
}

/** Seven bits a byte, least significant first; kept below 2^49, far above what a file can hold. */
function readVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; scale < 2 ** 49; scale *= 128) {
    const byte = cursor.u8();
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
  throw cursor.fail('number too large');
}

/**
 * What has to stand before and behind the bytes of some consecutive blocks of one stream to make them
 * an .xz file of their own.
 */
export function wrapXzBlocks(blocks: readonly XzBlock[]): {
  header: Uint8Array<ArrayBuffer>;
  tail: Uint8Array<ArrayBuffer>;
} {
  const flags = blocks[0]?.flags ?? new Uint8Array(2);
  const header = Uint8Array.from([...HEADER_MAGIC, ...flags, ...le32(crc32(flags))]);
  const index = [0, ...varint(blocks.length)];
  for (const block of blocks) index.push(...varint(block.unpaddedSize), ...varint(block.uncompressedSize));
  while (index.length % 4 !== 0) index.push(0);
  index.push(...le32(crc32(Uint8Array.from(index))));
  const covered = Uint8Array.from([...le32(index.length / 4 - 1), ...flags]);
  const footer = [...le32(crc32(covered)), ...covered, ...FOOTER_MAGIC];
  return { header, tail: Uint8Array.from([...index, ...footer]) };
}

function varint(value: number): number[] {
  const bytes = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) + 0x80);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function le32(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

function roundUp4(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function cursorOptions(what: string, base: number) {
  return { label: `xz ${what}`, code: 'ARCHIVE_CORRUPT', base } as const;
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `xz: ${message} at offset ${offset}`, { offset });
}
