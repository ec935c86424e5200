import type { DeviceTreeNode } from '../formats/fdt-tree.ts';
import { propertyOf } from '../formats/fdt-tree.ts';
import type { Target } from '../model/target.ts';
import { forTarget, PAGE_SHIFT } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';
import type { Blob, Identity, NamedStruct } from './blob.ts';
import type { KnownNode, Part } from './entries.ts';
import { isPath, nodesOf, ownerOf, ROOT_ENTRY, structCarrier, treeCarrier } from './entries.ts';
import { isTreeEntry } from './identify.ts';
import type { Known } from './known.ts';
import { compatibleOf, foundText, isWritten, markerIn } from './marker-in.ts';
import { mayHaveLost } from './state.ts';

/** The kernels that could have written a blob. Those that say the same of its entry are looked at once. */
export function writersOf(blob: Blob, identity: Identity, known: Known): Kernel[] {
  const { entry } = identity;
  if (entry === undefined) return known.kernels.filter((kernel) => !misfit(blob, identity, kernel, known));
  const facts = new Map<object, number>();
  const numberOf = (object: object): number => {
    if (!facts.has(object)) facts.set(object, facts.size);
    return facts.get(object) ?? 0;
  };
  const answers = new Map<string, boolean>();
  return known.kernels.filter((kernel) => {
    const key = partsAt(kernel, entry, known)
      .map((part) => numberOf(part.facts))
      .join();
    const answer = answers.get(key) ?? misfit(blob, identity, kernel, known) === undefined;
    answers.set(key, answer);
    return answer;
  });
}

/** All components whose facts decide whether a kernel writes an entry so. */
function partsAt(kernel: Kernel, entry: string, { ownersByEntry }: Known): Part[] {
  const names = entry === ROOT_ENTRY ? [...ownersByEntry.keys()] : [entry];
  const owners = names.flatMap((name) => ownerOf(kernel, name) ?? []);
  return [...owners, ...nodesOf(kernel, entry).map(({ part }) => part)];
}

/** Why a kernel cannot have written a blob, in words; undefined where it could. */
export function misfit(blob: Blob, identity: Identity, kernel: Kernel, known: Known): string | undefined {
  const { target } = known;
  if (identity.structs) return structsMisfit({ blob, structs: identity.structs, kernel, target });
  const entry = identity.entry ?? '';
  const owner = ownerOf(kernel, entry);
  if (!owner || !isAvailable(owner.facts)) return `${kernel.release} writes no ${entry}`;
  const { marker } = owner.facts;
  if (isTreeEntry(owner) !== (blob.tree !== undefined)) {
    return `${kernel.release} writes ${entry} as a ${isTreeEntry(owner) ? 'devicetree' : 'struct'}`;
  }
  const found = markerIn(blob, owner, target);
  const isLost = found === undefined && blob.tree !== undefined && mayHaveLost(blob, '/', blob.tree.root);
  if (marker && !isLost && !isWritten(found, marker)) {
    return `the marker is ${foundText(found) ?? 'not there'}, ${kernel.release} writes ${String(marker.writes)}`;
  }
  return blob.tree
    ? treeMisfit({ blob, root: blob.tree.root, entry, kernel, known })
    : sizeMisfit(blob, owner, target);
}

function sizeMisfit(blob: Blob, owner: Part, target: Target): string | undefined {
  const struct = structCarrier(owner.facts.marker)?.struct;
  const state = struct === undefined ? undefined : owner.facts.structs[struct];
  const size = (state && forTarget(state.layout, target))?.size;
  if (size === undefined || blob.bytes.length >= size) return undefined;
  return `${blob.bytes.length} bytes, ${struct} has ${size}`;
}

interface WrittenTree {
  blob: Blob;
  root: DeviceTreeNode;
  entry: string;
  kernel: Kernel;
  known: Known;
}

