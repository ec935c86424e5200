/*
 * BTF as it lies in memory (include/uapi/linux/btf.h): a header, then sections at offsets from the header's end.
 *   0 u16 magic  2 u8 version  3 u8 flags  4 u32 hdr_len
 *   8 u32 type_off  12 u32 type_len  16 u32 str_off  20 u32 str_len  [24 u32 layout_off  28 u32 layout_len]
 * A type is 3 words (name, info, size or type id) and then words that its kind decides. The layout section, where
 * there is one, has 4 bytes for each kind: what follows such a type, and what follows for each of its elements.
 */
import { corrupt, truncated } from './corrupt.ts';
import { Strings } from './strings.ts';

const MAGIC = 0xeb9f;
const HEADER_SIZE = 24;
const HEADER_SIZE_WITH_LAYOUT = 32;
const IS_HOST_BIG = new Uint8Array(new Uint32Array([1]).buffer)[0] === 0;

/** Words that every type begins with: name, info, size or type id. */
export const TYPE_WORDS = 3;

/** The number of each kind (BTF_KIND_*). */
export const KIND = {
  int: 1,
  ptr: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  fwd: 7,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  func: 12,
  'func-proto': 13,
  var: 14,
  datasec: 15,
  float: 16,
  'decl-tag': 17,
  'type-tag': 18,
  enum64: 19,
} as const;

/** A kind by its name. */
export type KindName = keyof typeof KIND;

/** The name of a kind; undefined for one that this program does not know. */
export function kindName(kind: number): KindName | undefined {
  return KIND_NAMES[kind - 1];
}

const KIND_NAMES = Object.keys(KIND) as KindName[];

/** How many words follow a type of a kind, and how many more for each of its `vlen` elements. */
export interface KindSize {
  readonly fixed: number;
  readonly element: number;
}

const none: KindSize = { fixed: 0, element: 0 };
const SIZES: readonly (KindSize | undefined)[] = [
  undefined,
  { fixed: 1, element: 0 },
  none,
  { fixed: 3, element: 0 },
  { fixed: 0, element: 3 },
  { fixed: 0, element: 3 },
  { fixed: 0, element: 2 },
  none,
  none,
  none,
  none,
  none,
  // The vlen of a func is its linkage.
  none,
  { fixed: 0, element: 2 },
  { fixed: 1, element: 0 },
  { fixed: 0, element: 3 },
  none,
  { fixed: 1, element: 0 },
  none,
  { fixed: 0, element: 3 },
];

/** BTF_INFO_KIND; kernels before 7.x used 5 of the 7 bits and kept the others zero. */
export function kindOfInfo(info: number): number {
  return (info >>> 24) & 0x7f;
}

/** BTF_INFO_VLEN; kernels before 7.x used 16 of the 24 bits and kept the others zero. */
export function vlenOfInfo(info: number): number {
  return info & 0xffffff;
}

/** BTF_INFO_KFLAG. */
export function flagOfInfo(info: number): boolean {
  return info >>> 31 === 1;
}

/** A place of the blob: offset from its start and length, in bytes. */
interface Section {
  readonly offset: number;
  readonly length: number;
}

/** A blob whose header was checked. */
export interface BtfHeader {
  readonly isBigEndian: boolean;
  readonly types: Section;
  readonly strings: Section;
  /** Undefined where the header is of the older, shorter form or the section is empty. */
  readonly layout: Section | undefined;
  /** Bytes of header and sections: what follows in a bigger buffer is not BTF. */
  readonly totalLength: number;
}

/** A blob's sections, words in the order of this machine. */
export interface BtfWire {
  readonly header: BtfHeader;
  readonly words: Uint32Array;
  readonly strings: Strings;
  /** Sizes by kind number: the known ones, and others as the layout section has them. */
  readonly sizes: readonly (KindSize | undefined)[];
}

/** Whether bytes begin like BTF, in either byte order. */
export function isBtf(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0x9f && second === 0xeb) || (first === 0xeb && second === 0x9f);
}

