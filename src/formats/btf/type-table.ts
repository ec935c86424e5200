import { ToolError } from '../../errors.ts';
import { corrupt } from './corrupt.ts';
import { type BtfWire, KIND, kindName, kindOfInfo, TYPE_WORDS, vlenOfInfo } from './wire.ts';

/** Where each type of a blob begins, and the checks that need no more than the words. */
export interface TypeTable extends BtfWire {
  /** By own type number, the word that the type begins at. */
  readonly starts: Uint32Array;
  /** The id of the first own type: 1, or what the base has in all, void included. */
  readonly firstId: number;
  /** One past the last id. */
  readonly endId: number;
}

/**
 * Finds where each type begins; nothing else of it is looked at. Throws BTF_CORRUPT where a type does not fit into the
 * section, BTF_UNKNOWN_KIND where a kind is not known and the blob does not say how long its types are.
 */
export function indexTypes(wire: BtfWire, firstId: number): TypeTable {
  const { words, sizes } = wire;
  const length = words.length;
  const starts = new Uint32Array(Math.ceil(length / TYPE_WORDS));
  let count = 0;
  let at = 0;
  while (at < length) {
    const info = words[at + 1] ?? 0;
    const size = sizes[kindOfInfo(info)];
    if (size === undefined) throw unknownKind(wire, at, firstId + count);
    starts[count] = at;
    const end = at + TYPE_WORDS + size.fixed + size.element * vlenOfInfo(info);
    if (end > length) throw corrupt(`type ${firstId + count} ends behind the types`, offsetOf(wire, at));
    count += 1;
    at = end;
  }
  return { ...wire, starts: starts.slice(0, count), firstId, endId: firstId + count };
}

function unknownKind(wire: BtfWire, at: number, id: number): ToolError {
  const offset = offsetOf(wire, at);
  if (at + TYPE_WORDS > wire.words.length) return corrupt(`type ${id} ends behind the types`, offset);
  const kind = kindOfInfo(wire.words[at + 1] ?? 0);
  if (kind === 0) return corrupt(`type ${id} has kind 0`, offset);
  const message = `BTF: type ${id} has kind ${kind}, which is not known and cannot be skipped, at offset ${offset}`;
  return new ToolError('BTF_UNKNOWN_KIND', message, { offset });
}

/** Bytes from the start of the blob to a word of its types. */
function offsetOf(wire: BtfWire, word: number): number {
  return wire.header.types.offset + word * 4;
}

/**
 * Checks one own type's ids, names, sizes and bits, and nothing that they refer to. `start` is its first word.
 * Throws BTF_CORRUPT. Every type of an image goes through here, so it makes no object unless it fails.
 */
export function checkType(table: TypeTable, start: number): void {
  const { words, endId } = table;
  const nameEnd = table.strings.end;
  const info = words[start + 1] ?? 0;
  const last = words[start + 2] ?? 0;
  const kind = kindOfInfo(info);
  const step = STEP[kind] ?? 0;
  const nameAt = NAME[kind] ?? -1;
  const typeAt = TYPE[kind] ?? -1;
  const end = start + TYPE_WORDS + (step === 0 ? 0 : step * vlenOfInfo(info));
  checkName(table, start, nameEnd);
  if (REFERS[kind] === 1 && last >= endId) throw noSuchType(table, start, last);
  for (let at = start + TYPE_WORDS; at < end; at += step) {
    if (nameAt === 0) checkName(table, at, nameEnd);
    const id = typeAt < 0 ? 0 : (words[at + typeAt] ?? 0);
    if (id >= endId) throw noSuchType(table, at, id);
  }
  if (kind === KIND.array) checkArray(table, start);
  else if (kind === KIND.int) checkInt(table, start, last);
  else if (
    (kind === KIND.enum || kind === KIND.enum64) &&
    (last > 8 || last === 0 || (last & (last - 1)) !== 0)
  )
    throw corrupt(`no enum has ${last} bytes`, offsetOf(table, start));
}

const REFERRING: readonly number[] = [
  KIND.ptr,
  KIND.typedef,
  KIND.volatile,
  KIND.const,
  KIND.restrict,
  KIND.func,
  KIND['func-proto'],
  KIND.var,
  KIND['decl-tag'],
  KIND['type-tag'],
];
/** By kind: 1 where the third word is a type's id. */
const REFERS = Uint8Array.from({ length: 128 }, (_, kind) => (REFERRING.includes(kind) ? 1 : 0));

/** Words of an element, and which of them are the offset of its name and its type's id. */
interface ElementShape {
  readonly step: number;
  readonly name?: 0;
  readonly type?: 0 | 1;
}

const SHAPES: Partial<Record<string, ElementShape>> = {
  struct: { step: 3, name: 0, type: 1 },
  union: { step: 3, name: 0, type: 1 },
  enum: { step: 2, name: 0 },
  enum64: { step: 3, name: 0 },
  'func-proto': { step: 2, name: 0, type: 1 },
  datasec: { step: 3, type: 0 },
};
const shapes = Array.from({ length: 128 }, (_, kind) => SHAPES[kindName(kind) ?? '']);
const STEP = Int8Array.from(shapes, (shape) => shape?.step ?? 0);
const NAME = Int8Array.from(shapes, (shape) => shape?.name ?? -1);
const TYPE = Int8Array.from(shapes, (shape) => shape?.type ?? -1);

function checkName(table: TypeTable, at: number, nameEnd: number): void {
  const name = table.words[at] ?? 0;
  if (name >= nameEnd && name !== 0)
    throw corrupt(`no name at ${name} of ${nameEnd} bytes`, offsetOf(table, at));
}

function noSuchType(table: TypeTable, at: number, id: number): ToolError {
  return corrupt(`no type has the id ${id}`, offsetOf(table, at));
}

function checkArray(table: TypeTable, start: number): void {
  for (const at of [start + 3, start + 4]) {
    const id = table.words[at] ?? 0;
    if (id >= table.endId) throw noSuchType(table, at, id);
  }
}

/** Sizes up to 16 bytes, as btf_int_check_meta has them; bits inside. */
function checkInt(table: TypeTable, start: number, size: number): void {
  const data = table.words[start + TYPE_WORDS] ?? 0;
  const bits = data & 0xff;
  const offset = (data >>> 16) & 0xff;
  const at = offsetOf(table, start);
  if (size === 0 || size > 16) throw corrupt(`no integer has ${size} bytes`, at);
  if (bits + offset > size * 8)
    throw corrupt(`${bits} bits at ${offset} leave an integer of ${size} bytes`, at);
}
