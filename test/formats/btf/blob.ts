import { KIND, type KindName } from '../../../src/formats/btf/wire.ts';

/** What a type has beyond its kind and name. */
interface TypeParts {
  readonly name?: string;
  /** Size or type id. */
  readonly last?: number;
  readonly vlen?: number;
  readonly flag?: boolean;
  /** The words behind the first three; a string stands for the offset of its name. */
  readonly words?: readonly (number | string)[];
}

/** How a blob is put together. */
interface BlobOptions {
  readonly isBigEndian?: boolean;
  /** Bytes of the strings that the base has. */
  readonly stringBase?: number;
  /** Entries of a layout section by kind: bytes fixed, bytes for each element. */
  readonly layout?: readonly (readonly [number, number])[];
}

/** Writes BTF by hand. */
export class BlobWriter {
  readonly #words: number[] = [];
  readonly #strings = new Map<string, number>();
  readonly #options: BlobOptions;
  #stringLength = 1;

  constructor(options: BlobOptions = {}) {
    this.#options = options;
    if (options.stringBase !== undefined) this.#stringLength = 0;
  }

  /** The offset of a name, kept once. */
  name(text: string): number {
    if (text === '') return 0;
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const offset = (this.#options.stringBase ?? 0) + this.#stringLength;
    this.#strings.set(text, offset);
    this.#stringLength += text.length + 1;
    return offset;
  }

  add(kind: KindName | number, parts: TypeParts = {}): this {
    const { name = '', last = 0, vlen = 0, flag = false, words = [] } = parts;
    const number = typeof kind === 'number' ? kind : KIND[kind];
    const info = ((flag ? 1 << 31 : 0) | (number << 24) | vlen) >>> 0;
    this.#words.push(this.name(name), info, last);
    for (const word of words) this.#words.push(typeof word === 'string' ? this.name(word) : word >>> 0);
    return this;
  }

  int(name: string, size: number, encoding = 0, bits = size * 8): this {
    return this.add('int', { name, last: size, words: [(encoding << 24) | bits] });
  }

  bytes(): Buffer {
    const { isBigEndian = false, layout, stringBase } = this.#options;
    const first = stringBase === undefined ? '\0' : '';
    const strings = Buffer.from(`${first}${[...this.#strings.keys()].map((text) => `${text}\0`).join('')}`);
    const types = Buffer.alloc(this.#words.length * 4);
    const put = (buffer: Buffer, at: number, value: number) =>
      isBigEndian ? buffer.writeUInt32BE(value, at) : buffer.writeUInt32LE(value, at);
    for (const [index, word] of this.#words.entries()) put(types, index * 4, word);
    const header = Buffer.alloc(layout ? 32 : 24);
    header.set(isBigEndian ? [0xeb, 0x9f, 1] : [0x9f, 0xeb, 1]);
    const tail = Buffer.from((layout ?? []).flatMap(([fixed, element]) => [fixed, element, 0, 0]));
    const end = types.length + strings.length;
    const lengths = [header.length, 0, types.length, types.length, strings.length, end, tail.length];
    for (const [index, value] of lengths.slice(0, layout ? 7 : 5).entries())
      put(header, 4 + index * 4, value);
    return Buffer.concat([header, types, strings, tail]);
  }
}
