import { NotRunnable } from './not-runnable.ts';

const PAGE = 4096;
/** The most that is written at once, in bytes: what code of live update sets or copies are structs and pages. */
const MOST_AT_ONCE = 1 << 20;

/** Bytes at addresses, zero until something is written to them but where they are said to be unset. Throws NotRunnable. */
export class Memory {
  readonly #pages = new Map<number, DataView>();
  /** By page, which bytes have no value: 1 for each. */
  readonly #unset = new Map<number, Uint8Array>();

  /** A number of 1, 2, 4 or 8 bytes, little endian. */
  load(at: number, bytes: number, isSigned: boolean): bigint {
    checkPlace(at, bytes);
    const value = at % PAGE <= PAGE - bytes ? this.#within(at, bytes) : this.#across(at, bytes);
    return isSigned ? BigInt.asIntN(8 * bytes, value) : value;
  }

  #within(at: number, bytes: number): bigint {
    const number = Math.floor(at / PAGE);
    const from = at % PAGE;
    if (
      this.#unset
        .get(number)
        ?.subarray(from, from + bytes)
        .includes(1)
    )
      throw new NotRunnable('what is read was never set');
    const page = this.#pages.get(number);
    if (!page) return 0n;
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
    checkPlace(at, bytes);
    let rest = BigInt.asUintN(8 * bytes, value);
    for (let index = 0; index < bytes; index += 1) {
      this.#set(at + index, Number(rest & 0xffn));
      rest >>= 8n;
    }
  }

  fill(at: number, bytes: number, value: number): void {
    checkPlace(at, bytes);
    for (let index = 0; index < bytes; index += 1) this.#set(at + index, value);
  }

  copy(to: number, from: number, bytes: number): void {
    checkPlace(to, bytes);
    checkPlace(from, bytes);
    const all = Array.from({ length: bytes }, (_, index) => Number(this.#within(from + index, 1)));
    for (const [index, byte] of all.entries()) this.#set(to + index, byte);
  }

  /** Nobody knows what lies there until something is written: to read it is no answer. */
  unset(at: number, bytes: number): void {
    checkPlace(at, bytes);
    for (let index = at; index < at + bytes; index += 1) {
      const number = Math.floor(index / PAGE);
      const page = this.#unset.get(number) ?? new Uint8Array(PAGE);
      this.#unset.set(number, page);
      page[index % PAGE] = 1;
    }
  }

  #set(at: number, value: number): void {
    const number = Math.floor(at / PAGE);
    const page = this.#pages.get(number) ?? new DataView(new ArrayBuffer(PAGE));
    this.#pages.set(number, page);
    page.setUint8(at % PAGE, value);
    const unset = this.#unset.get(number);
    if (unset) unset[at % PAGE] = 0;
  }
}

/** No address lies in the first page, where a pointer to nothing leads, and no struct or page is as large as a megabyte. */
function checkPlace(at: number, bytes: number): void {
  if (!(at >= PAGE)) throw new NotRunnable('a place that is nowhere');
  if (!(bytes >= 0 && bytes <= MOST_AT_ONCE)) throw new NotRunnable(`${bytes} bytes at once`);
}
