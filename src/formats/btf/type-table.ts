import { ToolError } from '../../errors.ts';
import { corrupt } from './corrupt.ts';
import { type BtfWire, kindOfInfo, TYPE_WORDS, vlenOfInfo } from './wire.ts';

/** A blob and where each of its types begins. */
export interface TypeTable extends BtfWire {
  /** By own type number, the word that the type begins at. */
  readonly starts: Uint32Array;
  /** By own type number, the kind. */
  readonly kinds: Uint8Array;
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
  const kinds = new Uint8Array(starts.length);
  let count = 0;
  let at = 0;
  while (at < length) {
    const info = words[at + 1] ?? 0;
    const kind = kindOfInfo(info);
    const size = sizes[kind];
    if (size === undefined) throw unknownKind(wire, at, firstId + count);
    starts[count] = at;
    kinds[count] = kind;
    const end = at + TYPE_WORDS + size.fixed + size.element * vlenOfInfo(info);
    if (end > length) throw corrupt(`type ${firstId + count} ends behind the types`, offsetOf(wire, at));
    count += 1;
    at = end;
  }
  const own = { starts: starts.subarray(0, count), kinds: kinds.subarray(0, count) };
  return { ...wire, ...own, firstId, endId: firstId + count };
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
export function offsetOf(wire: BtfWire, word: number): number {
  return wire.header.types.offset + word * 4;
}