/**
 * Checks the header and where the sections lie. The bytes may go on behind the blob. Throws BTF_CORRUPT where this is
 * no BTF, BTF_TRUNCATED where sections end behind the bytes.
 */
export function readHeader(bytes: Uint8Array): BtfHeader {
  if (!isBtf(bytes)) throw corrupt('the magic 0xeb9f expected', 0);
  if (bytes.byteLength < HEADER_SIZE) throw truncated('header', HEADER_SIZE, bytes.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBigEndian = view.getUint16(0) === MAGIC;
  const word = (offset: number) => view.getUint32(offset, !isBigEndian);
  const version = view.getUint8(2);
  if (version !== 1) throw corrupt(`version 1 expected, ${version} found`, 2);
  const start = word(4);
  if (start < HEADER_SIZE || start % 4 !== 0) throw corrupt(`no header has ${start} bytes`, 4);
  if (start > bytes.byteLength) throw truncated('header', start, bytes.byteLength);
  const section = (at: number): Section => ({ offset: start + word(at), length: word(at + 4) });
  const [types, strings] = [section(8), section(16)];
  const layout = start >= HEADER_SIZE_WITH_LAYOUT ? section(24) : { offset: start, length: 0 };
  for (const [name, { offset, length }] of Object.entries({ types, strings, layout })) {
    const end = offset + length;
    if (end > bytes.byteLength) throw truncated(`${name} section`, end, bytes.byteLength);
  }
  if (types.offset % 4 !== 0 || types.length % 4 !== 0) throw corrupt('types do not lie on words', 8);
  if (strings.offset < types.offset + types.length && types.offset < strings.offset + strings.length)
    throw corrupt('types and strings overlap', 8);
  const ends = [types, strings, layout].map(({ offset, length }) => offset + length);
  const hasLayout = layout.length > 0;
  return {
    isBigEndian,
    types,
    strings,
    layout: hasLayout ? layout : undefined,
    totalLength: Math.max(start, ...ends),
  };
}

/** The sections of a blob; `base` are the strings that come before its own, for split BTF. */
export function openWire(bytes: Uint8Array, base: Strings | undefined): BtfWire {
  const header = readHeader(bytes);
  const { types, strings, layout } = header;
  return {
    header,
    words: wordsOf(bytes, types, header.isBigEndian),
    strings: new Strings(bytes.subarray(strings.offset, strings.offset + strings.length), base),
    sizes: layout ? sizesOf(bytes, layout) : SIZES,
  };
}

/** A view where the bytes lie on words and in this machine's order; otherwise a copy. */
function wordsOf(bytes: Uint8Array, { offset, length }: Section, isBigEndian: boolean): Uint32Array {
  const start = bytes.byteOffset + offset;
  const isForeign = isBigEndian !== IS_HOST_BIG;
  if (start % 4 === 0 && !isForeign) return new Uint32Array(bytes.buffer, start, length / 4);
  const copy = Buffer.from(new ArrayBuffer(length));
  copy.set(bytes.subarray(offset, offset + length));
  if (isForeign) copy.swap32();
  return new Uint32Array(copy.buffer);
}

/** Known kinds keep their sizes; the section must not contradict them (struct btf_layout: u8, u8, u16 flags). */
function sizesOf(bytes: Uint8Array, { offset, length }: Section): BtfWire['sizes'] {
  if (length % 4 !== 0)
    throw corrupt(`a layout section of whole entries expected, ${length} bytes found`, 28);
  const sizes = [...SIZES];
  const count = Math.min(length / 4, 128);
  for (let kind = 1; kind < count; kind += 1) {
    const at = offset + kind * 4;
    const [fixed = 0, element = 0] = bytes.subarray(at, at + 2);
    if (fixed % 4 !== 0 || element % 4 !== 0) throw corrupt(`kind ${kind} is not made of words`, at);
    const known = sizes[kind];
    if (known === undefined) sizes[kind] = { fixed: fixed / 4, element: element / 4 };
    else if (known.fixed * 4 !== fixed || known.element * 4 !== element)
      throw corrupt(`kind ${kind} has ${fixed} and ${element} bytes, not its own`, at);
  }
  return sizes;
}
