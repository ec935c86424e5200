/*
 * Flattened devicetree (Devicetree Specification v0.4, chapter 5), all numbers big endian:
 *   header       magic 0xd00dfeed, totalsize, off_dt_struct, off_dt_strings, off_mem_rsvmap, version, last_comp_version,
 *                boot_cpuid_phys, size_dt_strings (36 bytes, version 16), size_dt_struct (40 bytes, version 17)
 *   reservations pairs of u64 (address, size), ended by a pair of zeros
 *   structure    tokens of 4 bytes: BEGIN_NODE + name, END_NODE, PROP + length + offset of the name + value, NOP, END;
 *                names and values padded to 4 bytes
 *   strings      the names of properties, each ended by NUL; names may share their tails
 */
import { Cursor } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';

/** The first four bytes. */
export const FDT_MAGIC = 0xd00dfeed;
/** Nodes within nodes, the root included; the kernel's own unflattener stops at as many (drivers/of/fdt.c). */
export const FDT_MAX_DEPTH = 64;
/** Bytes of a property's name (the specification allows 31) and of a node's path. Keep crafted blobs from costing time. */
const MAX_PROPERTY_NAME = 256;
const MAX_PATH = 1024;
const MAX_REMARKS = 100;
const HEADER_SIZE = { 16: 36, 17: 40 } as const;

export const FDT_BEGIN_NODE = 1;
export const FDT_END_NODE = 2;
export const FDT_PROP = 3;
export const FDT_NOP = 4;
export const FDT_END = 9;

export interface DeviceTreeProperty {
  name: string;
  value: Uint8Array;
  /** Where the name stands in the strings block; encoding keeps it while it fits. */
  nameOffset?: number;
}

export interface DeviceTreeNode {
  /** With its unit address, `memory@0`; empty for the root. */
  name: string;
  properties: DeviceTreeProperty[];
  children: DeviceTreeNode[];
}

/** Where the blocks stand, in bytes from the start. */
export interface DeviceTreePlaces {
  reservations: number;
  structure: number;
  strings: number;
  total: number;
}

export interface DeviceTree {
  version: number;
  lastCompatible: number;
  bootCpu: number;
  reservations: { address: bigint; size: bigint }[];
  root: DeviceTreeNode;
  /** The strings block as it was read; encoding adds what is missing behind it. */
  strings?: Uint8Array;
  places?: DeviceTreePlaces;
  /** What a reader may trip over, in words: names that stand twice, bytes behind the end; not more than 100. */
  remarks: string[];
}

interface Header extends DeviceTreePlaces {
  version: 16 | 17;
  lastCompatible: number;
  bootCpu: number;
  stringsSize: number;
  /** Version 16 has no size; the block then reaches to its END token. */
  structureSize: number | undefined;
}

/** True for bytes that begin as a flattened devicetree does. */
export function isFdt(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) === FDT_MAGIC;
}

/**
 * Parses a blob into a tree; values are views of `bytes`.
 * @throws ToolError FDT_TRUNCATED where the blob is longer than the bytes, FDT_CORRUPT for anything else
 */
export function parseFdt(bytes: Uint8Array): DeviceTree {
  const header = readHeader(bytes);
  const blob = bytes.subarray(0, header.total);
  const remarks: string[] = [];
  if (bytes.length > header.total) remarks.push(`${bytes.length - header.total} bytes behind the end`);
  const strings = blob.subarray(header.strings, header.strings + header.stringsSize);
  const walker = new StructureWalker(structureOf(blob, header), header.structure, strings);
  const root = walker.read();
  return {
    version: header.version,
    lastCompatible: header.lastCompatible,
    bootCpu: header.bootCpu,
    reservations: readReservations(blob, header),
    root,
    strings,
    places: {
      reservations: header.reservations,
      structure: header.structure,
      strings: header.strings,
      total: header.total,
    },
    remarks: [...remarks, ...walker.remarks],
  };
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('FDT_CORRUPT', `FDT: ${message} at offset ${offset}`, { offset });
}

