import type { InspectedValue } from '../model/inspect.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { layoutLookup } from '../verdict/kernel.ts';
import { partsOf } from './entries.ts';
import { flagNames, flagsOf } from './flags.ts';
import { exactNumber, inspectedBytes, readBits, readText } from './read-value.ts';

// A struct's bytes by its layout. Nothing is left out: what a layout does not speak of (holes, what lies behind its end) is
// shown as bytes, and a struct that ends too early says where.

/** Structs within structs; no kernel comes near. */
const MAX_DEPTH = 16;
/** Elements of an array that are shown one by one. */
const SHOWN_ELEMENTS = 64;
const RESERVED = /^_*(?:reserved|rsvd|resv|pad(?:ding)?|unused)\d*$/;
const ADDRESS = /(?:^|_)(?:pa|phys)$/;
const POINTED = /^struct:(\w+)\.(\w+)$/;

/** How structs of one kernel are decoded on one target. */
export class StructDecoder {
  readonly #kernel: Kernel;
  readonly #target: Target;
  readonly #layoutOf: (tag: string) => Layout | undefined;

  constructor(kernel: Kernel, target: Target) {
    this.#kernel = kernel;
    this.#target = target;
    this.#layoutOf = layoutLookup(kernel, target);
  }

  layoutOf(struct: string): Layout | undefined {
    return this.#layoutOf(struct);
  }

  /** The members of a struct at an offset of a blob. */
  decode(struct: string, blob: Uint8Array, offset: number): InspectedValue[] {
    const layout = this.#layoutOf(struct);
    return layout ? this.#members({ struct, layout, blob, base: offset * 8, depth: 1 }) : [];
  }

  #members({ struct, layout, blob, base, depth }: StructPlace): InspectedValue[] {
    const values = layout.members.map((member) => this.#member({ struct, member, blob, base, depth }));
    return [...values, ...holesOf(layout, blob, base)].sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  }

  #member({ struct, member, blob, base, depth }: MemberPlace): InspectedValue {
    const { name, bitOffset, type, encoding } = member;
    const at = base + bitOffset;
    const value: InspectedValue = { name, offset: Math.floor(at / 8), type };
    const [, element = '', lengths = ''] = /^(.*?)((?:\[\d*\])*)$/.exec(encoding) ?? [];
    const place = { struct, member, blob, base: at, depth, element };
    const decoded = this.#typed(place, lengths, member.bitSize);
    const notes = [...(decoded.notes ?? []), ...this.#reservedNote(member, blob, at)];
    return { ...value, ...decoded, ...(notes.length > 0 && { notes }) };
  }

  #reservedNote({ name, bitSize }: Member, blob: Uint8Array, at: number): string[] {
    if (!RESERVED.test(name) || at % 8 !== 0) return [];
    const isZero = blob.subarray(at / 8, (at + bitSize) / 8).every((byte) => byte === 0);
    return isZero ? [] : ['reserved, and not zero'];
  }

  /** One value, or an array of them. */
  #typed(place: TypedPlace, lengths: string, bits: number): Decoded {
    const { blob, base, element } = place;
    if (lengths === '') return this.#single(place, bits);
    const [, first = '', rest = ''] = /^\[(\d*)\](.*)$/.exec(lengths) ?? [];
    if (element === 'char' && rest === '')
      return charArray(blob, base / 8, first === '' ? undefined : bits / 8);
    if (first === '') return unboundedArray(blob, base / 8);
    const count = Number(first);
    const size = bits / count;
    // An array of a document that contradicts itself stays what it is: bytes.
    if (!Number.isInteger(size) || size === 0)
      return unboundedArray(blob.subarray(0, (base + bits) / 8), base / 8);
    return this.#array(place, { count, rest, bits: size });
  }

  #array(place: TypedPlace, { count, rest, bits }: { count: number; rest: string; bits: number }): Decoded {
    const { blob, base } = place;
    const there = Math.max(0, Math.ceil((blob.length * 8 - base) / bits));
    const shown = Math.min(count, there, SHOWN_ELEMENTS);
    const members = Array.from({ length: shown }, (_, index): InspectedValue => {
      const at = base + index * bits;
      const type = `${place.element}${rest}`;
      return {
        name: `[${index}]`,
        offset: Math.floor(at / 8),
        type,
        ...this.#typed({ ...place, base: at }, rest, bits),
      };
    });
    if (shown === count) return { members };
    const offset = Math.floor((base + shown * bits) / 8);
    const bytes = inspectedBytes(blob.subarray(offset, (base + count * bits) / 8));
    const name = `[${shown}] to [${count - 1}]`;
    const notes = there < count ? { notes: [`the blob ends at ${blob.length}`] } : {};
    return { members: [...members, { name, offset, type: 'bytes', bytes, ...notes }] };
  }

  #single(place: TypedPlace, bits: number): Decoded {
    const { struct, member, blob, base, depth, element } = place;
    const tag = /^(?:struct|union)(?: (\S+))?$/.exec(element);
    if (tag) return this.#nested(place, tag[1], bits);
    const width = Number(/:(\d+)$/.exec(element)?.[1] ?? bits);
    const raw = readBits(blob, base, width);
    if (raw === undefined) return cutShort(blob, base, width);
    if (element === 'bool') return { value: raw !== 0n, ...(raw > 1n && { notes: [`a bool of ${raw}`] }) };
    if (!/^(?:[us](?:8|16|32|64)|ptr|char|be(?:16|32|64))(?::\d+)?$/.test(element) || depth > MAX_DEPTH) {
      return { bytes: inspectedBytes(blob.subarray(Math.floor(base / 8), Math.ceil((base + width) / 8))) };
    }
    const integer = integerOf(raw, element, width);
    const flags = flagsOf(this.#factsOf(struct), { struct, member: member.name, target: this.#target });
    return {
      value: exactNumber(integer),
      hex: `0x${BigInt.asUintN(width, integer).toString(16)}`,
      ...(flags.length > 0 && { flags: flagNames(integer, flags) }),
      ...(this.#isAddress(struct, member, element) && { isAddress: true }),
    };
  }

  #nested({ member, blob, base, depth }: TypedPlace, tag: string | undefined, bits: number): Decoded {
    const size = bits / 8;
    const own: Layout = { kind: 'struct', size, align: 1, packed: true, members: member.members ?? [] };
    const layout = tag === undefined ? own : this.#layoutOf(tag);
    if (!layout || layout.members.length === 0 || depth >= MAX_DEPTH) {
      const bytes = blob.subarray(base / 8, (base + bits) / 8);
      return { bytes: inspectedBytes(bytes), notes: [`the layout of ${tag ?? 'it'} is not known`] };
    }
    return { members: this.#members({ struct: tag ?? member.name, layout, blob, base, depth: depth + 1 }) };
  }

  #factsOf(struct: string): Parameters<typeof flagsOf>[0] {
    const part = partsOf(this.#kernel).find(({ facts }) => facts.structs[struct] !== undefined);
    return part?.facts ?? { structs: {}, constants: {} };
  }

  #isAddress(struct: string, { name }: Member, element: string): boolean {
    if (element === 'ptr' || ADDRESS.test(name)) return true;
    return partsOf(this.#kernel).some(({ facts }) => {
      const [, owner, pointer] = POINTED.exec(facts.marker?.carrier ?? '') ?? [];
      return facts.marker?.kind === 'guarded' && owner === struct && pointer === name;
    });
  }
}