function treeMisfit({ blob, root, entry, kernel, known }: WrittenTree): string | undefined {
  const expected = nodesOf(kernel, entry);
  const nodes = pathsOf(root);
  const missing = expected.find((known) => isAlways(known) && !nodes.some(([at]) => at === known.path));
  if (missing && blob.tree?.cut?.inside === undefined) return `the node ${missing.path} is missing`;
  for (const [path, node] of nodes) {
    const here = expected.filter((candidate) => isPath(path, candidate.path));
    const isForeign = entry === ROOT_ENTRY && path !== '/' && isForeignEntry(node.name, kernel, known);
    if (isForeign) return `${kernel.release} writes no ${node.name}`;
    const fault = nodeMisfit({ blob, path, node, kernel, here });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Written whenever the component is on. */
function isAlways({ node, path, isGuest }: KnownNode): boolean {
  return !isGuest && !node.notWritten && !path.includes('<');
}

/** An entry of a component that this kernel lacks; names that no component has may come from anywhere. */
function isForeignEntry(name: string, kernel: Kernel, { ownersByEntry }: Known): boolean {
  const owners = ownersByEntry.get(name);
  return owners !== undefined && !owners.some((id) => isAvailable(factsOf(kernel, id)));
}

interface PlacedNode {
  blob: Blob;
  path: string;
  node: DeviceTreeNode;
  kernel: Kernel;
  here: readonly KnownNode[];
}

function nodeMisfit({ blob, path, node, kernel, here }: PlacedNode): string | undefined {
  if (here.length === 0 && path !== '/') return `${kernel.release} has no node ${path}`;
  const properties = here.flatMap(({ node: known }) => known.properties);
  for (const { name, exactLength } of properties) {
    const value = propertyOf(node, name);
    if (value === undefined && !here.some(({ isGuest }) => isGuest) && !mayHaveLost(blob, path, node))
      return `${path}: the property ${name} is missing`;
    if (value !== undefined && exactLength !== undefined && value.length !== exactLength) {
      return `${path}: ${name} has ${value.length} bytes, not ${exactLength}`;
    }
  }
  const names = new Set(['compatible', ...properties.map(({ name }) => name)]);
  const stranger = node.properties.find(({ name, cutName }) => cutName !== 'lost' && !names.has(name));
  if (stranger) return `${kernel.release} has no property ${path === '/' ? '' : path}/${stranger.name}`;
  return markerMisfit({ blob, path, node, here });
}

/** The marker of a part that has it in a node below the root. */
function markerMisfit({ blob, path, node, here }: Omit<PlacedNode, 'kernel'>): string | undefined {
  for (const { part } of here) {
    const { marker } = part.facts;
    const carrier = treeCarrier(marker);
    if (!marker || !carrier || carrier.path === '/' || !isPath(path, carrier.path)) continue;
    const found = compatibleOf(node);
    if (found === undefined && mayHaveLost(blob, path, node)) continue;
    if (!isWritten(found, marker)) {
      return `${path}: the marker is ${foundText(found) ?? 'not there'}, not ${String(marker.writes)}`;
    }
  }
  return undefined;
}

/** Every node with its path, the root first. */
export function pathsOf(root: DeviceTreeNode): [path: string, node: DeviceTreeNode][] {
  const found: [string, DeviceTreeNode][] = [['/', root]];
  const walk = (node: DeviceTreeNode, path: string): void => {
    for (const child of node.children) {
      found.push([`${path}/${child.name}`, child]);
      walk(child, `${path}/${child.name}`);
    }
  };
  walk(root, '');
  return found;
}

interface WrittenStructs {
  blob: Blob;
  structs: readonly NamedStruct[];
  kernel: Kernel;
  target: Target;
}

/** Structs that bear no marker must fill the blob, or lie in pages that are empty but for them; elements may follow, and anything behind a header. */
function structsMisfit({ blob, structs, kernel, target }: WrittenStructs): string | undefined {
  const layoutOf = layoutLookup(kernel, target);
  let size = 0;
  for (const { component, struct } of structs) {
    const facts = factsOf(kernel, component);
    if (!isAvailable(facts) || !facts.structs[struct])
      return `${kernel.release} has no ${component}.${struct}`;
    size += layoutOf(struct)?.size ?? 0;
  }
  const behind = blob.bytes.length - size;
  const last = structs.at(-1);
  const placement = last && factsOf(kernel, last.component).structs[last.struct]?.placement;
  const isRow = structs.length === 1 && placement === 'element';
  const lastSize = (last && layoutOf(last.struct)?.size) || 1;
  const mayFollow = isRow ? behind % lastSize === 0 : structs.length > 1 || placement === 'header';
  if (behind === 0 || (behind > 0 && (mayFollow || isEmptyPage(blob, size, target)))) return undefined;
  return `${blob.bytes.length} bytes, ${structs.map(({ struct }) => struct).join(' and ')} have ${size}`;
}

/** A kernel gives a record a page of its own and clears it before: a copy of that page has zeros behind the record. */
function isEmptyPage({ bytes }: Blob, size: number, target: Target): boolean {
  return bytes.length % (1 << PAGE_SHIFT[target]) === 0 && bytes.subarray(size).every((byte) => byte === 0);
}
