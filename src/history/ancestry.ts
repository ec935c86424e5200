import type { GitChange } from '../sources/git-repository.ts';

/** Which commits of a range stand on which; read once, when it is first asked. */
export class Ancestry {
  readonly #read: () => readonly GitChange[];
  #parents: Map<string, readonly string[]> | undefined;
  readonly #below = new Map<string, ReadonlySet<string>>();

  /** @param read every commit of the range with its parents, whatever it touches */
  constructor(read: () => readonly GitChange[]) {
    this.#read = read;
  }

  /** Whether one commit of the range is the other, or among those that it stands on. */
  isBelow(one: string, other: string): boolean {
    return this.#ancestorsOf(other).has(one);
  }

  #ancestorsOf(oid: string): ReadonlySet<string> {
    const known = this.#below.get(oid);
    if (known) return known;
    this.#parents ??= new Map(this.#read().map(({ oid: own, parents }) => [own, parents]));
    const seen = new Set([oid]);
    const waiting = [oid];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const parent of this.#parents.get(next) ?? []) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        waiting.push(parent);
      }
    }
    this.#below.set(oid, seen);
    return seen;
  }
}
