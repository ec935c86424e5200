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
import { StructureWalker } from './fdt-structure.ts';
import type { DeviceTree, DeviceTreeCut, DeviceTreePlaces } from './fdt-tree.ts';
import { FDT_MAGIC } from './fdt-tree.ts';

export type { DeviceTree, DeviceTreeCut, DeviceTreeNode, DeviceTreeProperty } from './fdt-tree.ts';
export { childOf, propertyOf, stringsOf } from './fdt-tree.ts';

const HEADER_SIZE = { 16: 36, 17: 40 } as const;

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
 * Parses a blob into a tree; values are views of `bytes`. Of a blob that is longer than the bytes it gives what is there, with
 * `cut` (a kernel's debugfs shows a tree that grew no longer than it was at first).
 * @throws ToolError FDT_TRUNCATED where not even the header and the beginning of the root are there, FDT_CORRUPT for anything else
 */
export function parseFdt(bytes: Uint8Array): DeviceTree {
  const header = readHeader(bytes);
  const blob = bytes.subarray(0, header.total);
  const remarks: string[] = [];
  if (bytes.length > header.total) remarks.push(`${bytes.length - header.total} bytes behind the end`);
  const strings = blob.subarray(header.strings, header.strings + header.stringsSize);
  const isCut = bytes.length < header.total;
  const walker = new StructureWalker({
    block: structureOf(blob, header),
    base: header.structure,
    strings,
    isCut,
  });
  const root = walker.read();
  return {
    version: header.version,
    lastCompatible: header.lastCompatible,
    bootCpu: header.bootCpu,
    reservations: readReservations(blob, header, isCut),
    root,
    strings,
    places: {
      reservations: header.reservations,
      structure: header.structure,
      strings: header.strings,
      total: header.total,
    },
    ...(isCut && { cut: cutOf(header, bytes.length, walker.inside) }),
    remarks: [...remarks, ...walker.remarks],
  };
}

function cutOf({ total, stringsSize }: Header, there: number, inside: string | undefined): DeviceTreeCut {
  return { said: total, there, stringsSize, ...(inside !== undefined && { inside }) };
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('FDT_CORRUPT', `FDT: ${message} at offset ${offset}`, { offset });
}

function readHeader(bytes: Uint8Array): Header {
  const cursor = new Cursor(bytes, { label: 'FDT header', code: 'FDT_TRUNCATED', bigEndian: true });
  const magic = cursor.u32();
  if (magic !== FDT_MAGIC) throw corrupt(`magic 0x${magic.toString(16)}, 0xd00dfeed expected`, 0);
  const total = cursor.u32();
  if (bytes.length < HEADER_SIZE[17] && bytes.length < total) {
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

/** The pairs up to the one of zeros; of a cut blob those that are there. */
function readReservations(
  blob: Uint8Array,
  { reservations: base }: Header,
  isCut: boolean,
): DeviceTree['reservations'] {
  const label = 'FDT memory reservation block';
  const cursor = new Cursor(blob.subarray(base), { label, code: 'FDT_CORRUPT', bigEndian: true, base });
  const found: DeviceTree['reservations'] = [];
  for (;;) {
    if (isCut && cursor.remaining < 16) return found;
    const [address, size] = [cursor.u64(), cursor.u64()];
    if (address === 0n && size === 0n) return found;
    found.push({ address, size });
  }
}
