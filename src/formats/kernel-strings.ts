/*
 * C strings in initialized data. What one is cannot be known from bytes; taken for one is the longest run of
 * printable characters (and tab and line feed) that a NUL ends. A linker may store a string as the end of a longer
 * one, where it is a string too: `pci-v1` in `vfio-pci-v1`. Only `standing` looks for such.
 */

/** Where a string ends or began: what is not printable. */
const EDGE = /[^\x20-\x7e\t\n]/;

/** How a text stands in the data: as a string of its own somewhere, or only as the end of longer ones. */
export type Standing = 'end' | 'whole';

/** The strings of some initialized data. */
export class KernelStrings {
  readonly #parts: readonly Uint8Array[];

  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts;
  }

  /**
   * The strings that match and have one of some pieces in them, without repeats, in code unit order. `^` and `$` are the
   * ends of a string. Only what is around a piece is looked at.
   */
  find(pattern: RegExp, pieces: readonly string[]): readonly string[] {
    const found = new Set<string>();
    for (const bytes of this.#parts) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const piece of pieces) {
        for (const string of stringsAround(buffer, piece)) if (pattern.test(string)) found.add(string);
      }
    }
    return [...found].sort();
  }

  /** The strings that begin with a text, without repeats, in code unit order. */
  startingWith(text: string): readonly string[] {
    const found = new Set<string>();
    for (const bytes of this.#parts) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = buffer.indexOf(text); at !== -1; at = buffer.indexOf(text, at + 1)) {
        const isStart = at === 0 || !isPrintable(buffer[at - 1] ?? 0);
        const end = isStart ? buffer.indexOf(0, at) : -1;
        const string = end === -1 ? '' : buffer.toString('latin1', at, end);
        if (string !== '' && !EDGE.test(string)) found.add(string);
      }
    }
    return [...found].sort();
  }

  /** How each text stands that a NUL follows somewhere. Those of less than two characters are never found. */
  standing(texts: Iterable<string>): ReadonlyMap<string, Standing> {
    const found = new Map<string, Standing>();
    const byEnd = new Map<number, Buffer[]>();
    for (const text of texts) {
      const bytes = Buffer.from(text, 'latin1');
      if (bytes.byteLength < 2) continue;
      const end = wordBefore(bytes, bytes.byteLength);
      byEnd.set(end, [...(byEnd.get(end) ?? []), bytes]);
    }
    for (const bytes of this.#parts) findEnds(bytes, byEnd, found);
    return found;
  }
}

/** Goes through the data once: where a string ends only its last two characters are looked at. */
function findEnds(
  bytes: Uint8Array,
  byEnd: ReadonlyMap<number, readonly Buffer[]>,
  found: Map<string, Standing>,
): void {
  const isWanted = new Uint8Array(1 << 16);
  for (const end of byEnd.keys()) isWanted[end] = 1;
  const lookAt = (at: number): void => {
    const end = bytes[at] === 0 ? wordBefore(bytes, at) : 0;
    if (isWanted[end] === 1) findAt(bytes, at, byEnd.get(end) ?? [], found);
  };
  // Four bytes at a time: in few words a NUL stands behind another byte.
  const first = Math.min(-bytes.byteOffset & 3, bytes.byteLength);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, (bytes.byteLength - first) >> 2);
  for (let at = 0; at < first; at += 1) lookAt(at);
  let before = HIGH_BITS;
  for (let index = 0; index < words.length; index += 1) {
    const filled = filledBytes(words[index] as number);
    // Where this machine's words begin with their last byte, all that hold a NUL are looked at.
    const behind = IS_LITTLE_ENDIAN ? (filled << 8) | (before >>> 24) : HIGH_BITS;
    before = filled;
    if ((~filled & behind & HIGH_BITS) === 0) continue;
    for (let byte = 0; byte < 4; byte += 1) lookAt(first + index * 4 + byte);
  }
  for (let at = first + words.length * 4; at < bytes.byteLength; at += 1) lookAt(at);
}

const HIGH_BITS = 0x80808080 | 0;
const LOW_BITS = 0x7f7f7f7f;
const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** The high bit of each byte of a word that is no NUL. */
function filledBytes(word: number): number {
  return (((word & LOW_BITS) + LOW_BITS) | word) & HIGH_BITS;
}

/** Which of some texts a NUL at a place ends. */
function findAt(bytes: Uint8Array, at: number, texts: readonly Buffer[], found: Map<string, Standing>): void {
  for (const text of texts) {
    const start = at - text.byteLength;
    if (start < 0 || !endsAt(bytes, at, text)) continue;
    const isWhole = start === 0 || !isPrintable(bytes[start - 1] ?? 0);
    if (isWhole || !found.has(text.toString('latin1'))) {
      found.set(text.toString('latin1'), isWhole ? 'whole' : 'end');
    }
  }
}

/** Whether a text whose last two bytes stand in front of a place stands there whole; of most the third last does not. */
function endsAt(bytes: Uint8Array, at: number, text: Buffer): boolean {
  for (let behind = 3; behind <= text.byteLength; behind += 1) {
    if (bytes[at - behind] !== text[text.byteLength - behind]) return false;
  }
  return true;
}

/** The two bytes in front of a place. */
function wordBefore(bytes: Uint8Array, at: number): number {
  return ((bytes[at - 2] ?? 0) << 8) | (bytes[at - 1] ?? 0);
}

/** The strings that have a piece in them. */
function* stringsAround(bytes: Buffer, piece: string): Generator<string> {
  for (let at = bytes.indexOf(piece); at !== -1; ) {
    let start = at;
    while (start > 0 && isPrintable(bytes[start - 1] as number)) start -= 1;
    let end = at + piece.length;
    while (end < bytes.byteLength && isPrintable(bytes[end] as number)) end += 1;
    if (bytes[end] === 0) yield bytes.toString('latin1', start, end);
    at = bytes.indexOf(piece, end);
  }
}

function isPrintable(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 9 || code === 10;
}
