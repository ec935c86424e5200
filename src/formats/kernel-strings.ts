/*
 * C strings in read-only data. What one is cannot be known from bytes; taken for one is the longest run of
 * printable characters (and tab and line feed) that a NUL ends. A string that the linker stored as the tail
 * of another is therefore not found by itself.
 */

/** Any string with its NUL. */
const ANY = /[\x20-\x7e\t\n]+\0/g;
/** Where a string ends or began: what is not printable. */
const EDGE = /[^\x20-\x7e\t\n]/g;
/** What looks around itself, for which a NUL is not the end that the pattern means, and what may match one. */
const HARD_TO_BOUND = /\(\?<?[=!]|\\[DSWPpxuc0]/;
const BOUNDED: { readonly [part: string]: string } = {
  '^': '',
  $: '',
  '.': '[\\t\\n\\x20-\\x7e]',
  '[^': '[^\\0',
};

/** The strings of some read-only data, turned into text when first asked for. */
export class KernelStrings {
  #parts: readonly Uint8Array[];
  #texts: readonly string[] | undefined;

  constructor(parts: readonly Uint8Array[]) {
    this.#parts = parts;
  }

  /**
   * The strings that match, without repeats, in code unit order. `^` and `$` are the ends of a string; the
   * flags g and y make no difference.
   */
  find(pattern: RegExp): readonly string[] {
    this.#texts ??= this.#parts.map((bytes) => latin1Of(bytes));
    this.#parts = [];
    const found = new Set<string>();
    const exact = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    const loose = withoutAnchors(exact);
    for (const text of this.#texts) {
      for (const string of loose === undefined ? allStrings(text) : stringsAround(text, loose)) {
        if (exact.test(string)) found.add(string);
      }
    }
    return [...found].sort();
  }
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
  return new RegExp(loose === '' ? '(?:)' : loose, `${flags}g`);
}
