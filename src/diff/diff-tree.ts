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
  const nodes = pairByName<FdtNode>({
    written: Object.fromEntries(outgoing.facts.fdt.map((node) => [node.path, node])),
    read: Object.fromEntries(incoming.facts.fdt.map((node) => [node.path, node])),
    isAlike: (one, other) => isHandoverEntry(one.path) === isHandoverEntry(other.path),
  });
  for (const { name: path, written: writtenNode, read: readNode, candidates } of nodes) {
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
  const byName = ({ properties }: FdtNode): Record<string, FdtProperty> =>
    Object.fromEntries(properties.map((property) => [property.name, property]));
  const properties = pairByName<FdtProperty>({
    written: byName(writtenNode),
    read: byName(readNode),
    isAlike: (one, other) => one.type === other.type,
    mayBe: () => true,
  });
  for (const { written: writtenProperty, read: readProperty, candidates } of properties) {
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

/** A subtree's own entry in the tree of KHO, which no other kind of node replaces. */
function isHandoverEntry(path: string): boolean {
  return path.startsWith('KHO:/');
}
