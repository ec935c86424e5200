import type { Layout } from '../model/layout.ts';
import { flatten } from './pairing.ts';
import type { FlatMember } from './rule.ts';

/**
 * Whether a member is one more view of bytes that another member, present and equal in both layouts, covers wholly: an
 * alternative of a union.
 */
export function sharesUnion(own: Layout, member: FlatMember, other: Layout): boolean {
  const elsewhere = new Map(flatten(other.members).map((entry) => [entry.name, entry]));
  return flatten(own.members).some((sibling) => {
    const twin = elsewhere.get(sibling.name);
    return (
      sibling.name !== member.name &&
      !member.name.startsWith(`${sibling.name}.`) &&
      sibling.bitOffset <= member.bitOffset &&
      sibling.bitOffset + sibling.bitSize >= member.bitOffset + member.bitSize &&
      twin?.bitOffset === sibling.bitOffset &&
      twin.encoding === sibling.encoding
    );
  });
}
