import type { Layout } from '../model/layout.ts';
import { embeddedTag, readEncoding, readInteger } from './encoding.ts';
import { inlined, isClosed, isReserved, leavesOf } from './flat-member.ts';
import type { FlatMember, LayoutLookup } from './rule.ts';

// What a layout is on the wire, names left out: which bits hold what kind of data. Two layouts with the same form read the
// same unless names moved between places. Independent of the rules, so that it can show what they overlook.

const MAX_DEPTH = 16;

/** Of layouts that no other is needed for. */
const closedForms = new WeakMap<Layout, string>();

/** The live bits of a layout in a text; equal texts are equal forms. `isSized`: whether its size belongs to it. */
export function wireForm(layout: Layout, layoutOf: LayoutLookup, isSized: boolean): string {
  const form = closedForms.get(layout) ?? bitsOf(layout, layoutOf);
  if (isClosed(layout)) closedForms.set(layout, form);
  return isSized ? `size ${layout.size}\n${form}` : form;
}

function bitsOf(layout: Layout, layoutOf: LayoutLookup): string {
  const rows = new Set(leavesOf(layout).flatMap((leaf) => formOf(leaf, layoutOf, 0)));
  return [...rows].sort().join('\n');
}

function formOf(leaf: FlatMember, layoutOf: LayoutLookup, depth: number): string[] {
  if (isReserved(leaf.name)) return [];
  const inner = embeddedTag(leaf.encoding) && depth < MAX_DEPTH ? inlined(leaf, layoutOf) : [leaf];
  if (inner.length === 1 && inner[0] === leaf) return [rowOf(leaf)];
  return inner.flatMap((member) =>
    member.name === leaf.name ? [rowOf(member)] : formOf(member, layoutOf, depth + 1),
  );
}

function rowOf({ bitOffset, bitSize, encoding, stride }: FlatMember): string {
  const { element, dimensions } = readEncoding(encoding);
  const lengths = dimensions.filter((length) => length !== 1).map((length) => `[${length ?? ''}]`);
  const kind = stride !== undefined ? `row of ${stride}` : lengths.length > 0 ? element : kindOf(element);
  return `${bitOffset}+${bitSize} ${kind}${lengths.join('')}`;
}

/** An integer is its sign and its bits, so that a bit-field of 8 bits is a byte. */
function kindOf(element: string): string {
  const integer = readInteger(element);
  if (!integer) return element;
  return integer.signed ? 'signed' : 'unsigned';
}
