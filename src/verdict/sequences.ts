/** More than symbols that are counted: a node and a symbol together are one number that is exact. */
const SYMBOLS = 2 ** 26;

/** Numbers for sequences of numbers below 2^26, equal for equal sequences; no text is made of them. */
export class Sequences {
  readonly #next = new Map<number, number>();
  #nodes = 0;

  /** The number of what comes to `symbol` behind the sequence `before`; 0 is the empty one. */
  behind(before: number, symbol: number): number {
    const key = before * SYMBOLS + symbol;
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    this.#nodes += 1;
    this.#next.set(key, this.#nodes);
    return this.#nodes;
  }
}
