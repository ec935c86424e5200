/** Pairs with one cause: every one of `outgoing` with every one of `incoming`. */
export interface Block<T> {
  outgoing: string[];
  incoming: string[];
  /** One of the pairs. */
  pair: T;
}

/**
 * Gathers pairs of one cause into blocks: first by outgoing kernel and cause, then outgoing kernels with the same
 * incoming ones. Every pair stands in exactly one block, and a block holds no pair that was not given.
 */
export function gatherBlocks<T extends { outgoing: string; incoming: string }>(
  pairs: readonly T[],
  causeOf: (pair: T) => unknown,
): Block<T>[] {
  const rows = gather(
    pairs.map((pair) => ({ outgoing: [pair.outgoing], incoming: [pair.incoming], pair })),
    ({ outgoing, pair }) => [outgoing, causeOf(pair)],
    (into, row) => into.incoming.push(...row.incoming),
  );
  return gather(
    rows,
    ({ incoming, pair }) => [incoming, causeOf(pair)],
    (into, row) => into.outgoing.push(...row.outgoing),
  );
}

function gather<T>(
  rows: readonly Block<T>[],
  keyOf: (row: Block<T>) => unknown,
  join: (into: Block<T>, row: Block<T>) => void,
): Block<T>[] {
  const byKey = new Map<string, Block<T>>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const known = byKey.get(key);
    if (known) join(known, row);
    else byKey.set(key, row);
  }
  return [...byKey.values()];
}
