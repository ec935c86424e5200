import {
  Alignments,
  type Btf,
  type BtfInt,
  type BtfMember,
  type BtfRecord,
  type BtfType,
  bareType,
  corrupt,
  isQualifier,
  MAX_DEPTH,
  sizeOfType,
  spellType,
} from '../formats/btf/index.ts';
import type { Layout, Member } from '../model/layout.ts';

/** Members that one layout may have, those of inner structs included; the kernel's largest has some hundreds. */
const MAX_MEMBERS = 1 << 16;

/** Whether a struct or union of that tag has a layout of its own beside those that embed it; others are told within them. */
export type StandsApart = (tag: string) => boolean;

/** A layout as BTF gives it, with what in it is not a fact of the BTF. */
export interface BtfLayout {
  /** The id of the struct or union. */
  readonly id: number;
  /**
   * As the headers give it, except for what BTF does not carry: several dimensions may be one (`u8[6]` for `u8[2][3]`),
   * typedefs of an alignment are not seen, integer keywords are in the kernel's order, function pointers have the types
   * of their parameters alone.
   */
  readonly layout: Layout;
  /** True where a member's place shows that it, or some member of it, bears `packed`; nothing can show that none does. */
  readonly packedKnown: boolean;
  /**
   * What was derived: `align` always; `packed` unless a member shows it; `flexible NAME` for a last member that may be
   * `[0]` as well as `[]`.
   */
  readonly inferred: readonly string[];
  /** `struct x` and `union x` that it embeds or points to, sorted. */
  readonly types: readonly string[];
}

/**
 * The layouts of `struct x`, `union x`, or of a bare tag or typedef name, for targets with 8-byte pointers. Empty: not in
 * the BTF. Several: the image has different types of one name; equal ones count once. Throws BTF_CORRUPT.
 */
export function layoutsFromBtf(btf: Btf, name: string, standsApart?: StandsApart): BtfLayout[] {
  const facts = recordIds(btf, name).map((id) => layoutOfType(btf, id, standsApart));
  if (facts.length < 2) return facts;
  const found = new Map<string, BtfLayout>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.layout, fact.types]);
    if (!found.has(key)) found.set(key, fact);
  }
  return [...found.values()];
}

/**
 * The first of `layoutsFromBtf`, undefined where there is none. Where there are several, `inferred` says so: which of them
 * is meant no name can tell.
 */
export function layoutFromBtf(btf: Btf, name: string): BtfLayout | undefined {
  const [first, ...others] = layoutsFromBtf(btf, name);
  if (!first || others.length === 0) return first;
  return { ...first, inferred: [...first.inferred, `first of ${others.length + 1} layouts of that name`] };
}

/** The layout of the struct or union with that id. Throws BTF_CORRUPT. */
export function layoutOfType(btf: Btf, id: number, standsApart: StandsApart = () => true): BtfLayout {
  const type = btf.type(id);
  if (type.kind !== 'struct' && type.kind !== 'union') throw corrupt(`type ${id} is no struct or union`);
  return new LayoutReader(btf, standsApart).read(id, type);
}

function recordIds(btf: Btf, name: string): number[] {
  const match = /^(?:(struct|union)\s+)?(\w+)$/.exec(name.trim());
  if (!match) return [];
  const [, form, tag = ''] = match;
  if (form !== undefined) return btf.idsNamed(tag, form === 'struct' ? 'struct' : 'union');
  for (const kind of ['struct', 'union'] as const) {
    const tagged = btf.idsNamed(tag, kind);
    if (tagged.length > 0) return tagged;
  }
  const records = btf.idsNamed(tag, 'typedef').map((id) => bareType(btf, id));
  return [...new Set(records.filter(({ type }) => isRecord(type)).map(({ id }) => id))];
}

function isRecord(type: { kind: string }): type is BtfRecord {
  return type.kind === 'struct' || type.kind === 'union';
}

/** Where a member stands: the offset of what it is in, in bits, and its path for messages. */
interface Outer {
  readonly bitOffset: number;
  readonly path: string;
  readonly depth: number;
}

/** Reads one layout. */
class LayoutReader {
  readonly #btf: Btf;
  readonly #inferred = new Set<string>();
  #left = MAX_MEMBERS;

  readonly #standsApart: StandsApart;

  constructor(btf: Btf, standsApart: StandsApart) {
    this.#btf = btf;
    this.#standsApart = standsApart;
  }

