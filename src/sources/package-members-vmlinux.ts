/*
 * A vmlinux with debug data is 400 MB and more, and the table of its sections stands at its end. What counts,
 * data and BTF, is in what is loaded, which comes first:
 *
 *   ELF header | program headers | text, read-only data, .BTF, data | .debug_* ... | names | section headers
 *   |<------------------------ read and kept --------------------->|<-------- never decompressed -------->|
 *
 * Such a part gets a table of sections of its own behind it: all that is loaded as one, and BTF where it was
 * found.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { openElf } from '../formats/elf.ts';
import { ELF_ENTRY_SIZES, type ElfHeader, readElfHeader } from '../formats/elf-header.ts';
import { findBtf } from '../formats/kernel-image-btf.ts';
import { bytesSource } from '../formats/kernel-image-bytes.ts';

/** The program headers follow the ELF header. */
const HEAD_SIZE = 64 << 10;
/** What is loaded is 50 to 100 MB. */
const LOADED_LIMIT = 256 << 20;
const PT_LOAD = 1;
/** SHT_PROGBITS, SHF_ALLOC. */
const PROGBITS = { type: 1n, flags: 2n };
const SHT_STRTAB = 3n;

/** Gives up to `length` bytes from an offset of a member; offsets ascend. */
export type ReadMember = (offset: number, length: number) => Promise<Uint8Array>;

/**
 * The part of a vmlinux of `size` bytes that is loaded, from the start of the file. Throws
 * ELF_CORRUPT for what is no ELF file, or one whose segments do not fit into it.
 */
export async function readLoadedPart(read: ReadMember, size: number): Promise<Uint8Array> {
  const head = await read(0, HEAD_SIZE);
  const end = Math.max(
    head.byteLength,
    ...(await loadedSegments(head)).map(({ offset, fileSize }) => offset + fileSize),
  );
  if (end > Math.min(size, LOADED_LIMIT)) {
    throw new ToolError(
      'ELF_CORRUPT',
      `ELF: segments up to ${end} in ${size} bytes, of which ${LOADED_LIMIT} are read`,
    );
  }
  const whole = new Uint8Array(end);
  whole.set(head);
  const rest = await read(head.byteLength, end - head.byteLength);
  if (head.byteLength + rest.byteLength === end) {
    whole.set(rest, head.byteLength);
    return whole;
  }
  const left = head.byteLength + rest.byteLength;
  throw new ToolError('ARCHIVE_CORRUPT', `${end} bytes of segments expected, cut short`, { offset: left });
}

/** A loaded part as an ELF file with sections `.rodata` and `.BTF`. Throws ELF_CORRUPT. */
export async function withSections(part: Uint8Array): Promise<ByteSource> {
  const header = readElfHeader(part);
  const start = Math.min(part.byteLength, ...(await loadedSegments(part)).map(({ offset }) => offset));
  const btf = findBtf(part, header.bigEndian) ?? { offset: part.byteLength, size: 0 };
  const btfEnd = btf.offset + btf.size;
  const names = Buffer.from('\0.rodata\0.BTF\0.shstrtab\0');
  // Names of types are no strings of the kernel, so what BTF covers is left out of the data.
  const places = [
    { name: 1, offset: start, end: Math.max(start, btf.offset) },
    { name: 1, offset: btfEnd, end: part.byteLength },
    { name: 9, offset: btf.offset, end: btfEnd },
  ].filter(({ offset, end }) => end > offset);
  const sections = [
    { name: 0, type: 0n, flags: 0n, offset: 0, size: 0 },
    ...places.map(({ name, offset, end }) => ({ name, ...PROGBITS, offset, size: end - offset })),
    { name: 14, type: SHT_STRTAB, flags: 0n, offset: part.byteLength, size: names.byteLength },
  ];
  const table = Buffer.concat(sections.map((section) => sectionHeader(section, header)));
  const head = withTable(part.subarray(0, ELF_ENTRY_SIZES[header.bits].header), header, {
    offset: part.byteLength + names.byteLength,
    count: sections.length,
  });
  return joined([head, part.subarray(head.byteLength), names, table]);
}

/** The segments that are loaded and have bytes in the file. */
async function loadedSegments(head: Uint8Array) {
  const header = readElfHeader(head);
  // The table of sections is not at hand; a file that has none is as good.
  const size = ELF_ENTRY_SIZES[header.bits].header;
  const bare = withTable(head.subarray(0, size), header, { offset: 0, count: 0 });
  const { segments } = await openElf(joined([bare, head.subarray(size)]));
  return segments.filter(({ type, fileSize }) => type === PT_LOAD && fileSize > 0);
}

/** A copy of an ELF header that names another table of sections, whose names are in its last section. */
function withTable(
  head: Uint8Array,
  { bits, bigEndian }: ElfHeader,
  { offset, count }: { offset: number; count: number },
): Uint8Array {
  const copy = new Uint8Array(head);
  const view = new DataView(copy.buffer);
  const isLittle = !bigEndian;
  if (bits === 64) view.setBigUint64(40, BigInt(offset), isLittle);
  else view.setUint32(32, offset, isLittle);
  const tail = bits === 64 ? 58 : 46;
  view.setUint16(tail, ELF_ENTRY_SIZES[bits].section, isLittle);
  view.setUint16(tail + 2, count, isLittle);
  view.setUint16(tail + 4, Math.max(0, count - 1), isLittle);
  return copy;
}

function sectionHeader(
  {
    name,
    type,
    flags,
    offset,
    size,
  }: { name: number; type: bigint; flags: bigint; offset: number; size: number },
  { bits, bigEndian }: ElfHeader,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(ELF_ENTRY_SIZES[bits].section));
  const width = bits / 8;
  const word = (index: number, value: bigint) =>
    bits === 64
      ? view.setBigUint64(8 + index * width, value, !bigEndian)
      : view.setUint32(8 + index * width, Number(value), !bigEndian);
  view.setUint32(0, name, !bigEndian);
  view.setUint32(4, Number(type), !bigEndian);
  for (const [index, value] of [flags, 0n, BigInt(offset), BigInt(size)].entries()) word(index, value);
  return new Uint8Array(view.buffer);
}

/** Parts as one source, without putting them together. */
function joined(parts: readonly Uint8Array[]): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const part of parts) {
    starts.push(size);
    size += part.byteLength;
  }
  const at = async (offset: number) => {
    const index = starts.findLastIndex((start) => start <= offset);
    return parts[index]?.subarray(offset - (starts[index] ?? 0)) ?? new Uint8Array();
  };
  return {
    ...bytesSource(new Uint8Array()),
    size,
    at,
    peek: async (start, length) => (await at(start)).subarray(0, length),
  };
}
