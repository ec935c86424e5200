import { NotRunnable } from './not-runnable.ts';

const PAGE = 4096;
/** The most that is written at once, in bytes: what code of live update sets or copies are structs and pages. */
const MOST_AT_ONCE = 1 << 20;

/** Bytes at addresses, zero until something is written to them. */
export class Memory {
  readonly #pages = new Map<number, DataView>();

  /** A number of 1, 2, 4 or 8 bytes, little endian. */
  load(at: number, bytes: number, isSigned: boolean): bigint {
    const value = at % PAGE <= PAGE - bytes ? this.#within(at, bytes) : this.#across(at, bytes);
    return isSigned ? BigInt.asIntN(8 * bytes, value) : value;
  }

  #within(at: number, bytes: number): bigint {
    const page = this.#pages.get(Math.floor(at / PAGE));
    if (!page) return 0n;
    const from = at % PAGE;
    if (bytes === 8) return page.getBigUint64(from, true);
    if (bytes === 4) return BigInt(page.getUint32(from, true));
    return BigInt(bytes === 2 ? page.getUint16(from, true) : page.getUint8(from));
  }

  #across(at: number, bytes: number): bigint {
    let value = 0n;
    for (let index = bytes - 1; index >= 0; index -= 1) value = (value << 8n) | this.#within(at + index, 1);
    return value;
  }

  store(at: number, bytes: number, value: bigint): void {
    let rest = BigInt.asUintN(8 * bytes, value);
    if (bytes === 8 && at % PAGE <= PAGE - bytes) {
      this.#page(at).setBigUint64(at % PAGE, rest, true);
      return;
    }
    for (let index = 0; index < bytes; index += 1) {
      this.#set(at + index, Number(rest & 0xffn));
      rest >>= 8n;
    }
  }

  /** @throws NotRunnable where it is too much */
  fill(at: number, bytes: number, value: number): void {
    checkSize(bytes);
    for (let index = 0; index < bytes; index += 1) this.#set(at + index, value);
  }

  /** @throws NotRunnable where it is too much */
  copy(to: number, from: number, bytes: number): void {
    checkSize(bytes);
    const all = Array.from({ length: bytes }, (_, index) => Number(this.#within(from + index, 1)));
    for (const [index, byte] of all.entries()) this.#set(to + index, byte);
  }

  #set(at: number, value: number): void {
    this.#page(at).setUint8(at % PAGE, value);
  }

  #page(at: number): DataView {
    const number = Math.floor(at / PAGE);
    const known = this.#pages.get(number) ?? new DataView(new ArrayBuffer(PAGE));
    this.#pages.set(number, known);
    return known;
  }
}

function checkSize(bytes: number): void {
  if (!(bytes >= 0 && bytes <= MOST_AT_ONCE)) throw new NotRunnable(`${bytes} bytes at once`);
}
