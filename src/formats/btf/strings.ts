import { corrupt } from './corrupt.ts';

/** What a name may have at most. The kernel refuses BTF with names of more than 511 bytes (KSYM_NAME_LEN). */
const MAX_NAME = 1024;
/** Bytes of a name that its hash is made of, so that names which share a long end cost little. */
const HASHED = 48;

/**
 * The strings of a blob. Offsets count from the start of the base's strings, where there is a base: split BTF goes on
 * behind them. Each name ends with a zero byte; the section's last byte is zero, so every name ends in it.
 */
export class Strings {
  /** One past the last offset that a name may have. */
  readonly end: number;
  readonly #start: number;
  readonly #base: Strings | undefined;
  readonly #bytes: Buffer;
  /** All strings as one: cutting names out of it is several times as fast as decoding each. */
  #text: string | undefined;

  constructor(bytes: Uint8Array, base: Strings | undefined) {
    if (bytes.byteLength > 0 && bytes[bytes.byteLength - 1] !== 0) throw corrupt('the last name has no end');
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#base = base;
    this.#start = base?.end ?? 0;
    this.end = this.#start + bytes.byteLength;
  }

  /** The name at an offset, empty at 0. Printable ASCII: what is not is BTF_CORRUPT, as is a name of more than 1,024
   * bytes and an offset beyond the section. */
  at(offset: number): string {
    if (offset === 0) return '';
    if (offset < this.#start) return this.#base?.at(offset) ?? '';
    this.check(offset);
    this.#text ??= this.#bytes.toString('latin1');
    const text = this.#text;
    const from = offset - this.#start;
    let end = from;
    for (let code = text.charCodeAt(end); code !== 0; code = text.charCodeAt(end)) {
      if (code < 0x20 || code > 0x7e) throw corrupt(`the name at ${offset} is not printable`);
      end += 1;
      if (end - from > MAX_NAME) throw corrupt(`the name at ${offset} has more than ${MAX_NAME} bytes`);
    }
    return text.slice(from, end);
  }

  /** Throws BTF_CORRUPT when no name can begin there. */
  check(offset: number): void {
    if (offset !== 0 && offset >= this.end) throw corrupt(`no name at ${offset} of ${this.end} bytes`);
  }

  /** Whether the name at a checked offset is this one, given as bytes with their zero. */
  isAt(offset: number, name: Uint8Array): boolean {
    if (offset < this.#start) return this.#base?.isAt(offset, name) ?? false;
    const from = offset - this.#start;
    return (
      this.#bytes.compare(
        name,
        0,
        name.byteLength,
        from,
        Math.min(from + name.byteLength, this.#bytes.byteLength),
      ) === 0
    );
  }

  /** Whether some name here or in the base is this one, be it the end of another: a look that needs no index. */
  has(name: string): boolean {
    return this.#bytes.includes(`${name}\0`, 0, 'latin1') || (this.#base?.has(name) ?? false);
  }

  /** `hashName` of the name at a checked offset. */
  hashAt(offset: number): number {
    if (offset < this.#start) return this.#base?.hashAt(offset) ?? 0;
    return hashName(this.#bytes, offset - this.#start);
  }
}

/** A 32-bit hash of the name that begins there and ends with a zero byte (FNV-1a over its first bytes). */
export function hashName(bytes: Uint8Array, from: number): number {
  let hash = 0x811c9dc5;
  const end = Math.min(from + HASHED, bytes.byteLength);
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
