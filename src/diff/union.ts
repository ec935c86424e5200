import type { Layout } from '../model/layout.ts';
import { isSamePlace, leavesOf, liveIn } from './flat-member.ts';
import type { FlatMember } from './rule.ts';

/**
 * Whether a member that one layout alone has is one more view of bytes that both layouts know: an alternative of a union.
 * True when everything that the other layout has in its bits stands in its own layout too, at the same place.
 */
export function sharesUnion(own: Layout, member: FlatMember, other: Layout): boolean {
  const elsewhere = liveIn(other, member.bitOffset, member.bitSize);
  if (elsewhere.length === 0) return false;
  return elsewhere.every((twin) =>
    leavesOf(own).some((leaf) => leaf.name !== member.name && isSamePlace(leaf, twin)),
  );
}
