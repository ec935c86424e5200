import { joinBlocks } from '../model/pair-block.ts';
import type { TableAnswer, UnitPair } from '../model/pair-table.ts';

/** Pairs with one cause by the names of their kernels, each side in order. */
export interface NamedBlock<T> {
  outgoing: string[];
  incoming: string[];
  /** What one of the pairs comes to. */
  pair: T;
}

/** Pairs of units gathered by their cause, as `gatherBlocks` gathers pairs of kernels. */
export function namedBlocks(
  pairs: readonly UnitPair[],
  releases: readonly string[],
  causeOf: (answer: TableAnswer) => unknown,
): NamedBlock<TableAnswer>[] {
  const blocks = pairs.map(({ outgoing, incoming, answer }) => ({ outgoing, incoming, pair: answer }));
  const nameOf = (position: number): string => releases[position] as string;
  return joinBlocks(blocks, causeOf, (a, b) => a - b).map(({ outgoing, incoming, pair }) => ({
    outgoing: outgoing.map(nameOf),
    incoming: incoming.map(nameOf),
    pair,
  }));
}
