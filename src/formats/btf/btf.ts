import { checkTypes } from './check-types.ts';
import { corrupt } from './corrupt.ts';
import { inflateType } from './inflate.ts';
import type { BtfDataSection, BtfKind, BtfType } from './model.ts';
import { indexEnumerators, indexTypeNames, type NamedTypes } from './name-index.ts';
import { indexTypes, type TypeTable } from './type-table.ts';
import { KIND, kindName, openWire } from './wire.ts';

/** How a blob is opened. */
export interface BtfOptions {
  /** What split BTF stands on: the kernel's own for a module's, or the section `.BTF.base` beside it. */
  readonly base?: Btf;
}

/** An enumerator that was found by its name. */
export interface FoundEnumerator {
  /** The enum's id. */
  readonly type: number;
  readonly value: bigint;
}

/**
 * Opens raw BTF of either byte order, the contents of a `.BTF` section or of /sys/kernel/btf/*. Bytes behind the blob are
 * not looked at. Only the places of the types are found here; each is checked when it is asked for, all by `validate`.
 * The bytes must not change while the result is in use.
 *
 * Throws BTF_TRUNCATED, BTF_CORRUPT, and BTF_UNKNOWN_KIND for a kind of later kernels: behind it no type can be found,
 * unless the blob has a layout section (since 7.x), by which such types are skipped.
 */
export function openBtf(bytes: Uint8Array, options: BtfOptions = {}): Btf {
  const wire = openWire(bytes, options.base?.strings);
  return new Btf(indexTypes(wire, options.base?.count ?? 1), options.base);
}

/** Bytes of names that may be looked through before an index is made. */
const LOOK_LIMIT = 8 << 20;

const VOID: BtfType = { kind: 'void', name: '' };

/** The types of a blob, and of the base that it stands on. Each method throws BTF_CORRUPT where it meets what cannot be. */
export class Btf {
  readonly base: Btf | undefined;
  /** The id of the first type of this blob; lower ones are the base's. */
  readonly firstId: number;
  /** One past the last id. Id 0 is void. */
  readonly count: number;
  readonly #table: TypeTable;
  readonly #types = new Map<number, BtfType>();
  readonly #names = new Map<BtfKind | undefined, NamedTypes>();
  #enumerators: ReturnType<typeof indexEnumerators> | undefined;
  /** Bytes of names that were looked through without an index. */
  #looked = 0;

  /** Use openBtf. */
  constructor(table: TypeTable, base: Btf | undefined) {
    this.#table = table;
    this.base = base;
    this.firstId = table.firstId;
    this.count = table.endId;
  }

  /** The names of this blob and its base, for split BTF that goes on behind them. */
  get strings(): TypeTable['strings'] {
    return this.#table.strings;
  }

  /** True for a blob of a big-endian machine. */
  get isBigEndian(): boolean {
    return this.#table.header.isBigEndian;
  }

  /** The type of an id below `count`; made by the first call and kept. */
  type(id: number): BtfType {
    if (id === 0) return VOID;
    if (this.base && id < this.firstId) return this.base.type(id);
    const known = this.#types.get(id);
    if (known) return known;
    const type = inflateType(this.#table, this.#number(id));
    this.#types.set(id, type);
    return type;
  }

  /** The kind of an id below `count`, at less cost than `type`. */
  kind(id: number): BtfKind {
    if (id === 0) return 'void';
    if (this.base && id < this.firstId) return this.base.kind(id);
    return kindName(this.#table.kinds[this.#number(id)] ?? 0) ?? 'unknown';
  }

  /** The types of this blob without its base's, by ascending id; none is kept. */
  *types(): Generator<[id: number, type: BtfType], void> {
    for (let id = this.firstId; id < this.count; id += 1)
      yield [id, inflateType(this.#table, this.#number(id))];
  }

  /** How many functions this blob has, its base's not among them. */
  get functionCount(): number {
    return this.#table.kinds.reduce((count, kind) => count + (kind === KIND.func ? 1 : 0), 0);
  }

  /** Ascending ids, the base's among them, of the types with that name; of one known kind if it is given. */
  idsNamed(name: string, kind?: BtfKind): number[] {
    if (name === '' || name.includes('\0') || kind === 'void' || kind === 'unknown') return [];
    const known = this.#names.get(kind);
    if (!known && this.#isNowhere(name)) return [];
    const names = known ?? indexTypeNames(this.#table, kind);
    this.#names.set(kind, names);
    const own = names.index.find(name).map((place) => this.firstId + (names.numbers[place] ?? 0));
    return [...(this.base?.idsNamed(name, kind) ?? []), ...own];
  }

  /** Whether a function of that name is in the image, inlined ones and those of no BTF left out. */
  hasFunction(name: string): boolean {
    return this.idsNamed(name, 'func').length > 0;
  }

  /** Every enumerator of that name, the base's first. */
  enumerators(name: string): FoundEnumerator[] {
    if (name === '' || name.includes('\0')) return [];
    if (!this.#enumerators && this.#isNowhere(name)) return [];
    this.#enumerators ??= indexEnumerators(this.#table);
    const { index, owners, firsts } = this.#enumerators;
    const own = index.find(name).map((place) => {
      const number = owners[place] ?? 0;
      return this.#enumeratorAt(this.firstId + number, place - (firsts[number] ?? 0));
    });
    return [...(this.base?.enumerators(name) ?? []), ...own];
  }

  /** The value of an enumerator; undefined where there is none, and where several enums have one with other values. */
  enumerator(name: string): bigint | undefined {
    const [first, ...others] = this.enumerators(name);
    return others.every(({ value }) => value === first?.value) ? first?.value : undefined;
  }

  /** The sections whose variables this blob has; the base's are not among them. */
  *datasecs(): Generator<BtfDataSection, void> {
    for (const [number, kind] of this.#table.kinds.entries()) {
      const type = kind === KIND.datasec ? this.type(this.firstId + number) : undefined;
      if (type?.kind === 'datasec') yield type;
    }
  }

  /** Checks every type of this blob: each id, name, size and width. Throws BTF_CORRUPT. */
  validate(): void {
    checkTypes(this.#table, 0, this.#table.starts.length);
  }

  /** True where it is cheaply seen that no name is this one: of a small blob, or for few names, no index is worth it. */
  #isNowhere(name: string): boolean {
    this.#looked += this.strings.end;
    return this.#looked <= LOOK_LIMIT && !this.strings.has(name);
  }

  /** Own types counted from 0. */
  #number(id: number): number {
    if (!(id >= this.firstId && id < this.count)) throw corrupt(`no type has the id ${id}`);
    return id - this.firstId;
  }

  #enumeratorAt(id: number, position: number): FoundEnumerator {
    const type = this.type(id);
    const value = type.kind === 'enum' || type.kind === 'enum64' ? type.values[position]?.value : undefined;
    if (value === undefined) throw corrupt(`type ${id} has no enumerator ${position}`);
    return { type: id, value };
  }
}
