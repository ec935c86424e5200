/*
 * Sections and segments of an ELF file, read from wherever it lies: only the tables are read at first, the
 * bytes of a section when asked for. A section may be compressed (SHF_COMPRESSED): a header of its own comes
 * first, { u32 type, [u32 reserved], word size, word alignment }, type 1 is zlib and 2 is zstd.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { readRange } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { inflateExactly } from './decompress-gz.ts';
import { openZstd } from './decompress-zstd.ts';
import {
  ELF_ENTRY_SIZES,
  ELF_HEADER_SIZE,
  type ElfHeader,
  elfCursor,
  readElfHeader,
  readOffset,
  readWord,
} from './elf-header.ts';
import { bytesSource, growthLimit, readWhole } from './kernel-image-bytes.ts';
import type { XzDecoder } from './xz-decoder.ts';

export { isElf } from './elf-header.ts';

/** More sections than -ffunction-sections makes of a kernel. */
const SECTION_LIMIT = 1 << 18;
const SEGMENT_LIMIT = 1 << 16;
/** Bytes of the table of section names, and of all names together: they may overlap. */
const NAMES_LIMIT = 64 << 20;
/** The type of a section of which the file holds no bytes. */
export const NOBITS = 8;
const COMPRESSED = 0x800n;
const MANY_SECTIONS = 0xffff;

/** Offsets and sizes in bytes, in the file as it is. */
export interface ElfSection {
  name: string;
  type: number;
  flags: bigint;
  address: bigint;
  offset: number;
  size: number;
  link: number;
  info: number;
  entrySize: number;
}

export interface ElfSegment {
  type: number;
  flags: number;
  offset: number;
  address: bigint;
  fileSize: number;
  memorySize: number;
}

/** How to open an ELF file. */
export interface ElfOptions {
  /** Decodes sections compressed with zstd; threads of its own unless given. */
  decoder?: XzDecoder;
}

/** An ELF file whose tables have been read. */
export class ElfFile {
  readonly bits: 32 | 64;
  readonly bigEndian: boolean;
  readonly type: number;
  readonly machine: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
  readonly #source: ByteSource;
  readonly #decoder: XzDecoder | undefined;

  constructor(
    source: ByteSource,
    header: ElfHeader,
    tables: { sections: ElfSection[]; segments: ElfSegment[] },
    { decoder }: ElfOptions,
  ) {
    this.bits = header.bits;
    this.bigEndian = header.bigEndian;
    this.type = header.type;
    this.machine = header.machine;
    this.size = source.size ?? 0;
    this.sections = tables.sections;
    this.segments = tables.segments;
    this.#source = source;
    this.#decoder = decoder;
  }

  /** The first section of that name. */
  find(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /**
   * The bytes of a section, decompressed, in a buffer of their own; empty where the file holds none (NOBITS).
   * Throws ELF_CORRUPT, and ARCHIVE_CORRUPT for a section compressed with zstd that is damaged.
   */
  async read(section: ElfSection): Promise<Uint8Array> {
    if (section.type === NOBITS) return new Uint8Array();
    const label = `section ${section.name}`;
    const bytes = await readPart(this.#source, section, label);
    return (section.flags & COMPRESSED) === 0n ? bytes : this.#decompress(bytes, label);
  }

  async #decompress(bytes: Uint8Array, label: string): Promise<Uint8Array> {
    const cursor = elfCursor(bytes, this, label);
    const type = cursor.u32();
    if (this.bits === 64) cursor.skip(4);
    const size = readOffset(cursor, this.bits);
    readWord(cursor, this.bits);
    const packed = cursor.bytes(cursor.remaining);
    if (size > growthLimit(packed.byteLength)) {
      throw cursor.fail(`${packed.byteLength} bytes that should become ${size}`);
    }
    const whole =
      type === 1 ? await inflateExactly(packed, size) : await this.#unpackZstd(packed, type, size);
    if (whole?.byteLength === size) return whole;
    throw cursor.fail(`compressed (type ${type}) and not ${size} bytes long`);
  }

  async #unpackZstd(packed: Uint8Array, type: number, size: number): Promise<Uint8Array | undefined> {
    if (type !== 2) return undefined;
    const decoder = this.#decoder === undefined ? {} : { decoder: this.#decoder };
    const stream = openZstd(bytesSource(packed), { limit: size, ...decoder });
    try {
      return await readWhole(stream, size);
    } finally {
      await stream.close();
    }
  }
}

/**
 * Reads the tables of an ELF file. The source must be able to seek and know its size, and stay open as long
 * as sections are read. Throws ELF_CORRUPT.
 */
