import { hashName, type Strings } from './strings.ts';
import type { TypeTable } from './type-table.ts';
import { KIND, type KindName, kindOfInfo, TYPE_WORDS, vlenOfInfo } from './wire.ts';

/**
 * Finds the words that hold the offset of a given name. No name is decoded for it: names are hashed and compared as
 * bytes, since two offsets may spell the same name.
 */
export class NameIndex {
  readonly #words: Uint32Array;
  readonly #strings: Strings;
  /** By the hash's upper bits: one past the place in `#at` of the chain's first, 0 for none; `#next` goes on. */
  readonly #heads: Uint32Array;
  readonly #next: Uint32Array;
  readonly #at: Uint32Array;
  readonly #shift: number;

  /** `at`: the words with the offsets of names, in the order in which they are to be found. */
  constructor(words: Uint32Array, strings: Strings, at: Uint32Array) {
    const bits = Math.max(1, Math.ceil(Math.log2(at.length + 1)));
    this.#words = words;
    this.#strings = strings;
    this.#at = at;
    this.#shift = 32 - bits;
    this.#heads = new Uint32Array(2 ** bits);
    this.#next = new Uint32Array(at.length);
    for (let place = at.length - 1; place >= 0; place -= 1) {
      const offset = words[at[place] ?? 0] ?? 0;
      strings.check(offset);
      const bucket = strings.hashAt(offset) >>> this.#shift;
      this.#next[place] = this.#heads[bucket] ?? 0;
      this.#heads[bucket] = place + 1;
    }
  }

  /** Places in the list of words that was given. */
  find(name: string): number[] {
    const found: number[] = [];
    const bytes = Buffer.from(`${name}\0`, 'latin1');
    let link = this.#heads[hashName(bytes, 0) >>> this.#shift] ?? 0;
    for (; link !== 0; link = this.#next[link - 1] ?? 0) {
      const offset = this.#words[this.#at[link - 1] ?? 0] ?? 0;
      if (this.#strings.isAt(offset, bytes)) found.push(link - 1);
    }
    return found;
  }
}

/** Names of types; `numbers` has the number of the own type at each place. */
export interface NamedTypes {
  readonly index: NameIndex;
  readonly numbers: Uint32Array;
}

/** The types with a name, of one kind or of all: most askers want few kinds, and functions are half of an image's types. */
export function indexTypeNames(table: TypeTable, kind: KindName | undefined): NamedTypes {
  const { words, strings, starts, kinds } = table;
  const wanted = kind === undefined ? 0 : KIND[kind];
  const numbers = new Uint32Array(starts.length);
  const at = new Uint32Array(starts.length);
  let count = 0;
  for (let number = 0; number < starts.length; number += 1) {
    if (wanted !== 0 && kinds[number] !== wanted) continue;
    const start = starts[number] ?? 0;
    if (words[start] === 0) continue;
    numbers[count] = number;
    at[count] = start;
    count += 1;
  }
  const index = new NameIndex(words, strings, at.subarray(0, count));
  return { index, numbers: numbers.subarray(0, count) };
}

/** The names of enumerators; `owners` has the number of the own type that each belongs to, `position` its place in it. */
export function indexEnumerators(table: TypeTable): {
  index: NameIndex;
  owners: Uint32Array;
  firsts: Uint32Array;
} {
  const { words, strings, starts } = table;
  const at: number[] = [];
  const owners: number[] = [];
  const firsts = new Uint32Array(starts.length);
  for (let number = 0; number < starts.length; number += 1) {
    firsts[number] = at.length;
    const start = starts[number] ?? 0;
    const info = words[start + 1] ?? 0;
    const kind = kindOfInfo(info);
    const step = kind === KIND.enum ? 2 : kind === KIND.enum64 ? 3 : 0;
    const end = step === 0 ? 0 : start + TYPE_WORDS + vlenOfInfo(info) * step;
    for (let word = start + TYPE_WORDS; word < end; word += step) {
      at.push(word);
      owners.push(number);
    }
  }
  return {
    index: new NameIndex(words, strings, Uint32Array.from(at)),
    owners: Uint32Array.from(owners),
    firsts,
  };
}