function readHeader(bytes: Uint8Array): Header {
  const cursor = new Cursor(bytes, { label: 'FDT header', code: 'FDT_TRUNCATED', bigEndian: true });
  const magic = cursor.u32();
  if (magic !== FDT_MAGIC) throw corrupt(`magic 0x${magic.toString(16)}, 0xd00dfeed expected`, 0);
  const total = cursor.u32();
  if (total > bytes.length) {
    const message = `FDT: ${total} bytes said, ${bytes.length} there`;
    throw new ToolError('FDT_TRUNCATED', message, { offset: bytes.length });
  }
  const [structure, strings, reservations] = [cursor.u32(), cursor.u32(), cursor.u32()];
  const [version, lastCompatible] = [cursor.u32(), cursor.u32()];
  const known = readableVersion(version, lastCompatible);
  if (total < HEADER_SIZE[known]) throw corrupt(`${total} bytes said, no room for the header`, 4);
  const [bootCpu, stringsSize] = [cursor.u32(), cursor.u32()];
  const structureSize = known === 17 ? cursor.u32() : undefined;
  const first = HEADER_SIZE[known];
  checkRange({ label: 'strings block', start: strings, size: stringsSize, first, total });
  checkRange({ label: 'structure block', start: structure, size: structureSize ?? 4, first, total });
  checkRange({ label: 'memory reservation block', start: reservations, size: 16, first, total });
  if (structure % 4 !== 0) throw corrupt(`structure block at ${structure}, not on 4 bytes`, 8);
  if (reservations % 8 !== 0)
    throw corrupt(`memory reservation block at ${reservations}, not on 8 bytes`, 16);
  const blocks = { structure, strings, reservations, total };
  return { ...blocks, version: known, lastCompatible, bootCpu, stringsSize, structureSize };
}

/** Later versions are read as 17 where they say that they may be. */
function readableVersion(version: number, lastCompatible: number): 16 | 17 {
  if (version < 16) throw corrupt(`version ${version}, 16 or later expected`, 20);
  if (lastCompatible > 17 || lastCompatible > version) {
    throw corrupt(`version ${version} that needs a reader of version ${lastCompatible}, 17 is known`, 24);
  }
  return version === 16 ? 16 : 17;
}

interface BlockRange {
  label: string;
  start: number;
  size: number;
  /** Where a block may begin: behind the header. */
  first: number;
  total: number;
}

function checkRange({ label, start, size, first, total }: BlockRange): void {
  if (start < first) throw corrupt(`${label} inside the header`, start);
  if (start + size > total) throw corrupt(`${label} of ${size} bytes ends beyond ${total} bytes`, start);
}

function structureOf(blob: Uint8Array, { structure, structureSize }: Header): Uint8Array {
  return blob.subarray(structure, structureSize === undefined ? blob.length : structure + structureSize);
}

function readReservations(blob: Uint8Array, { reservations: base }: Header): DeviceTree['reservations'] {
  const label = 'FDT memory reservation block';
  const cursor = new Cursor(blob.subarray(base), { label, code: 'FDT_CORRUPT', bigEndian: true, base });
  const found: DeviceTree['reservations'] = [];
  for (;;) {
    const [address, size] = [cursor.u64(), cursor.u64()];
    if (address === 0n && size === 0n) return found;
    found.push({ address, size });
  }
}

/** Reads the structure block, token by token. */
class StructureWalker {
  readonly remarks: string[] = [];
  readonly #cursor: Cursor;
  readonly #block: Uint8Array;
  readonly #strings: Uint8Array;
  readonly #names = new Map<number, string>();

  constructor(block: Uint8Array, base: number, strings: Uint8Array) {
    const label = 'FDT structure block';
    this.#cursor = new Cursor(block, { label, code: 'FDT_CORRUPT', bigEndian: true, base });
    this.#block = block;
    this.#strings = strings;
  }