export async function openElf(source: ByteSource, options: ElfOptions = {}): Promise<ElfFile> {
  const header = readElfHeader(await readRange(source, 0, ELF_HEADER_SIZE));
  const [first] = header.sectionOffset === 0 ? [] : await readSections(source, header, 1);
  const isMany = header.segmentCount === 0xffff && first !== undefined && first.info > 0;
  const segmentCount = isMany ? first.info : header.segmentCount;
  const sectionCount = header.sectionCount || (first?.size ?? 0);
  const sections = first === undefined ? [] : await readSections(source, header, sectionCount);
  const names = header.nameSection === MANY_SECTIONS ? first?.link : header.nameSection;
  await nameSections(source, sections, names ?? 0);
  const segments = await readSegments(source, header, segmentCount);
  return new ElfFile(source, header, { sections, segments }, options);
}

/** The section headers; their names are still the offsets of names, in decimal. */
async function readSections(source: ByteSource, header: ElfHeader, count: number): Promise<ElfSection[]> {
  const { bits, sectionOffset } = header;
  if (count > SECTION_LIMIT) throw corrupt(`${count} sections`, sectionOffset);
  const size = count * ELF_ENTRY_SIZES[bits].section;
  const bytes = await readPart(source, { offset: sectionOffset, size }, 'section headers');
  const cursor = elfCursor(bytes, header, 'section headers', sectionOffset);
  return Array.from({ length: count }, () => {
    const [name, type] = [String(cursor.u32()), cursor.u32()];
    const [flags, address] = [readWord(cursor, bits), readWord(cursor, bits)];
    const [offset, length] = [readOffset(cursor, bits), readOffset(cursor, bits)];
    const [link, info] = [cursor.u32(), cursor.u32()];
    readWord(cursor, bits);
    return {
      name,
      type,
      flags,
      address,
      offset,
      size: length,
      link,
      info,
      entrySize: readOffset(cursor, bits),
    };
  });
}

async function nameSections(source: ByteSource, sections: ElfSection[], index: number): Promise<void> {
  const table = index === 0 ? undefined : sections[index];
  if (index !== 0 && table === undefined) throw corrupt(`names in section ${index} of ${sections.length}`, 0);
  if (table !== undefined && table.size > NAMES_LIMIT) throw corrupt(`${table.size} bytes of names`, 0);
  const bytes = table === undefined ? undefined : await readPart(source, table, 'section names');
  const names = Buffer.from(bytes ?? []);
  let total = 0;
  for (const section of sections) {
    section.name = table === undefined ? '' : nameAt(names, Number(section.name));
    total += section.name.length;
    if (total > NAMES_LIMIT) throw corrupt(`more than ${NAMES_LIMIT} bytes of names`, 0);
  }
}

/** Names longer than this belong to no section. */
const NAME_LIMIT = 4096;

function nameAt(names: Buffer, offset: number): string {
  const end = names.indexOf(0, offset);
  if (offset < names.byteLength && end !== -1 && end - offset <= NAME_LIMIT) {
    return names.toString('latin1', offset, end);
  }
  throw corrupt(`no name that ends within ${NAME_LIMIT} bytes at ${offset} of ${names.byteLength}`, offset);
}

async function readSegments(source: ByteSource, header: ElfHeader, count: number): Promise<ElfSegment[]> {
  const { bits, segmentOffset } = header;
  if (count > SEGMENT_LIMIT) throw corrupt(`${count} segments`, segmentOffset);
  const size = count * ELF_ENTRY_SIZES[bits].segment;
  const bytes = await readPart(source, { offset: segmentOffset, size }, 'program headers');
  const cursor = elfCursor(bytes, header, 'program headers', segmentOffset);
  return Array.from({ length: count }, () => {
    const type = cursor.u32();
    const early = bits === 64 ? cursor.u32() : 0;
    const [offset, address] = [readOffset(cursor, bits), readWord(cursor, bits)];
    readWord(cursor, bits);
    const [fileSize, memorySize] = [readOffset(cursor, bits), readOffset(cursor, bits)];
    const late = bits === 32 ? cursor.u32() : 0;
    readWord(cursor, bits);
    return { type, flags: early + late, offset, address, fileSize, memorySize };
  });
}

/** A part that must lie within the file; nothing is allocated before that is known. */
async function readPart(
  source: ByteSource,
  { offset, size }: { offset: number; size: number },
  label: string,
): Promise<Uint8Array> {
  const end = source.size ?? 0;
  if (offset + size > end) throw corrupt(`${label}: ${size} bytes at ${offset} of ${end}`, offset);
  const bytes = await readRange(source, offset, size);
  if (bytes.byteLength === size) return bytes;
  throw corrupt(`${label}: ${bytes.byteLength} of ${size} bytes at ${offset}`, offset);
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('ELF_CORRUPT', `ELF: ${message}`, { offset });
}
