/*
 * The head of an ELF file (gABI; include/uapi/linux/elf.h), in both classes and byte orders:
 *   ident[16]   7f "ELF", class (1: 32 bits, 2: 64), data (1: little endian, 2: big), version 1
 *   u16 type, machine; u32 version; word entry, phoff, shoff; u32 flags
 *   u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx
 * From 0xff00 sections on shnum is 0 and shstrndx 0xffff, and the real numbers are the size and the link
 * of section 0; from 0xffff segments on phnum is 0xffff and the number is section 0's info.
 */
import { Cursor } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';

/** Bytes of the larger of the two headers. */
export const ELF_HEADER_SIZE = 64;
/** Bytes of a program header and of a section header, by class. */
export const ELF_ENTRY_SIZES = {
  32: { header: 52, segment: 32, section: 40 },
  64: { header: 64, segment: 56, section: 64 },
} as const;

export interface ElfHeader {
  bits: 32 | 64;
  bigEndian: boolean;
  /** ET_REL 1 (a module), ET_EXEC 2, ET_DYN 3. */
  type: number;
  machine: number;
  segmentOffset: number;
  sectionOffset: number;
  /** As the header has them: see above for the values that mean something else. */
  segmentCount: number;
  sectionCount: number;
  nameSection: number;
}

/** True when these first bytes begin an ELF file. */
export function isElf(head: Uint8Array): boolean {
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

/** Reads the header from the first bytes of a file. Throws ELF_CORRUPT. */
export function readElfHeader(head: Uint8Array): ElfHeader {
  const [, , , , elfClass, order, version] = head;
  if (!isElf(head)) throw new ToolError('ELF_CORRUPT', 'ELF header: no magic at offset 0');
  if (version !== 1 || (elfClass !== 1 && elfClass !== 2) || (order !== 1 && order !== 2)) {
    const message = `ELF header: class ${elfClass}, byte order ${order}, version ${version}`;
    throw new ToolError('ELF_CORRUPT', message, { offset: 4 });
  }
  const bits = elfClass === 1 ? 32 : 64;
  const cursor = elfCursor(head, { bits, bigEndian: order === 2 }, 'ELF header');
  cursor.skip(16);
  const type = cursor.u16();
  const machine = cursor.u16();
  cursor.skip(4);
  readWord(cursor, bits);
  const [segmentOffset, sectionOffset] = [readOffset(cursor, bits), readOffset(cursor, bits)];
  cursor.skip(6);
  const [segmentSize, segmentCount, sectionSize] = [cursor.u16(), cursor.u16(), cursor.u16()];
  const [sectionCount, nameSection] = [cursor.u16(), cursor.u16()];
  const sizes = ELF_ENTRY_SIZES[bits];
  if (sectionOffset > 0 && sectionSize !== sizes.section) {
    throw cursor.fail(`section headers of ${sectionSize} bytes`);
  }
  if (segmentCount > 0 && segmentSize !== sizes.segment) {
    throw cursor.fail(`program headers of ${segmentSize} bytes`);
  }
  const isBigEndian = { bits, bigEndian: order === 2 } as const;
  return {
    ...isBigEndian,
    type,
    machine,
    segmentOffset,
    sectionOffset,
    segmentCount,
    sectionCount,
    nameSection,
  };
}

/** A cursor in a file's byte order, whose errors are ELF_CORRUPT. `base` is where the bytes begin in the file. */
export function elfCursor(
  bytes: Uint8Array,
  { bigEndian }: Pick<ElfHeader, 'bits' | 'bigEndian'>,
  label: string,
  base = 0,
): Cursor {
  return new Cursor(bytes, { label, code: 'ELF_CORRUPT', bigEndian, base });
}

/** An address or a set of flags: as wide as the class says. */
export function readWord(cursor: Cursor, bits: 32 | 64): bigint {
  return bits === 64 ? cursor.u64() : BigInt(cursor.u32());
}

/** An offset or a size; one that no file has is ELF_CORRUPT. */
export function readOffset(cursor: Cursor, bits: 32 | 64): number {
  const value = readWord(cursor, bits);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw cursor.fail(`offset or size ${value}`);
  return Number(value);
}
