/** Numbers for what is equal, counted from 0; `beside` tells equal keys apart. */
export class Interner {
  readonly #numbers = new Map<string, Map<number | object | string, number>>();
  #count = 0;

  number(key: number | object | string, beside = ''): number {
    const numbers = this.#numbers.get(beside) ?? new Map<number | object | string, number>();
    this.#numbers.set(beside, numbers);
    const known = numbers.get(key) ?? this.#count;
    if (known === this.#count) this.#count += 1;
    numbers.set(key, known);
    return known;
  }
}