interface StructPlace {
  struct: string;
  layout: Layout;
  blob: Uint8Array;
  /** Of the struct in the blob, in bits. */
  base: number;
  depth: number;
}

interface MemberPlace extends Omit<StructPlace, 'layout'> {
  member: Member;
}

interface TypedPlace extends MemberPlace {
  /** The encoding without its array lengths. */
  element: string;
}

type Decoded = Omit<InspectedValue, 'name' | 'offset' | 'type'>;

function integerOf(raw: bigint, element: string, width: number): bigint {
  if (element.startsWith('s')) return BigInt.asIntN(width, raw);
  if (!element.startsWith('be')) return raw;
  const hex = raw.toString(16).padStart(width / 4, '0');
  return BigInt(`0x${hex.match(/../g)?.reverse().join('') ?? '0'}`);
}

function cutShort(blob: Uint8Array, base: number, width: number): Decoded {
  const start = Math.min(Math.floor(base / 8), blob.length);
  const bytes = inspectedBytes(blob.subarray(start, Math.ceil((base + width) / 8)));
  return { bytes, notes: [`the blob ends at ${blob.length}`] };
}

function charArray(blob: Uint8Array, start: number, length: number | undefined): Decoded {
  const end = length === undefined ? blob.length : start + length;
  const { text, isEnded, rest } = readText(blob.subarray(start, end));
  const notes = [
    ...(end > blob.length ? [`the blob ends at ${blob.length}`] : []),
    ...(isEnded ? [] : ['no NUL at its end']),
  ];
  const isClean = rest.every((byte) => byte === 0);
  if (!isClean) notes.push(`not zero behind its end: ${inspectedBytes(rest).hex}`);
  return { value: text, ...(notes.length > 0 && { notes }) };
}

function unboundedArray(blob: Uint8Array, start: number): Decoded {
  return { bytes: inspectedBytes(blob.subarray(start)) };
}

/** What lies between the members and behind the last one, where it is not zero. */
function holesOf(layout: Layout, blob: Uint8Array, base: number): InspectedValue[] {
  if (layout.kind === 'union') return [];
  const start = base / 8;
  const spans = layout.members
    .map(
      ({ bitOffset, bitSize }) => [Math.floor(bitOffset / 8), Math.ceil((bitOffset + bitSize) / 8)] as const,
    )
    .sort(([a], [b]) => a - b);
  const holes: InspectedValue[] = [];
  let end = 0;
  for (const [from, to] of [...spans, [layout.size, layout.size] as const]) {
    const bytes = inspectedBytes(blob.subarray(start + end, start + Math.max(end, from)));
    if (!bytes.isZero) {
      const notes = ['padding, and not zero'];
      holes.push({ name: '(padding)', offset: start + end, type: 'bytes', bytes, notes });
    }
    end = Math.max(end, to);
  }
  return holes;
}
