import type { Btf } from './btf.ts';
import { corrupt } from './corrupt.ts';
import type { BtfMember, BtfRecord } from './model.ts';
import { bareType, MAX_DEPTH, sizeOfType } from './resolve.ts';

/** What the places of a record's members say of it. */
export interface Packing {
  /**
   * `packed`: some member lies where it could not without. `natural`: there is a hole that packing would have closed, so
   * that it is not, unless members bear an alignment of their own. `unknown`: both would look the same.
   */
  readonly packing: 'packed' | 'natural' | 'unknown';
  /**
   * In bytes: what the members ask for where the record is not packed, 1 where it is. The declaration may ask for more
   * (`aligned`), or for 1 where packing is unknown.
   */
  readonly align: number;
}

/** Derives alignment, which BTF does not carry, from sizes and offsets. Remembers records, so one serves for a whole layout. */
export class Alignments {
  readonly #btf: Btf;
  readonly #known = new Map<number, Packing>();
  readonly #open = new Set<number>();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  /** Of a struct or union by its id. Throws BTF_CORRUPT where one holds itself. */
  ofRecord(id: number, record: BtfRecord): Packing {
    const known = this.#known.get(id);
    if (known) return known;
    if (this.#open.has(id)) throw corrupt(`type ${id} holds itself`);
    if (this.#open.size >= MAX_DEPTH) throw corrupt(`type ${id} nests deeper than ${MAX_DEPTH}`);
    this.#open.add(id);
    const packing = this.#derive(record);
    this.#open.delete(id);
    this.#known.set(id, packing);
    return packing;
  }

  /** Of any type that a member may have, and whether that alignment is sure. */
  #ofType(id: number): { align: number; isSure: boolean } {
    let current = id;
    for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
      const { id: bareId, type } = bareType(this.#btf, current);
      if (type.kind === 'struct' || type.kind === 'union') {
        const { align, packing } = this.ofRecord(bareId, type);
        return { align, isSure: packing === 'natural' || align === 1 };
      }
      if (type.kind !== 'array') return { align: sizeOfType(this.#btf, bareId) ?? 1, isSure: true };
      current = type.type;
    }
    throw corrupt(`type ${id} has more than ${MAX_DEPTH} dimensions`);
  }

  #derive(record: BtfRecord): Packing {
    let align = 1;
    let sureAlign = 1;
    let isPacked = false;
    for (const member of record.members) {
      const natural = this.#ofType(member.type);
      // A record that may be packed itself explains its own place.
      const isOff = this.#isOff(member, natural.align);
      if (isOff && natural.isSure) isPacked = true;
      if (isOff) continue;
      align = Math.max(align, natural.align);
      if (natural.isSure) sureAlign = Math.max(sureAlign, natural.align);
    }
    if (record.size % sureAlign !== 0) isPacked = true;
    if (isPacked) return { packing: 'packed', align: 1 };
    while (record.size % align !== 0) align /= 2;
    return { packing: this.#hasHole(record) ? 'natural' : 'unknown', align };
  }

  /** Whether a member does not lie as its type asks: off its boundary, or as a bit-field across one. */
  #isOff({ type, bitOffset, bitFieldSize }: BtfMember, align: number): boolean {
    if (bitFieldSize === 0) return bitOffset % (align * 8) !== 0;
    const unit = (sizeOfType(this.#btf, type) ?? align) * 8;
    return (bitOffset % unit) + bitFieldSize > unit;
  }

  /** Whether a member of a struct begins later than the one before it ends, by a byte or more. */
  #hasHole(record: BtfRecord): boolean {
    if (record.kind === 'union') return false;
    let end = 0;
    for (const { type, bitOffset, bitFieldSize } of record.members) {
      if (bitOffset - end >= 8) return true;
      end = bitOffset + (bitFieldSize || (sizeOfType(this.#btf, type) ?? 0) * 8);
    }
    return false;
  }
}
