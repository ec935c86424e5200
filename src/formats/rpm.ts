/*
 * An RPM package, version 3 or 4 of the format, numbers big endian:
 *   lead              96 bytes  ed ab ee db, major u8, minor u8, type u16 (0 binary, 1 source); the rest is history
 *   signature header  8e ad e8 01, 4 reserved, count u32, size u32, count x 16 bytes of index, size bytes of
 *                     store; padded to a multiple of 8
 *   header            the same form, not padded
 *   payload           a cpio archive, compressed as a whole
 * An index entry is tag, type, offset into the store, count: four u32.
 */
import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { Cursor, type CursorOptions } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';

const LEAD_SIZE = 96;
const LEAD_MAGIC = 0xedabeedb;
const HEADER_MAGIC = 0x8eade801;
const INTRO_SIZE = 16;
const ENTRY_SIZE = 16;
/** rpm's own limits: index entries, bytes of store. */
const COUNT_LIMIT = 0xffff;
const STORE_LIMIT = 256 << 20;
/** A name, a version, a compressor; names of packages are far shorter. */
const TEXT_LIMIT = 4096;

/** Numbers of the tags that are read, and the type of each: 6 is a string with a zero byte. */
const TAGS = {
  name: 1000,
  version: 1001,
  release: 1002,
  arch: 1022,
  format: 1124,
  compressor: 1125,
} as const;
const SOURCE_RPM = 1044;
const STRING_TYPE = 6;

/** What a package says of itself, and where its payload begins. */
export interface RpmHeader {
  name: string;
  version: string;
  release: string;
  /** `x86_64`, `aarch64`, `noarch`; undefined where it is not given. */
  arch: string | undefined;
  /** True for a package of sources, whose payload is a spec file and tarballs. */
  isSource: boolean;
  /** `cpio` where nothing is said. */
  payloadFormat: string;
  /** `gzip` where nothing is said. */
  payloadCompressor: string;
  /** In the file, bytes. */
  payloadOffset: number;
}

/** True when these first bytes begin an RPM package. */
export function isRpm(head: Uint8Array): boolean {
  return head[0] === 0xed && head[1] === 0xab && head[2] === 0xee && head[3] === 0xdb;
}

/**
 * Reads lead, signature header and header; nothing is verified against the signatures. Throws ARCHIVE_CORRUPT
 * for what is not as the format says or is cut short, ARCHIVE_UNKNOWN for a version of the format that is not
 * known.
 */
export async function readRpmHeader(source: ByteSource): Promise<RpmHeader> {
  const isSourceLead = parseLead(await fetch(source, 0, LEAD_SIZE, 'lead'));
  const signature = await readSection(source, LEAD_SIZE, 'rpm signature header');
  const start = Math.ceil(signature.end / 8) * 8;
  const header = await readSection(source, start, 'rpm header');
  const { name, version, release } = header.text;
  if (name === undefined || version === undefined || release === undefined) {
    throw corrupt('a name, a version and a release expected in the header', start);
  }
  return {
    name,
    version,
    release,
    arch: header.text.arch,
    isSource: isSourceLead || !header.tags.has(SOURCE_RPM),
    payloadFormat: header.text.format ?? 'cpio',
    payloadCompressor: header.text.compressor ?? 'gzip',
    payloadOffset: header.end,
  };
}

/** True when the lead names a package of sources. */
function parseLead(bytes: Uint8Array): boolean {
  const cursor = new Cursor(bytes, cursorAt('rpm lead', 0));
  if (cursor.u32() !== LEAD_MAGIC) throw corrupt('ed ab ee db expected', 0);
  const major = cursor.u8();
  if (major !== 3 && major !== 4) {
    throw new ToolError('ARCHIVE_UNKNOWN', `rpm: version ${major} of the format is not known, 3 and 4 are`);
  }
  cursor.skip(1);
  const type = cursor.u16();
  if (type > 1) throw corrupt(`type ${type}, 0 or 1 expected`, 6);
  return type === 1;
}

interface Section {
  tags: ReadonlySet<number>;
  text: { [Name in keyof typeof TAGS]: string | undefined };
  /** In the file: where what follows begins, before any padding. */
  end: number;
}

async function readSection(source: ByteSource, offset: number, label: string): Promise<Section> {
  const intro = new Cursor(await fetch(source, offset, INTRO_SIZE, label), cursorAt(label, offset));
  if (intro.u32() !== HEADER_MAGIC) throw corrupt(`${label}: 8e ad e8 01 expected`, offset);
  intro.skip(4);
  const count = intro.u32();
  const size = intro.u32();
  if (count > COUNT_LIMIT || size > STORE_LIMIT) {
    throw corrupt(`${label}: ${count} entries and ${size} bytes, more than rpm allows`, offset);
  }
  const indexOffset = offset + INTRO_SIZE;
  const storeOffset = indexOffset + count * ENTRY_SIZE;
  const end = storeOffset + size;
  if (source.size !== undefined && end > source.size) {
    throw corrupt(`${label}: ends at ${end}, the file at ${source.size}`, offset);
  }
  const index = new Cursor(
    await fetch(source, indexOffset, count * ENTRY_SIZE, label),
    cursorAt(label, indexOffset),
  );
  const entries = readEntries(index, { count, size });
  const textOf = (tag: number) => readText(source, entries.get(tag), { storeOffset, end, label });
  const text = {
    name: await textOf(TAGS.name),
    version: await textOf(TAGS.version),
    release: await textOf(TAGS.release),
    arch: await textOf(TAGS.arch),
    format: await textOf(TAGS.format),
    compressor: await textOf(TAGS.compressor),
  };
  return { tags: new Set(entries.keys()), text, end };
}

interface IndexEntry {
  type: number;
  offset: number;
}

/** The entries by tag, each checked to lie in the store; the first of a tag counts. */
function readEntries(
  index: Cursor,
  { count, size }: { count: number; size: number },
): Map<number, IndexEntry> {
  const entries = new Map<number, IndexEntry>();
  for (let at = 0; at < count; at++) {
    const tag = index.u32();
    const type = index.u32();
    const offset = index.u32();
    const length = index.u32();
    // Every value takes a byte at least.
    if (type > 9 || offset + length > size) {
      throw index.fail(`tag ${tag}: type ${type}, ${length} values from ${offset} in ${size} bytes`);
    }
    if (!entries.has(tag)) entries.set(tag, { type, offset });
  }
  return entries;
}

/** The text of an entry; undefined where there is none of that type. */
async function readText(
  source: ByteSource,
  entry: IndexEntry | undefined,
  { storeOffset, end, label }: { storeOffset: number; end: number; label: string },
): Promise<string | undefined> {
  if (entry?.type !== STRING_TYPE) return undefined;
  const start = storeOffset + entry.offset;
  const bytes = await readRange(source, start, Math.min(TEXT_LIMIT, end - start));
  const zero = bytes.indexOf(0);
  if (zero === -1) throw corrupt(`${label}: a text without its end`, start);
  return Buffer.from(bytes.buffer, bytes.byteOffset, zero).toString('utf8');
}

async function fetch(source: ByteSource, offset: number, length: number, what: string): Promise<Uint8Array> {
  const bytes = await readRange(source, offset, length);
  if (bytes.byteLength === length) return bytes;
  throw corrupt(`${what}: ${length} bytes expected, ${bytes.byteLength} left`, offset);
}

function cursorAt(label: string, base: number): CursorOptions {
  return { label, code: 'ARCHIVE_CORRUPT', bigEndian: true, base };
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `rpm: ${message} at offset ${offset}`, { offset });
}