  read(id: number, record: BtfRecord): BtfLayout {
    const { align, packing } = new Alignments(this.#btf).ofRecord(id, record);
    const members = this.#members(record, { bitOffset: 0, path: '', depth: 0 });
    const layout: Layout = {
      kind: record.kind,
      size: record.size,
      align,
      packed: packing === 'packed',
      members,
    };
    const inferred = ['align', ...(packing === 'packed' ? [] : ['packed']), ...this.#inferred];
    return { id, layout, packedKnown: packing === 'packed', inferred, types: typesOf(this.#btf, record) };
  }

  #members(record: BtfRecord, outer: Outer): Member[] {
    if (outer.depth > MAX_DEPTH) throw corrupt(`${outer.path} nests deeper than ${MAX_DEPTH}`);
    return record.members.flatMap((member, index) => {
      this.#left -= 1;
      if (this.#left < 0) throw corrupt(`more than ${MAX_MEMBERS} members`);
      const isLast = record.kind === 'union' || index === record.members.length - 1;
      return this.#member(member, outer, { size: record.size, isLast });
    });
  }

  #member(member: BtfMember, outer: Outer, record: { size: number; isLast: boolean }): Member[] {
    const path = `${outer.path}${member.name || '(anon)'}`;
    const { id, type } = bareType(this.#btf, member.type);
    const field = bitFieldOf(member, type.kind === 'int' ? type : undefined);
    const size = sizeOfType(this.#btf, id);
    if (size === undefined) throw corrupt(`member ${path} has a type without a size`);
    const bitSize = field?.bits ?? size * 8;
    const start = member.bitOffset + (field?.shift ?? 0);
    if (start + bitSize > record.size * 8)
      throw corrupt(`member ${path} ends behind its ${record.size} bytes`);
    const bitOffset = outer.bitOffset + start;
    if (member.name === '') {
      const inner = { bitOffset, path: outer.path, depth: outer.depth + 1 };
      return isRecord(type) && !field ? this.#members(type, inner) : [];
    }
    const isFlexible = record.isLast && type.kind === 'array' && type.length === 0;
    if (isFlexible) this.#inferred.add(`flexible ${path}`);
    const spelled = spellType(this.#btf, member.type, isFlexible);
    const encoding = `${encodingOf(this.#btf, member.type, isFlexible)}${field ? `:${field.bits}` : ''}`;
    const within = recordWithin(this.#btf, id, this.#standsApart);
    const inner = { bitOffset: 0, path: `${path}.`, depth: outer.depth + 1 };
    const members = within && { members: this.#members(within, inner) };
    const pointee = pointeeOf(this.#btf, id);
    return [
      {
        name: member.name,
        bitOffset,
        bitSize,
        type: spelled,
        encoding,
        ...members,
        ...(pointee !== undefined && { pointee }),
      },
    ];
  }
}

/** A bit-field's width, and how far into its integer it lies in BTF without kind_flag (BTF_INT_OFFSET). */
function bitFieldOf(member: BtfMember, int: BtfInt | undefined): { bits: number; shift: number } | undefined {
  if (member.bitFieldSize > 0) return { bits: member.bitFieldSize, shift: 0 };
  return int && int.bits !== int.size * 8 ? { bits: int.bits, shift: int.offset } : undefined;
}

/** A struct or union without a tag, or of one that does not stand apart, also as the element of an array; `id` is bare. */
function recordWithin(btf: Btf, id: number, standsApart: StandsApart): BtfRecord | undefined {
  const type = elementOf(btf, id);
  return isRecord(type) && (type.name === '' || !standsApart(type.name)) ? type : undefined;
}

function elementOf(btf: Btf, id: number): BtfType {
  let { type } = bareType(btf, id);
  for (let depth = 0; type.kind === 'array' && depth < MAX_DEPTH; depth += 1)
    type = bareType(btf, type.type).type;
  return type;
}

/** What a pointer, or the elements of an array of them, lead to; undefined for anything else and for void and functions. */
function pointeeOf(btf: Btf, id: number): string | undefined {
  const type = elementOf(btf, id);
  if (type.kind !== 'ptr') return undefined;
  const target = bareType(btf, type.type).type;
  if (target.kind === 'void' || target.kind === 'func-proto') return undefined;
  return target.kind === 'fwd' ? `${target.form} ${target.name}` : encodingOf(btf, type.type, false);
}

/** What the bytes are, as Member.encoding has it, without the width of a bit-field. */
function encodingOf(btf: Btf, id: number, isFlexible: boolean): string {
  let dimensions = '';
  let current = id;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const type = btf.type(current);
    if (type.kind === 'array') {
      dimensions += isFlexible && dimensions === '' ? '[]' : `[${type.length}]`;
      current = type.type;
    } else if (type.kind === 'typedef') {
      const order = /^__(be(?:16|32|64))$/.exec(type.name)?.[1];
      if (order !== undefined) return `${order}${dimensions}`;
      current = type.type;
    } else if (isQualifier(type)) current = type.type;
    else return `${scalarEncoding(type)}${dimensions}`;
  }
  throw corrupt(`type ${id} leads through more than ${MAX_DEPTH} types`);
}

function scalarEncoding(type: ReturnType<Btf['type']>): string {
  switch (type.kind) {
    case 'int':
      return intEncoding(type);
    case 'float':
      return `f${type.size * 8}`;
    case 'enum':
    case 'enum64':
      return `${type.isSigned ? 's' : 'u'}${type.size * 8}`;
    case 'struct':
    case 'union':
      return type.name === '' ? type.kind : `${type.kind} ${type.name}`;
    case 'ptr':
    case 'func-proto':
      return 'ptr';
    default:
      throw corrupt(`a member has a type of the kind ${type.kind}`);
  }
}

/** What pahole writes as integers unless it is told `--btf_gen_floats`. */
const FLOAT_NAMES = /^(?:float|double|long double)$/;

/** `char` is a kind of its own, signed or not; compilers tell it from `signed char` by its name alone. */
function intEncoding(type: BtfInt): string {
  if (type.isBool) return 'bool';
  if (FLOAT_NAMES.test(type.name)) return `f${type.size * 8}`;
  if (type.name === 'char') return 'char';
  return `${type.isSigned ? 's' : 'u'}${type.size * 8}`;
}

/** Walks through pointers, arrays, functions and unnamed structs to the named ones; each id once, so cycles end. */
function typesOf(btf: Btf, record: BtfRecord): string[] {
  const names = new Set<string>();
  const seen = new Set<number>();
  const open = record.members.map((member) => member.type);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const type = btf.type(id);
    if (type.kind === 'fwd') names.add(`${type.form} ${type.name}`);
    else if (isRecord(type) && type.name !== '') names.add(`${type.kind} ${type.name}`);
    else if (isRecord(type)) for (const member of type.members) open.push(member.type);
    else if (type.kind === 'ptr' || type.kind === 'array' || type.kind === 'typedef' || isQualifier(type))
      open.push(type.type);
  }
  return [...names].sort();
}
