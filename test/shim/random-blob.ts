import { readEncoding } from '../../src/diff/encoding.ts';
import { isReserved, leavesOf } from '../../src/diff/flat-member.ts';
import { pairMembers } from '../../src/diff/pairing.ts';
import type { FlatMember } from '../../src/diff/rule.ts';
import type { Layout } from '../../src/model/layout.ts';
import type { Target } from '../../src/model/target.ts';
import type { PlannedStruct } from '../../src/shim/plan.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { layoutLookup } from '../../src/verdict/kernel.ts';

/** Numbers that a seed gives again (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % limit;
  }

  /** A number of at most `bits` bits, small ones as often as large ones. */
  number(bits: number): bigint {
    const width = this.below(bits + 1);
    let value = 0n;
    for (let at = 0; at < width; at += 16) value = (value << 16n) | BigInt(this.below(65_536));
    return BigInt.asUintN(width, value);
  }
}

export interface Sides {
  outgoing: Kernel;
  incoming: Kernel;
  target: Target;
}

export interface BlobRequest extends Sides {
  struct: PlannedStruct;
  random: Random;
  /** Only values that the other side holds as well. */
  isFitting: boolean;
}

/** A struct as the outgoing kernel might write it: padding and reserved members are zero, text ends with a NUL. */
export function randomBlob(request: BlobRequest): Buffer {
  const { struct, outgoing, incoming, target } = request;
  const blob = Buffer.alloc(struct.written.size);
  const lookups = { written: layoutLookup(outgoing, target), read: layoutLookup(incoming, target) };
  fill(blob, 0, { written: struct.written, read: struct.read }, { ...request, ...lookups, depth: 0 });
  return blob;
}

interface Drawing extends BlobRequest {
  written: ReturnType<typeof layoutLookup>;
  read: ReturnType<typeof layoutLookup>;
  depth: number;
}

function fill(
  blob: Buffer,
  base: number,
  { written, read }: { written: Layout; read: Layout | undefined },
  drawing: Drawing,
): void {
  const pairs = read
    ? pairMembers({ written, read, outgoing: drawing.written, incoming: drawing.read })
    : leavesOf(written).map((leaf) => ({ written: leaf, read: undefined as FlatMember | undefined }));
  for (const { written: from, read: to } of pairs) {
    if (from && !isReserved(from.name)) fillMember(blob, base + from.bitOffset, { from, to }, drawing);
  }
}

function fillMember(
  blob: Buffer,
  at: number,
  { from, to }: { from: FlatMember; to: FlatMember | undefined },
  drawing: Drawing,
): void {
  const { element, dimensions, tag } = readEncoding(from.encoding);
  if (from.bitSize === 0 || from.stride !== undefined) return;
  const count = dimensions.reduce<number>((product, length) => product * (length ?? 0), 1);
  const bits = from.bitSize / count;
  const there = to && readEncoding(to.encoding);
  const first = dimensions[0] ?? 1;
  const inner = count / first;
  const shown = drawing.isFitting && there ? Math.min(first, there.dimensions[0] ?? first) * inner : count;
  if (element === 'char' && dimensions.length > 0) {
    const rows = dimensions.length === 1 ? 1 : first;
    const room = count / rows;
    const limit = drawing.isFitting && to && rows === 1 ? Math.min(room, to.bitSize / 8) : room;
    for (let row = 0; row < rows; row += 1) text(blob, at / 8 + row * room, limit, drawing.random);
    return;
  }
  for (let index = 0; index < shown; index += 1) {
    const place = at + index * bits;
    const own = tag === undefined ? undefined : drawing.written(tag);
    if (tag !== undefined) {
      if (!own || drawing.depth > 8) continue;
      const other = there?.tag === undefined ? undefined : drawing.read(there.tag);
      fill(blob, place, { written: own, read: other }, { ...drawing, depth: drawing.depth + 1 });
      continue;
    }
    writeBits(blob, place, bits, value({ from, to, bits }, drawing));
  }
}

function value(
  { from, to, bits }: { from: FlatMember; to: FlatMember | undefined; bits: number },
  { random, isFitting }: Drawing,
): bigint {
  const { element, isBitField } = readEncoding(from.encoding);
  if (element === 'bool') return BigInt(random.below(2));
  const there = to && readEncoding(to.encoding);
  const length = there?.dimensions.reduce<number>((product, size) => product * (size ?? 1), 1) ?? 1;
  const otherBits = !there ? bits : there.element === 'bool' ? 1 : (to?.bitSize ?? bits) / length;
  const isSigned = element.startsWith('s') || there?.element.startsWith('s') === true;
  const width = isFitting ? Math.min(bits, otherBits) - (isSigned ? 1 : 0) : bits;
  const number = random.number(Math.max(0, width));
  return element.startsWith('be') && !isBitField ? swapped(number, bits) : number;
}

function swapped(number: bigint, bits: number): bigint {
  const hex = number.toString(16).padStart(bits / 4, '0');
  return BigInt(`0x${(hex.match(/../g) ?? []).reverse().join('')}`);
}

function text(blob: Buffer, start: number, room: number, random: Random): void {
  const length = random.below(room);
  for (let at = 0; at < length; at += 1) blob[start + at] = 97 + random.below(26);
}

function writeBits(blob: Buffer, at: number, bits: number, number: bigint): void {
  for (let bit = 0; bit < bits; bit += 1) {
    const place = at + bit;
    const mask = 1 << (place % 8);
    const byte = blob[Math.floor(place / 8)] ?? 0;
    blob[Math.floor(place / 8)] = (number >> BigInt(bit)) & 1n ? byte | mask : byte & ~mask;
  }
}
