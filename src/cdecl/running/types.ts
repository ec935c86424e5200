import type { Layout, Member } from '../../model/layout.ts';
import type { CodeType } from '../code/syntax.ts';
import { NotRunnable } from './not-runnable.ts';

/** What lies at an address: a number, a pointer, a struct with a shape, or a row of one of these. */
export interface RunType {
  /** `u64`, `s32`, `bool`, `void`, `struct kho_block`, `union` for one without a name. */
  readonly name: string;
  readonly stars: number;
  /** Of a row. */
  readonly count?: number;
  /** Of a struct or union. */
  readonly shape?: Shape;
}

export interface RunMember {
  readonly offset: number;
  readonly type: RunType;
}

/** How a struct lies in memory. */
export interface Shape {
  readonly size: number;
  member(name: string): RunMember | undefined;
}

export const U64: RunType = { name: 'u64', stars: 0 };

const S64: RunType = { name: 's64', stars: 0 };
const UNTYPED: RunType = { name: 'void', stars: 1 };

/** Structs of the rest of the kernel that are looked into, with what is known of them: where their members lie in truth does not matter. */
const FOREIGN = new Map<string, Readonly<Record<string, RunType>>>([
  ['folio', {}],
  ['page', { private: S64 }],
  ['vm_struct', { addr: UNTYPED, flags: S64, nr_pages: S64, pages: { name: 'struct page', stars: 2 } }],
]);
const FOREIGN_SIZE = 1024;
/** Room for a member of a struct whose layout is not known, in bytes. */
const OWN_SLOT = 4096;

/** @param known the types of members by their names */
function foreignShape(known: Readonly<Record<string, RunType>>): Shape {
  const names = Object.keys(known);
  return {
    size: FOREIGN_SIZE,
    member: (name) => {
      const at = names.indexOf(name);
      return at < 0 ? undefined : { offset: 8 * at, type: known[name] as RunType };
    },
  };
}

/** A struct that nothing at hand declares may be pointed to, and that is all. */
function unknownShape(tag: string): Shape {
  const unknown = (): never => {
    throw new NotRunnable(`what struct ${tag} is is not known`);
  };
  return {
    get size() {
      return unknown();
    },
    member: unknown,
  };
}

/** What declarations say of structs. */
export interface Declared {
  /** Undefined where something in it is not at hand. */
  layout(struct: string): Layout | undefined;
  /** The members of a struct by their names, in their order; none where it is not declared. */
  members(struct: string): readonly string[];
  memberType(struct: string, member: string): CodeType | undefined;
}

/** The types of one kernel. */
export class Types {
  readonly #declared: Declared;
  readonly #shapes = new Map<string, Shape>();

  constructor(declared: Declared) {
    this.#declared = declared;
  }

  /** The shape of a struct or union by its tag. */
  shape(tag: string, isUnion = false): Shape {
    const known = this.#shapes.get(tag) ?? this.#read(tag, isUnion);
    this.#shapes.set(tag, known);
    return known;
  }

  #read(tag: string, isUnion: boolean): Shape {
    const known = FOREIGN.get(tag);
    if (known) return foreignShape(known);
    const layout = this.#declared.layout(tag);
    if (layout) return this.#shapeOf(layout.size, layout.members, tag);
    const members = this.#declared.members(tag);
    return members.length > 0 && !isUnion ? this.#spelledShape(tag, members) : unknownShape(tag);
  }

  /** A struct of which some member's type is not known: it is the kernel's own, and its members lie anywhere. */
  #spelledShape(tag: string, members: readonly string[]): Shape {
    const types = new Map(members.map((name) => [name, this.#declared.memberType(tag, name)] as const));
    return remembering({
      size: OWN_SLOT * members.length,
      member: (name) => {
        const type = types.get(name);
        if (!type || type.isArray) return undefined;
        return { offset: OWN_SLOT * members.indexOf(name), type: this.of(type) };
      },
    });
  }

  #shapeOf(size: number, members: readonly Member[], tag?: string): Shape {
    const byName = new Map(members.map((member) => [member.name, member]));
    return remembering({
      size,
      member: (name) => {
        const member = byName.get(name);
        if (!member || member.encoding.includes(':')) return undefined;
        return { offset: member.bitOffset / 8, type: this.#typeOf(member, tag) };
      },
    });
  }

  #typeOf({ encoding, pointee, members, bitSize, name }: Member, tag: string | undefined): RunType {
    const lengths = [...encoding.matchAll(/\[(\d*)\]/g)].map(([, length]) => Number(length || 0));
    const element = encoding.replace(/\[\d*\]/g, '');
    const all = lengths.reduce((product, length) => product * length, 1);
    const count = lengths.length > 0 && { count: all };
    if (element === 'ptr') {
      const spelled = tag === undefined ? undefined : this.#declared.memberType(tag, name);
      const to = pointee ?? spelled?.name ?? 'void';
      return { ...this.named(to), stars: Math.max(1, spelled?.stars ?? 1), ...count };
    }
    const each = all > 0 ? bitSize / 8 / all : bitSize / 8;
    if (members) return { name: element, stars: 0, shape: this.#shapeOf(each, members), ...count };
    return { ...this.named(element), ...count };
  }

  /** A type by its name in code or in a layout. */
  named(name: string): RunType {
    const [, kind, tag] = /^(struct|union) (\w+)$/.exec(name) ?? [];
    if (tag !== undefined) return { name, stars: 0, shape: this.shape(tag, kind === 'union') };
    return { name: PLAIN.get(name) ?? name, stars: 0 };
  }

  of({ name, stars }: CodeType): RunType {
    const base = this.named(name);
    return stars === 0 ? base : pointerTo(base, stars);
  }
}

const PLAIN = new Map(
  Object.entries({
    i64: 's64',
    i32: 's32',
    i16: 'u16',
    i8: 'u8',
    char: 'u8',
    _Bool: 'bool',
  }),
);

export function pointerTo({ name, stars, shape }: RunType, more = 1): RunType {
  return { name, stars: stars + more, ...(shape && { shape }) };
}

/** What a pointer leads to, or a row consists of. */
export function behind({ name, stars, count, shape }: RunType): RunType {
  return { name, stars: count === undefined ? stars - 1 : stars, ...(shape && { shape }) };
}

export function isAggregate(type: RunType): boolean {
  return type.stars === 0 && type.count === undefined && type.shape !== undefined;
}

/** The bytes of a type. */
export function sizeOf(type: RunType): number {
  const one = type.stars > 0 ? 8 : (type.shape?.size ?? bytesOf(type.name));
  return one * (type.count ?? 1);
}

/** A shape that works each member out once. */
function remembering({ size, member }: Shape): Shape {
  const known = new Map<string, RunMember | undefined>();
  return {
    size,
    member(name) {
      if (!known.has(name)) known.set(name, member(name));
      return known.get(name);
    },
  };
}

const sizes = new Map<string, number>();

function bytesOf(name: string): number {
  const known = sizes.get(name) ?? plainBytesOf(name);
  sizes.set(name, known);
  return known;
}

function plainBytesOf(name: string): number {
  const bits = /^[us](8|16|32|64)$/.exec(name)?.[1];
  if (bits !== undefined) return Number(bits) / 8;
  if (name === 'bool' || name === 'void') return 1;
  return 8;
}

export function isSigned({ name, stars }: RunType): boolean {
  return stars === 0 && name.startsWith('s');
}
