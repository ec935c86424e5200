import type { ToolError } from '../../errors.ts';
import { corrupt } from './corrupt.ts';
import { offsetOf, type TypeTable } from './type-table.ts';
import { KIND, kindName, TYPE_WORDS, vlenOfInfo } from './wire.ts';

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

/** By kind: 1 where there is more to check. */
const OWN = Uint8Array.from({ length: 128 }, (_, kind) =>
  kind === KIND.int || kind === KIND.array || kind === KIND.enum || kind === KIND.enum64 ? 1 : 0,
);

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

/**
 * Checks the ids, names, sizes and bits of own types from one number up to another, and nothing that they refer to.
 * Throws BTF_CORRUPT. All types of an image go through this one loop, which makes no object unless it fails.
 */
export function checkTypes(table: TypeTable, from: number, to: number): void {
  const { words, starts, kinds, endId } = table;
  const nameEnd = table.strings.end;
  for (let number = from; number < to; number += 1) {
    const start = starts[number] ?? 0;
    const last = words[start + 2] ?? 0;
    const kind = kinds[number] ?? 0;
    const name = words[start] ?? 0;
    if (name >= nameEnd && name !== 0) throw noSuchName(table, start);
    if (REFERS[kind] === 1 && last >= endId) throw noSuchType(table, start, last);
    const step = STEP[kind] ?? 0;
    if (step > 0) {
      const end = start + TYPE_WORDS + step * vlenOfInfo(words[start + 1] ?? 0);
      const hasNames = NAME[kind] === 0;
      const typeAt = TYPE[kind] ?? -1;
      for (let at = start + TYPE_WORDS; at < end; at += step) {
        const element = words[at] ?? 0;
        if (hasNames && element >= nameEnd && element !== 0) throw noSuchName(table, at);
        if (typeAt >= 0 && (words[at + typeAt] ?? 0) >= endId)
          throw noSuchType(table, at, words[at + typeAt] ?? 0);
      }
    }
    if (OWN[kind] === 1) checkOwn(table, start, kind);
  }
}

/** What only integers, arrays and enums have. */
function checkOwn(table: TypeTable, start: number, kind: number): void {
  const last = table.words[start + 2] ?? 0;
  if (kind === KIND.array) checkArray(table, start);
  else if (kind === KIND.int) checkInt(table, start, last);
  else if (last > 8 || last === 0 || (last & (last - 1)) !== 0)
    throw corrupt(`no enum has ${last} bytes`, offsetOf(table, start));
}

function noSuchName(table: TypeTable, at: number): ToolError {
  const message = `no name at ${table.words[at]} of ${table.strings.end} bytes`;
  return corrupt(message, offsetOf(table, at));
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
