import { diffComponent } from '../../src/diff/engine.ts';
import { worstImpact } from '../../src/diff/impact.ts';
import type { ComponentFacts, RawFinding, SideFacts } from '../../src/diff/rule.ts';
import type { Placement } from '../../src/model/component-state.ts';
import type { Impact } from '../../src/model/finding.ts';
import type { Layout, Member } from '../../src/model/layout.ts';

// Structs as tests write them: a list of fields, laid out as a compiler would for a 64-bit target.

/** A field: its name and encoding, or the fields of an unnamed struct or union. */
export type Field = readonly [name: string, encoding: string, inner?: readonly Field[]];

const BITS: Record<string, number> = {
  u8: 8,
  s8: 8,
  char: 8,
  bool: 8,
  u16: 16,
  s16: 16,
  u32: 32,
  s32: 32,
  be32: 32,
  u64: 64,
  s64: 64,
  ptr: 64,
};

/** Structs by tag, for fields that embed one. */
export type Tags = Readonly<Record<string, Layout>>;

interface Shape {
  bits: number;
  align: number;
  members?: Member[];
}

function shapeOf([, encoding, inner]: Field, tags: Tags): Shape {
  const [, element = '', dimensions = ''] = /^((?:struct |union )?\w+)((?:\[\d*\])*)/.exec(encoding) ?? [];
  const lengths = [...dimensions.matchAll(/\[(\d*)\]/g)].map(([, length]) => Number(length || 0));
  const count = lengths.reduce((product, length) => product * length, 1);
  const own = inner ? layOut(inner, { tags, kind: element === 'union' ? 'union' : 'struct' }) : undefined;
  const embedded = own ?? tags[element.replace(/^\w+ /, '')];
  const bits = embedded ? embedded.size * 8 : (BITS[element] ?? 0);
  const align = embedded ? embedded.align * 8 : bits;
  return { bits: bits * count, align, ...(own && { members: own.members }) };
}

/** Lays fields out with natural alignment; bit-fields fill their type's units. */
export function layOut(
  fields: readonly Field[],
  { tags = {}, kind = 'struct' }: { tags?: Tags; kind?: Layout['kind'] } = {},
): Layout {
  let at = 0;
  let size = 0;
  let align = 8;
  const members = fields.map((field): Member => {
    const [name, encoding] = field;
    const shape = shapeOf(field, tags);
    const width = /:(\d+)$/.exec(encoding)?.[1];
    const bits = width === undefined ? shape.bits : Number(width);
    const fits =
      width !== undefined && Math.floor(at / shape.align) === Math.floor((at + bits - 1) / shape.align);
    const start = kind === 'union' ? 0 : fits ? at : Math.ceil(at / shape.align) * shape.align;
    align = Math.max(align, shape.align);
    at = start + bits;
    size = Math.max(size, at);
    const { members: inner } = shape;
    return {
      name,
      bitOffset: start,
      bitSize: bits,
      type: encoding,
      encoding,
      ...(inner && { members: inner }),
    };
  });
  return { kind, size: Math.ceil(size / align) * (align / 8), align: align / 8, packed: false, members };
}

export interface StructCase {
  placement?: Placement;
  /** Whether the reader refuses less than its own sizeof. */
  isChecked?: boolean;
  written: Layout;
  read: Layout;
  /** The structs that each side's fields embed. */
  writtenTags?: Tags;
  readTags?: Tags;
}

/** All findings of a component that is this one struct and what it embeds, under one accepted marker. */
export function findingsOf(pair: StructCase): RawFinding[] {
  const { placement = 'element', isChecked = false } = pair;
  const side = (layout: Layout, tags: Tags = {}): SideFacts => {
    const facts: ComponentFacts = {
      available: 'buildable',
      options: [],
      needs: [],
      marker: { kind: 'fdt-string', writes: 'v1', accepts: [{ value: 'v1' }], carrier: 'fdt:X:/' },
      structs: { s: { placement, layout: { all: layout } } },
      constants: {},
      fdt: [],
      checks: isChecked ? [{ kind: 'minimum-size', struct: 's', effect: 'boot-panic' }] : [],
      code: [],
      unchecked: [],
    };
    const layouts: Tags = { s: layout, ...tags };
    return { release: '1.0', facts, layoutOf: (tag) => layouts[tag.replace(/^\w+ /, '')] };
  };
  return diffComponent({
    component: 'x',
    target: 'x86_64-4k',
    outgoing: side(pair.written, pair.writtenTags),
    incoming: side(pair.read, pair.readTags),
    errata: [],
    reviews: [],
  }).findings;
}

export function impactOf(pair: StructCase): Impact {
  return worstImpact(findingsOf(pair));
}
