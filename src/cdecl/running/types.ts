import type { Layout, Member } from '../../model/layout.ts';
import type { CodeType } from '../code/syntax.ts';

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
export const VOID: RunType = { name: 'void', stars: 0 };

/** A struct of other code: it has whatever member is asked for, each in a place of its own. */
const FOREIGN_SIZE = 1024;
const FOREIGN_MEMBER = 16;

/** Structs of the rest of the kernel that are looked into: where their members lie in truth does not matter. */
const FOREIGN: ReadonlySet<string> = new Set(['folio', 'page', 'vm_struct']);

const FOREIGN_TYPES: Readonly<Record<string, RunType>> = {
  'vm_struct.pages': { name: 'struct page', stars: 2 },
  'vm_struct.addr': { name: 'void', stars: 1 },
};

class ForeignShape implements Shape {
  readonly size = FOREIGN_SIZE;
  readonly #struct: string;
  readonly #members = new Map<string, RunMember>();

  constructor(struct: string) {
    this.#struct = struct;
  }

  member(name: string): RunMember {
    const known = this.#members.get(name) ?? {
      offset: FOREIGN_MEMBER * this.#members.size,
      type: FOREIGN_TYPES[`${this.#struct}.${name}`] ?? { name: 's64', stars: 0 },
    };
    this.#members.set(name, known);
    return known;
  }
}

/** What declarations say of structs. */
export interface Declared {
  layout(struct: string): Layout | undefined;
  memberType(struct: string, member: string): CodeType | undefined;
}

/** The types of one kernel. */
export class Types {
  readonly #declared: Declared;
  readonly #shapes = new Map<string, Shape>();

  constructor(declared: Declared) {
    this.#declared = declared;
  }

  /** The shape of a struct by its tag. */
  shape(tag: string): Shape {
    const known = this.#shapes.get(tag) ?? this.#read(tag);
    this.#shapes.set(tag, known);
    return known;
  }

  #read(tag: string): Shape {
    const layout = FOREIGN.has(tag) ? undefined : this.#declared.layout(tag);
    return layout ? this.#shapeOf(layout.size, layout.members, tag) : new ForeignShape(tag);
  }

  #shapeOf(size: number, members: readonly Member[], tag?: string): Shape {
    const byName = new Map(members.map((member) => [member.name, member]));
    return {
      size,
      member: (name) => {
        const member = byName.get(name);
        if (!member || member.encoding.includes(':')) return undefined;
        return { offset: member.bitOffset / 8, type: this.#typeOf(member, tag) };
      },
    };
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
    const tag = /^(?:struct|union) (\w+)$/.exec(name)?.[1];
    if (tag !== undefined) return { name, stars: 0, shape: this.shape(tag) };
    return { name: PLAIN[name] ?? name, stars: 0 };
  }

  of({ name, stars }: CodeType): RunType {
    const base = this.named(name);
    return stars === 0 ? base : pointerTo(base, stars);
  }
}

const PLAIN: Readonly<Record<string, string>> = {
  i64: 's64',
  i32: 's32',
  i16: 'u16',
  i8: 'u8',
  char: 'u8',
  _Bool: 'bool',
};

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

function bytesOf(name: string): number {
  const bits = /^[us](8|16|32|64)$/.exec(name)?.[1];
  if (bits !== undefined) return Number(bits) / 8;
  if (name === 'bool' || name === 'void') return 1;
  return 8;
}

export function isSigned({ name, stars }: RunType): boolean {
  return stars === 0 && name.startsWith('s');
}
