import type { Layout } from '../model/layout.ts';
import { embeddedTag } from './encoding.ts';
import { leavesOf } from './flat-member.ts';
import type { LayoutLookup } from './rule.ts';

// Whether two layouts say the same, to what they embed. Kernels of which another part of a component differs have objects of
// their own for layouts that are equal; each is written out once.

const numbers = new WeakMap<Layout, number>();
const byText = new Map<string, number>();
/** Texts that are held at most: those of some thousand kernels. */
const MAX_KEPT = 20_000;
let count = 0;

function numberOf(layout: Layout): number {
  const known = numbers.get(layout);
  if (known !== undefined) return known;
  if (byText.size >= MAX_KEPT) byText.clear();
  const text = JSON.stringify(layout);
  count += 1;
  const number = byText.get(text) ?? count;
  byText.set(text, number);
  numbers.set(layout, number);
  return number;
}

const tags = new WeakMap<Layout, readonly string[]>();

/** The structs and unions that a layout embeds by name. */
function tagsIn(layout: Layout): readonly string[] {
  const known = tags.get(layout) ?? [
    ...new Set(leavesOf(layout).flatMap(({ encoding }) => embeddedTag(encoding) ?? [])),
  ];
  tags.set(layout, known);
  return known;
}

const MAX_DEPTH = 16;

/**
 * Whether two layouts are equal in every member, and so is all that they embed, each in its own kernel. False as well where
 * what is embedded is not known: then nothing says that it is the same.
 */
export function isSameLayout(
  written: Layout,
  read: Layout,
  lookups: { outgoing: LayoutLookup; incoming: LayoutLookup },
  depth = 0,
): boolean {
  if (written !== read && numberOf(written) !== numberOf(read)) return false;
  return tagsIn(written).every((tag) => {
    const [from, to] = [lookups.outgoing(tag), lookups.incoming(tag)];
    return from && to && depth < MAX_DEPTH && isSameLayout(from, to, lookups, depth + 1);
  });
}
