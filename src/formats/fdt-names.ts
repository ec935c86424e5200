import type { DeviceTree, DeviceTreeNode, DeviceTreeProperty } from './fdt-tree.ts';
import { textOf } from './fdt-tree.ts';

// A strings block that was cut: where a name begins is known from the structure block, and where the next one begins tells how
// long it is. A name that is known to stand in such trees, fits there, and is the only one that does, is put in and marked.

/**
 * A cut tree with the names that fit; others stay lost. A tree that is whole comes back as it is.
 * @param names those that may stand in such a tree
 */
export function restoreNames(tree: DeviceTree, names: readonly string[]): DeviceTree {
  const { cut, strings = new Uint8Array(), root } = tree;
  const all = propertiesOf(root);
  if (!cut || !all.some(({ cutName }) => cutName === 'lost')) return tree;
  const nameAt = new Map(all.map((property) => [property.nameOffset ?? 0, property]));
  const starts = [...nameAt.keys()].sort((a, b) => b - a);
  const found = new Map<number, string>();
  let next = cut.stringsSize;
  for (const start of starts) {
    const { name, cutName } = nameAt.get(start) as DeviceTreeProperty;
    if (cutName !== 'lost') found.set(start, name);
    const fitting = [...new Set(names)].filter((candidate) => {
      const bytes = textOf(strings.subarray(start, start + candidate.length + 1));
      return `${candidate}\0`.startsWith(bytes) && isLength(candidate, { start, next, found });
    });
    if (cutName === 'lost' && fitting.length === 1) found.set(start, fitting[0] as string);
    next = start;
  }
  return { ...tree, root: renamed(root, found) };
}

interface Gap {
  start: number;
  /** Where the name behind begins, or the block ends. */
  next: number;
  found: ReadonlyMap<number, string>;
}

/** A name ends where the next begins; or the next one is its tail, which writers share. */
function isLength(name: string, { start, next, found }: Gap): boolean {
  const end = start + name.length + 1;
  return end === next || (end > next && found.get(next) === name.slice(next - start));
}

function propertiesOf({ properties, children }: DeviceTreeNode): DeviceTreeProperty[] {
  return [...properties, ...children.flatMap(propertiesOf)];
}

function renamed(node: DeviceTreeNode, found: ReadonlyMap<number, string>): DeviceTreeNode {
  const properties = node.properties.map((property): DeviceTreeProperty => {
    const name = property.cutName === 'lost' ? found.get(property.nameOffset ?? 0) : undefined;
    return name === undefined ? property : { ...property, name, cutName: 'fitting' };
  });
  return { ...node, properties, children: node.children.map((child) => renamed(child, found)) };
}
