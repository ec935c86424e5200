/** Pairs with one cause: every one of `outgoing` with every one of `incoming`. */
export interface Block<T, K = string> {
  outgoing: K[];
  incoming: K[];
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
  const sides = new Map<string, [string]>();
  const alone = (name: string): [string] => {
    const known = sides.get(name) ?? [name];
    sides.set(name, known);
    return known;
  };
  const blocks = pairs.map((pair) => ({
    outgoing: alone(pair.outgoing),
    incoming: alone(pair.incoming),
    pair,
  }));
  return joinBlocks(blocks, causeOf);
}

/** A block of which the sides belong to somebody else. */
export type BlockOf<T, K> = Readonly<{ outgoing: readonly K[]; incoming: readonly K[]; pair: T }>;

/**
 * The same of blocks: a side is one array, the same object wherever it stands, and two sides share no kernel. With `order`
 * the kernels of joined sides are sorted, else they stand as they come.
 */
export function joinBlocks<T, K>(
  blocks: readonly BlockOf<T, K>[],
  causeOf: (pair: T) => unknown,
  order?: (a: K, b: K) => number,
): Block<T, K>[] {
  const numbers = new Map<unknown, number>();
  const numberOf = (value: unknown): number => {
    const known = numbers.get(value) ?? numbers.size;
    numbers.set(value, known);
    return known;
  };
  const causes = new Map<unknown, number>();
  const causeAt = (pair: T): number => {
    const known = causes.get(pair) ?? numberOf(JSON.stringify(causeOf(pair)));
    causes.set(pair, known);
    return known;
  };
  const rows = gather(
    blocks.map(({ outgoing, incoming, pair }) => ({ outgoing: [outgoing], incoming: [incoming], pair })),
    ({ outgoing: [side], pair }) => `${numberOf(side)} ${causeAt(pair)}`,
    (into, { incoming }) => into.incoming.push(...incoming),
  );
  const whole = gather(
    rows,
    ({ incoming, pair }) => `${incoming.map(numberOf).join()} ${causeAt(pair)}`,
    (into, { outgoing }) => into.outgoing.push(...outgoing),
  );
  const join = (sides: readonly (readonly K[])[]): K[] => {
    if (sides.length === 1) return [...(sides[0] as readonly K[])];
    return order ? sides.flat().sort(order) : sides.flat();
  };
  return whole.map(({ outgoing, incoming, pair }) => ({
    outgoing: join(outgoing),
    incoming: join(incoming),
    pair,
  }));
}

interface Row<T, K> {
  outgoing: (readonly K[])[];
  incoming: (readonly K[])[];
  pair: T;
}

function gather<T, K>(
  rows: readonly Row<T, K>[],
  keyOf: (row: Row<T, K>) => string,
  join: (into: Row<T, K>, row: Row<T, K>) => void,
): Row<T, K>[] {
  const byKey = new Map<string, Row<T, K>>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = byKey.get(key);
    if (known) join(known, row);
    else byKey.set(key, row);
  }
  return [...byKey.values()];
}
