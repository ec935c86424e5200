import type { Target } from '../model/target.ts';
import type { Effect } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { availableParts, entryOf, ROOT_ENTRY } from './entries.ts';

/** All kernels at hand, and what they know together. */
export interface Known {
  /** Oldest first. */
  kernels: readonly Kernel[];
  /** Those that no vendor and no posted series changed. */
  upstream: ReadonlySet<string>;
  target: Target;
  /** Components that some kernel finds an entry of KHO's tree by, by its name. */
  ownersByEntry: ReadonlyMap<string, readonly string[]>;
  /** What becomes of an entry that nobody looks for, by its name. */
  lossByEntry: ReadonlyMap<string, Effect>;
}

/** Gathers what all kernels know of entries. */
export function gatherKnown(
  kernels: readonly Kernel[],
  { upstream, target }: { upstream: ReadonlySet<string>; target: Target },
): Known {
  const ownersByEntry = new Map<string, string[]>();
  const lossByEntry = new Map<string, Effect>();
  for (const part of kernels.flatMap(availableParts)) {
    const entry = entryOf(part);
    if (entry === undefined) continue;
    const owners = ownersByEntry.get(entry) ?? [];
    if (!owners.includes(part.id)) ownersByEntry.set(entry, [...owners, part.id]);
    const node = part.facts.fdt.find(({ path }) => path === `${ROOT_ENTRY}:/${entry}`);
    if (node?.onMissing) lossByEntry.set(entry, node.onMissing);
  }
  return { kernels, upstream, target, ownersByEntry, lossByEntry };
}
