import type { FdtNode } from '../model/component-state.ts';
import type { Marker } from '../model/marker.ts';
import type { Kernel, KernelComponent } from '../verdict/kernel.ts';
import { isAvailable } from '../verdict/kernel.ts';

// Where a component's data lies. KHO's tree has one entry (node) for each blob; what a marker lies in is said by its
// carrier, `fdt:ENTRY:/path` or `struct:NAME.member`, and the node of an entry by a path `KHO:/ENTRY` among the
// component's nodes. Paths without a prefix count from the root of the component's own tree.

export type Facts = KernelComponent['facts'];

/** A component of a kernel. */
export interface Part {
  id: string;
  facts: Facts;
}

/** KHO's own tree. */
export const ROOT_ENTRY = 'KHO';

export function partsOf({ components }: Kernel): Part[] {
  return [...components].map(([id, { facts }]) => ({ id, facts }));
}

export function availableParts(kernel: Kernel): Part[] {
  return partsOf(kernel).filter(({ facts }) => isAvailable(facts));
}

/** `fdt:LUO:/luo-flb` in two; undefined for a marker that lies elsewhere. */
export function treeCarrier(marker: Marker | undefined): { entry: string; path: string } | undefined {
  const match = /^fdt:([^:]+):(\/.*)$/.exec(marker?.carrier ?? '');
  return match ? { entry: match[1] as string, path: match[2] as string } : undefined;
}

/** `struct:luo_ser.compatible` in two; undefined for a marker that lies elsewhere. */
export function structCarrier(marker: Marker | undefined): { struct: string; member: string } | undefined {
  const match = /^struct:(\w+)\.(\w+)$/.exec(marker?.carrier ?? '');
  return match ? { struct: match[1] as string, member: match[2] as string } : undefined;
}

/** The entry of KHO's tree that a component looks for, by what its document says. */
export function entryOf({ facts }: Part): string | undefined {
  const node = facts.fdt.find(({ path }) => path.startsWith(`${ROOT_ENTRY}:/`));
  if (node) return node.path.slice(ROOT_ENTRY.length + 2);
  const carrier = treeCarrier(facts.marker);
  return carrier?.path === '/' ? carrier.entry : undefined;
}

const ownersByKernel = new WeakMap<Kernel, Map<string, Part>>();

/** The component that comes first to an entry. */
export function ownerOf(kernel: Kernel, entry: string): Part | undefined {
  const known = ownersByKernel.get(kernel);
  if (known) return known.get(entry);
  const owners = new Map<string, Part>();
  for (const part of partsOf(kernel)) {
    const own = entryOf(part);
    if (own !== undefined && !owners.has(own)) owners.set(own, part);
  }
  ownersByKernel.set(kernel, owners);
  return owners.get(entry);
}

/** A node that a component reads or writes in the tree of an entry. */
export interface KnownNode {
  part: Part;
  node: FdtNode;
  /** From the root of that tree. */
  path: string;
  /** In the tree of another component, where it stands only when there is something to hand over. */
  isGuest: boolean;
}

/** All nodes that a kernel knows in the tree of an entry, those of its owner first. */
export function nodesOf(kernel: Kernel, entry: string): KnownNode[] {
  const found: KnownNode[] = [];
  for (const part of availableParts(kernel)) {
    const own = treeCarrier(part.facts.marker)?.entry;
    for (const node of part.facts.fdt) {
      const [, prefix, path = ''] = /^(?:([^:/]+):)?(\/.*)$/.exec(node.path) ?? [];
      const isNodeOfEntry = prefix === ROOT_ENTRY && entry === ROOT_ENTRY;
      if (isNodeOfEntry || (prefix ?? own) !== entry) continue;
      found.push({ part, node, path, isGuest: prefix !== undefined });
    }
  }
  const rank = ({ path }: KnownNode): number => (path === '/' ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}

/** Whether a path of a tree is the one of a node, whose path may hold a place for any name, `/<region>`. */
export function isPath(path: string, pattern: string): boolean {
  return pattern.includes('<') ? expressionOf(pattern).test(path) : path === pattern;
}

const expressions = new Map<string, RegExp>();

function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const parts = pattern.split(/<[^<>]*>/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const made = new RegExp(`^${parts.join('[^/]+')}$`);
  expressions.set(pattern, made);
  return made;
}
