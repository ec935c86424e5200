/**
 * Bytes that come from somewhere: a file, a part of one, the output of a decompressor. Either any place
 * can be reached (`starts` is not empty) or one can only go forward.
 */
export interface ByteSource {
  /** Length in bytes, undefined where that is known only at the end. */
  readonly size: number | undefined;
  /**
   * Ascending offsets at which reading can begin without reading what lies before; the first is 0.
   * Empty: forward only, each `at` at or behind the one before.
   */
  readonly starts: readonly number[];
  /** True when `at` may be called for any offset, several at once, at the same cost. */
  readonly isStateless: boolean;
  /**
   * The bytes from `offset` on, as many as are at hand, at least one; empty at the end and beyond it.
   * The view is good until the next call. One call at a time, unless stateless.
   */
  at(offset: number): Promise<Uint8Array>;
  /** `length` bytes from any offset, fewer at the end, in a buffer of their own or in the one that is given. */
  read?(offset: number, length: number, into?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** Up to `length` bytes from one of `starts`, without moving what `at` reads; several calls may run. */
  peek(start: number, length: number): Promise<Uint8Array>;
  /** Says which of `starts` will be read from, in order, so that a source can work ahead. */
  expect(starts: readonly number[]): void;
  /** Gives up what the source holds (threads, not the file below it); pending reads may fail. */
  close(): Promise<void>;
}

/** A copy of `length` bytes from `offset`; shorter when the source ends before. */
export async function readRange(
  source: ByteSource,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (source.read) return source.read(offset, length);
  const copy = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const bytes = await source.at(offset + filled);
    if (bytes.byteLength === 0) return copy.subarray(0, filled);
    const part = bytes.subarray(0, length - filled);
    copy.set(part, filled);
    filled += part.byteLength;
  }
  return copy;
}

/** A part of a source as a source of its own; closing it leaves the outer one open. */
export function sliceSource(outer: ByteSource, offset: number, size: number): ByteSource {
  const end = offset + size;
  const inner = outer.starts.filter((start) => start > offset && start < end);
  const read = outer.read?.bind(outer);
  return {
    ...(read && {
      read: (at, length, into) => read(offset + at, Math.max(0, Math.min(length, size - at)), into),
    }),
    size,
    // The beginning of the part can be reached whenever anything can.
    isStateless: outer.isStateless,
    starts: outer.starts.length === 0 ? [] : [0, ...inner.map((start) => start - offset)],
    at: async (at) => (at >= size ? new Uint8Array() : (await outer.at(offset + at)).subarray(0, size - at)),
    peek: (start, length) => {
      const wanted = Math.min(length, size - start);
      const isOuterStart = outer.starts.includes(offset + start);
      return isOuterStart ? outer.peek(offset + start, wanted) : readRange(outer, offset, wanted);
    },
    expect: () => {},
    close: async () => {},
  };
}
