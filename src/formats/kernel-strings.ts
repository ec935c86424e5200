/*
 * C strings in initialized data. What one is cannot be known from bytes; taken for one is the longest run of
 * printable characters (and tab and line feed) that a NUL ends. A linker may store a string as the end of a longer
 * one, where it is a string too: `pci-v1` in `vfio-pci-v1`. Only `standing` looks for such.
 */

/** Any string with its NUL. */
const ANY = /[\x20-\x7e\t\n]+\0/g;
/** Where a string ends or began: what is not printable. */
const EDGE = /[^\x20-\x7e\t\n]/g;
const EDGE_ONCE = new RegExp(EDGE.source);
/** What looks around itself, for which a NUL is not the end that the pattern means, and what may match one. */
const HARD_TO_BOUND = /\(\?<?[=!]|\\[DSWPpxuc0]/;
const BOUNDED: { readonly [part: string]: string } = {
  '^': '',
  $: '',
  '.': '[\\t\\n\\x20-\\x7e]',
  '[^': '[^\\0',
};

/** How a text stands in the data: as a string of its own somewhere, or only as the end of longer ones. */
export type Standing = 'end' | 'whole';

/** The strings of some initialized data. */
export class KernelStrings {
  readonly #parts: readonly Uint8Array[];

  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts;
  }

  /**
   * The strings that match, without repeats, in code unit order. `^` and `$` are the ends of a string; the
   * flags g and y make no difference. `hint` is what any of them has in it, where that is found faster.
   */
  find(pattern: RegExp, hint = pattern): readonly string[] {
    const found = new Set<string>();
    const exact = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    const loose = withoutAnchors(hint);
    for (const bytes of this.#parts) {
      const text = latin1Of(bytes);
      for (const string of loose === undefined ? allStrings(text) : stringsAround(text, loose)) {
        if (exact.test(string)) found.add(string);
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
        if (string !== '' && !EDGE_ONCE.test(string)) found.add(string);
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

/** Goes through the data once: behind the end of a string only its last two characters are looked at. */
function findEnds(
  bytes: Uint8Array,
  byEnd: ReadonlyMap<number, readonly Buffer[]>,
  found: Map<string, Standing>,
): void {
  const isWanted = new Uint8Array(1 << 16);
  for (const end of byEnd.keys()) isWanted[end] = 1;
  const { length } = bytes;
  let word = 0;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[at] as number;
    const isEnd = byte === 0 && isWanted[word] === 1;
    word = ((word & 0xff) << 8) | byte;
    if (!isEnd) continue;
    for (const text of byEnd.get(wordBefore(bytes, at)) ?? []) {
      const start = at - text.byteLength;
      if (start < 0 || text.compare(bytes, start, at) !== 0) continue;
      const isWhole = start === 0 || !isPrintable(bytes[start - 1] ?? 0);
      if (isWhole || !found.has(text.toString('latin1'))) {
        found.set(text.toString('latin1'), isWhole ? 'whole' : 'end');
      }
    }
  }
}

/** The two bytes in front of a place. */
function wordBefore(bytes: Uint8Array, at: number): number {
  return ((bytes[at - 2] ?? 0) << 8) | (bytes[at - 1] ?? 0);
}

function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function* allStrings(text: string): Generator<string> {
  for (const [string] of text.matchAll(ANY)) yield string.slice(0, -1);
}

/**
 * The strings in which a pattern without anchors matches somewhere. Run over the data as one text it is
 * some ten times as fast as string by string.
 */
function* stringsAround(text: string, loose: RegExp): Generator<string> {
  loose.lastIndex = 0;
  for (let hit = loose.exec(text); hit !== null; hit = loose.exec(text)) {
    const end = edgeBehind(text, hit.index);
    if (end > hit.index && text[end] === '\0') yield text.slice(edgeBefore(text, hit.index), end);
    loose.lastIndex = end + 1;
  }
}

/** The first place from `index` on that is in no string. */
function edgeBehind(text: string, index: number): number {
  EDGE.lastIndex = index;
  return EDGE.exec(text)?.index ?? text.length;
}

/** Where the string begins that goes on at `index`. */
function edgeBefore(text: string, index: number): number {
  let start = index;
  while (start > 0 && isPrintable(text.charCodeAt(start - 1))) start--;
  return start;
}

function isPrintable(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 9 || code === 10;
}

/**
 * The pattern, global, without its `^` and `$` and never going beyond a NUL; undefined where that cannot be had
 * by replacing parts of it.
 */
function withoutAnchors({ source, flags }: RegExp): RegExp | undefined {
  if (HARD_TO_BOUND.test(source) || flags.includes('v')) return undefined;
  const loose = source.replace(/\\.|\[\^|\[(?:\\.|[^\]\\])*\]|[$^.]/gs, (part) => BOUNDED[part] ?? part);
  return new RegExp(loose === '' ? '(?:)' : loose, `${flags.replace(/[gy]/g, '')}g`);
}
