import type { FdtNode, FdtProperty } from '../model/component-state.ts';
import type { DiffInput } from './diff-input.ts';
import { pairByName } from './pairing.ts';
import type { NodePair } from './rule.ts';
import type { Run } from './run-rules.ts';

/**
 * The outgoing kernel lacks the component, and its reader is called all the same: what it demands inside the tree of
 * another component is missing.
 */
export function diffAbsent(input: DiffInput, run: Run): void {
  if (!input.incoming.facts.reader?.always) return;
  for (const readNode of input.incoming.facts.fdt) {
    if (isHandoverEntry(readNode.path)) continue;
    const path = readNode.path;
    run('presence', { ...input, path, writtenNode: undefined, readNode, candidates: [] });
  }
}

/** Hands the nodes and properties of both trees to the rules. A tree whose names could not be read shows nothing. */
export function diffFdt(input: DiffInput, run: Run): void {
  const { component, target, outgoing, incoming } = input;
  if (outgoing.facts.fdtUnread || incoming.facts.fdtUnread) return;
  const pairs = pairByName<FdtNode>({
    written: nodesIn(outgoing.facts.fdt),
    read: nodesIn(incoming.facts.fdt),
    isAlike: (one, other) => isHandoverEntry(one.path) === isHandoverEntry(other.path),
  });
  for (const { name: path, written: writtenNode, read: readNode, candidates } of pairs) {
    const pair = { component, target, outgoing, incoming, path, writtenNode, readNode, candidates };
    run('node', pair);
    run('presence', pair);
    if (writtenNode && readNode && !writtenNode.notWritten) {
      diffProperties({ ...pair, writtenNode, readNode }, run);
    }
  }
}

function diffProperties(pair: NodePair & { writtenNode: FdtNode; readNode: FdtNode }, run: Run): void {
  const { component, target, outgoing, incoming, path, writtenNode, readNode } = pair;
  const pairs = pairByName<FdtProperty>({
    written: propertiesIn(writtenNode),
    read: propertiesIn(readNode),
    isAlike: (one, other) => one.type === other.type,
    mayBe: () => true,
  });
  for (const { written: writtenProperty, read: readProperty, candidates } of pairs) {
    const propertyPair = {
      component,
      target,
      outgoing,
      incoming,
      path,
      writtenNode,
      readNode,
      writtenProperty,
      readProperty,
      candidates,
    };
    run('property', propertyPair);
    run('presence', propertyPair);
  }
}

const nodes = new WeakMap<readonly FdtNode[], Readonly<Record<string, FdtNode>>>();

/** The nodes of a tree by path. */
function nodesIn(fdt: readonly FdtNode[]): Readonly<Record<string, FdtNode>> {
  const known = nodes.get(fdt) ?? Object.fromEntries(fdt.map((node) => [node.path, node]));
  nodes.set(fdt, known);
  return known;
}

const properties = new WeakMap<FdtNode, Readonly<Record<string, FdtProperty>>>();

/** The properties of a node by name. */
function propertiesIn(node: FdtNode): Readonly<Record<string, FdtProperty>> {
  const known =
    properties.get(node) ?? Object.fromEntries(node.properties.map((property) => [property.name, property]));
  properties.set(node, known);
  return known;
}

/** A subtree's own entry in the tree of KHO, which no other kind of node replaces. */
function isHandoverEntry(path: string): boolean {
  return path.startsWith('KHO:/');
}
