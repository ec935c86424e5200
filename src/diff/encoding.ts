// Reading the `encoding` of a member: SCALAR or `struct NAME`, then `[N]` per dimension, or `:BITS` (see model/layout.ts).

export interface Encoding {
  /** Without array dimensions and bit-field width: `u64`, `char`, `ptr`, `struct kho_vmalloc`, `union`. */
  readonly element: string;
  /** Lengths from the outside in; undefined for a flexible array. */
  readonly dimensions: readonly (number | undefined)[];
  readonly isBitField: boolean;
  /** Of a plain integer or a bit-field, not of an array. */
  readonly integer: Integer | undefined;
  /** `struct NAME` or `union NAME` where the element is one. */
  readonly tag: string | undefined;
}

export interface Integer {
  readonly signed: boolean;
  readonly bits: number;
}

// Every comparison reads the same few texts many times.
const encodings = new Map<string, Encoding>();
const MAX_KEPT = 10_000;

/** The parts of an encoding. */
export function readEncoding(text: string): Encoding {
  const known = encodings.get(text);
  if (known) return known;
  if (encodings.size >= MAX_KEPT) encodings.clear();
  const encoding = parseEncoding(text);
  encodings.set(text, encoding);
  return encoding;
}

const INTEGER = /^([us])(8|16|32|64|128)$/;

function parseEncoding(text: string): Encoding {
  const [base = text, bits] = text.split(':');
  const dimensions = [...base.matchAll(/\[(\d*)\]/g)].map(([, length]) =>
    length ? Number(length) : undefined,
  );
  const match = INTEGER.exec(base);
  const element = base.replace(/\[\d*\]/g, '');
  return {
    element,
    dimensions,
    isBitField: bits !== undefined,
    integer: match ? { signed: match[1] === 's', bits: Number(match[2]) } : undefined,
    tag: /^(?:struct|union) \w+$/.test(element) ? element : undefined,
  };
}

/** `{ signed, bits }` of a plain integer encoding, undefined for anything else. */
export function readInteger(encoding: string): Integer | undefined {
  return readEncoding(encoding).integer;
}

/** The tag of the struct or union that a member embeds, with its keyword; undefined for anything else. */
export function embeddedTag(encoding: string): string | undefined {
  return readEncoding(encoding).tag;
}

/** A distance in bits as people write it: `16 bytes`, or `bit 52`. */
export function bitsText(bits: number): string {
  if (bits % 8 !== 0) return `bit ${bits}`;
  return bits === 8 ? '1 byte' : `${bits / 8} bytes`;
}

/** Where a member starts: `byte 16`, or `bit 52`. */
export function offsetText(bits: number): string {
  return bits % 8 === 0 ? `byte ${bits / 8}` : `bit ${bits}`;
}
