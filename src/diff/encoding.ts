// Reading the `encoding` of a member: SCALAR or `struct NAME`, then `[N]` per dimension, or `:BITS` (see model/layout.ts).

export interface Encoding {
  /** Without array dimensions and bit-field width: `u64`, `char`, `ptr`, `struct kho_vmalloc`, `union`. */
  element: string;
  /** Lengths from the outside in; undefined for a flexible array. */
  dimensions: (number | undefined)[];
  isBitField: boolean;
}

export function readEncoding(text: string): Encoding {
  const [base = text, bits] = text.split(':');
  const dimensions = [...base.matchAll(/\[(\d*)\]/g)].map(([, length]) =>
    length ? Number(length) : undefined,
  );
  return { element: base.replace(/\[\d*\]/g, ''), dimensions, isBitField: bits !== undefined };
}

const INTEGER = /^([us])(8|16|32|64|128)$/;

/** `{ signed, bits }` of a plain integer encoding, undefined for anything else. */
export function readInteger(encoding: string): { signed: boolean; bits: number } | undefined {
  const match = INTEGER.exec(encoding.replace(/:\d+$/, ''));
  return match ? { signed: match[1] === 's', bits: Number(match[2]) } : undefined;
}

/** The tag of the struct or union that a member embeds, with its keyword; undefined for anything else. */
export function embeddedTag(encoding: string): string | undefined {
  const { element } = readEncoding(encoding);
  return /^(?:struct|union) \w+$/.test(element) ? element : undefined;
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
