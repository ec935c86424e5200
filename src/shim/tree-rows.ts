import type { SideFacts } from '../diff/rule.ts';
import type { FdtNode, FdtProperty } from '../model/component-state.ts';
import type { ShimTreeRow } from '../model/shim.ts';

/** The nodes and properties of a component on both sides, for a shim that people write: an FDT is read by code, not by layout. */
export function treeRowsOf(outgoing: SideFacts, incoming: SideFacts): ShimTreeRow[] {
  const paths = unique([...outgoing.facts.fdt, ...incoming.facts.fdt].map(({ path }) => path));
  return paths.flatMap((path) => {
    const [from, to] = [nodeAt(outgoing, path), nodeAt(incoming, path)];
    const names = unique([...(from?.properties ?? []), ...(to?.properties ?? [])].map(({ name }) => name));
    return [
      {
        path,
        property: null,
        outgoing: from ? nodeWords(from, 'writes') : null,
        incoming: to ? nodeWords(to, 'reads') : null,
      },
      ...names.map((property) => ({
        path,
        property,
        outgoing: propertyWords(from, property),
        incoming: propertyWords(to, property),
      })),
    ];
  });
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function nodeAt({ facts }: SideFacts, path: string): FdtNode | undefined {
  return facts.fdt.find((node) => node.path === path);
}

function nodeWords({ notWritten, onMissing }: FdtNode, side: 'reads' | 'writes'): string {
  if (side === 'writes') return notWritten ? 'not written' : 'written';
  return onMissing === undefined ? 'read' : `demanded (${onMissing})`;
}

function propertyWords(node: FdtNode | undefined, name: string): string | null {
  const property: FdtProperty | undefined = node?.properties.find((candidate) => candidate.name === name);
  if (!property) return null;
  const { type, exactLength, onMissing } = property;
  const parts = [
    type,
    ...(exactLength === undefined ? [] : [`exactly ${exactLength} bytes`]),
    ...(onMissing === undefined ? [] : [`demanded (${onMissing})`]),
  ];
  return parts.join(', ');
}