  read(): DeviceTreeNode {
    if (this.#token() !== FDT_BEGIN_NODE) throw this.#cursor.fail('no root node');
    const root = this.#node('', 1);
    if (root.name !== '') this.remarks.push(`the root node has the name ${root.name}`);
    const token = this.#token();
    if (token !== FDT_END) throw this.#cursor.fail(`token ${token} behind the root node, END (9) expected`);
    return root;
  }

  /** The next token that is no NOP. */
  #token(): number {
    for (;;) {
      const token = this.#cursor.u32();
      if (token !== FDT_NOP) return token;
    }
  }

  #node(parent: string, depth: number): DeviceTreeNode {
    if (depth > FDT_MAX_DEPTH) throw this.#cursor.fail(`more than ${FDT_MAX_DEPTH} nodes within each other`);
    const node: DeviceTreeNode = { name: this.#nodeName(), properties: [], children: [] };
    const path = depth === 1 ? '' : `${parent}/${node.name}`;
    if (path.length > MAX_PATH) throw this.#cursor.fail(`a path of more than ${MAX_PATH} bytes`);
    for (;;) {
      const token = this.#token();
      if (token === FDT_END_NODE) break;
      if (token === FDT_PROP) node.properties.push(this.#property(node));
      else if (token === FDT_BEGIN_NODE) node.children.push(this.#node(path, depth + 1));
      else throw this.#cursor.fail(`token ${token} inside a node`);
    }
    this.#noteTwice(path, 'property', node.properties);
    this.#noteTwice(path, 'node', node.children);
    return node;
  }

  #nodeName(): string {
    const start = this.#cursor.offset;
    const end = this.#block.indexOf(0, start);
    if (end < 0) throw this.#cursor.fail('a node name without an end');
    const name = textOf(this.#cursor.bytes(end - start));
    this.#cursor.skip(1);
    this.#align();
    return name;
  }

  #property({ children }: DeviceTreeNode): DeviceTreeProperty {
    if (children.length > 0) throw this.#cursor.fail('a property behind a node');
    const [length, nameOffset] = [this.#cursor.u32(), this.#cursor.u32()];
    const name = this.#propertyName(nameOffset);
    const value = this.#cursor.bytes(length);
    this.#align();
    return { name, value, nameOffset };
  }

  #propertyName(offset: number): string {
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const strings = this.#strings;
    if (offset >= strings.length) {
      throw this.#cursor.fail(`a name at ${offset} of a strings block of ${strings.length} bytes`);
    }
    const length = strings.subarray(offset, offset + MAX_PROPERTY_NAME).indexOf(0);
    if (length < 0) throw this.#cursor.fail(`the name at ${offset} of the strings block does not end`);
    const name = textOf(strings.subarray(offset, offset + length));
    this.#names.set(offset, name);
    return name;
  }

  #align(): void {
    this.#cursor.skip(-this.#cursor.offset & 3);
  }

  #noteTwice(path: string, what: string, entries: readonly { name: string }[]): void {
    const seen = new Set<string>();
    for (const { name } of entries) {
      if (seen.has(name))
        this.remarks.push(`${path || '/'}: ${what} ${name} stands twice; readers take the first`);
      seen.add(name);
    }
  }
}

/** Names are ASCII; other bytes are kept as the code units of Latin-1, so that they come back equal. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The value of a property of a node; of two with one name the first, as readers do. */
export function propertyOf(node: DeviceTreeNode, name: string): Uint8Array | undefined {
  return node.properties.find((property) => property.name === name)?.value;
}

/** The child of a node by its full name. */
export function childOf(node: DeviceTreeNode, name: string): DeviceTreeNode | undefined {
  return node.children.find((child) => child.name === name);
}

/** The strings of a property that holds a list of them; undefined where the bytes are no such list. */
export function stringsOf(value: Uint8Array): string[] | undefined {
  if (value.length === 0 || value.at(-1) !== 0) return undefined;
  const strings = textOf(value.subarray(0, -1)).split('\0');
  return strings.every((text) => /^[\x20-\x7e]+$/.test(text)) ? strings : undefined;
}
