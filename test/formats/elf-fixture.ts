/* ELF files, boot images and BTF for tests, put together byte by byte. */

/** A section of a made-up ELF file. */
export interface MadeSection {
  name: string;
  bytes?: Uint8Array;
  type?: number;
  flags?: bigint;
  /** Sizes and offsets to claim instead of the real ones. */
  claimedOffset?: bigint;
  claimedSize?: bigint;
}

/** How a made-up ELF file is encoded, and what its header claims. */
export interface ElfShape {
  bits: 32 | 64;
  bigEndian: boolean;
  type?: number;
  machine?: number;
  /** Writes the number of sections and the index of the names into section 0, as files with very many do. */
  isExtended?: boolean;
  segments?: number;
}

/** The four encodings of an ELF file. */
export const ELF_SHAPES: readonly ElfShape[] = [
  { bits: 64, bigEndian: false },
  { bits: 64, bigEndian: true },
  { bits: 32, bigEndian: false },
  { bits: 32, bigEndian: true },
];

/** Numbers one after the other, in a byte order. */
export class Writer {
  readonly #shape: ElfShape;
  #room = Buffer.alloc(256);
  #size = 0;

  constructor(shape: ElfShape) {
    this.#shape = shape;
  }

  u16(value: number): this {
    const at = this.#take(2);
    if (this.#shape.bigEndian) this.#room.writeUInt16BE(value, at);
    else this.#room.writeUInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    if (this.#shape.bigEndian) this.#room.writeUInt32BE(value, at);
    else this.#room.writeUInt32LE(value, at);
    return this;
  }

  word(value: bigint | number): this {
    return this.#shape.bits === 32 ? this.u32(Number(value)) : this.u64(BigInt(value));
  }

  u64(value: bigint): this {
    const at = this.#take(8);
    if (this.#shape.bigEndian) this.#room.writeBigUInt64BE(value, at);
    else this.#room.writeBigUInt64LE(value, at);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#take(bytes.byteLength);
    this.#room.set(bytes, at);
    return this;
  }

  bytes(): Buffer {
    return this.#room.subarray(0, this.#size);
  }

  /** Where the next bytes go. */
  #take(size: number): number {
    const at = this.#size;
    this.#size += size;
    if (this.#size > this.#room.byteLength) {
      this.#room = Buffer.concat([this.#room], Math.max(this.#size, 2 * this.#room.byteLength));
    }
    return at;
  }
}

/** An ELF file: header, contents of sections, names, section headers, program headers. */
export function elfBytes(shape: ElfShape, sections: readonly MadeSection[]): Buffer {
  const headerSize = shape.bits === 64 ? 64 : 52;
  const names = Buffer.from(`\0${[...sections.map(({ name }) => name), '.shstrtab'].join('\0')}\0`);
  const all: MadeSection[] = [...sections, { name: '.shstrtab', type: 3, bytes: names }];
  const contents = Buffer.concat(all.map(({ bytes }) => bytes ?? new Uint8Array()));
  const count = all.length + 1;
  const sectionOffset = headerSize + contents.byteLength;
  const sectionSize = shape.bits === 64 ? 64 : 40;
  const segments = shape.segments ?? 0;
  const header = new Writer(shape)
    .raw(Buffer.from([0x7f, 0x45, 0x4c, 0x46, shape.bits / 32, shape.bigEndian ? 2 : 1, 1]))
    .raw(Buffer.alloc(9))
    .u16(shape.type ?? 2)
    .u16(shape.machine ?? 62)
    .u32(1)
    .word(0)
    .word(segments === 0 ? 0 : sectionOffset + count * sectionSize)
    .word(sectionOffset)
    .u32(0)
    .u16(headerSize)
    .u16(shape.bits === 64 ? 56 : 32)
    .u16(segments)
    .u16(sectionSize)
    .u16(shape.isExtended ? 0 : count)
    .u16(shape.isExtended ? 0xffff : count - 1);
  const table = new Writer(shape);
  const extended = { size: shape.isExtended ? count : 0, link: shape.isExtended ? count - 1 : 0 };
  sectionHeader(table, { name: 0, type: 0, flags: 0n, offset: 0n, ...extended, size: BigInt(extended.size) });
  let offset = headerSize;
  let nameOffset = 1;
  for (const { name, type = 1, flags = 0n, bytes, claimedOffset, claimedSize } of all) {
    const size = claimedSize ?? BigInt(bytes?.byteLength ?? 0);
    sectionHeader(table, {
      name: nameOffset,
      type,
      flags,
      offset: claimedOffset ?? BigInt(offset),
      size,
      link: 0,
    });
    offset += bytes?.byteLength ?? 0;
    nameOffset += name.length + 1;
  }
  for (let index = 0; index < segments; index++) segmentHeader(table, shape);
  return Buffer.concat([header.bytes(), contents, table.bytes()]);
}

function sectionHeader(
  to: Writer,
  {
    name,
    type,
    flags,
    offset,
    size,
    link,
  }: { name: number; type: number; flags: bigint; offset: bigint; size: bigint; link: number },
): void {
  to.u32(name).u32(type).word(flags).word(0).word(offset).word(size).u32(link).u32(0).word(1).word(0);
}

/** A loaded segment: offset 16, address 4096, 32 bytes in the file and 64 in memory, readable and executable. */
function segmentHeader(to: Writer, { bits }: ElfShape): void {
  to.u32(1);
  if (bits === 64) to.u32(5);
  to.word(16).word(4096).word(4096).word(32).word(64);
  if (bits === 32) to.u32(5);
  to.word(4096);
}

/** The header of a compressed section and what follows it. */
export function compressedSection(
  shape: ElfShape,
  type: number,
  size: number | bigint,
  packed: Uint8Array,
): Buffer {
  const writer = new Writer(shape).u32(type);
  if (shape.bits === 64) writer.u32(0);
  return writer.word(size).word(1).raw(packed).bytes();
}

/** Raw BTF with one integer type; of a module when its strings do not begin with the empty one. */
export function btfBytes(bigEndian = false, strings = '\0int\0'): Buffer {
  const shape = { bits: 64, bigEndian } as const;
  const types = new Writer(shape).u32(1).u32(0x01000000).u32(4).u32(0x01000020).bytes();
  const magic = new Writer(shape).u16(0xeb9f).bytes();
  return new Writer(shape)
    .raw(magic)
    .raw(Buffer.from([1, 0]))
    .u32(24)
    .u32(0)
    .u32(types.byteLength)
    .u32(types.byteLength)
    .u32(strings.length)
    .raw(types)
    .raw(Buffer.from(strings))
    .bytes();
}

/** Where the payload of a made-up bzImage begins. */
export const PAYLOAD_OFFSET = 5 * 512 + 16;

/** A bzImage of boot protocol 2.15 around a payload, which is taken as it is, the size behind it included. */
export function bzImageBytes(payload: Uint8Array, version = '7.3.4+made-amd64 (builder) #1 SMP'): Buffer {
  const image = Buffer.alloc(PAYLOAD_OFFSET + payload.byteLength + 40);
  image.write('MZ');
  image[0x1f1] = 4;
  image.writeUInt16LE(0xaa55, 0x1fe);
  image.write('HdrS', 0x202);
  image.writeUInt16LE(0x020f, 0x206);
  image.writeUInt16LE(0x400, 0x20e);
  image.writeUInt16LE(1, 0x236);
  image.writeUInt32LE(16, 0x248);
  image.writeUInt32LE(payload.byteLength, 0x24c);
  image.write(`${version}\0`, 0x600, 'latin1');
  image.set(payload, PAYLOAD_OFFSET);
  return image;
}

/** A number as the four bytes that stand behind a payload. */
export function sizeBehind(size: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(size);
  return bytes;
}

/** The legacy frame of lz4 around blocks that are compressed already. */
export function lz4Frame(blocks: readonly Uint8Array[]): Buffer {
  const parts = blocks.flatMap((block) => [sizeBehind(block.byteLength), block]);
  return Buffer.concat([Buffer.from([0x02, 0x21, 0x4c, 0x18]), ...parts]);
}
