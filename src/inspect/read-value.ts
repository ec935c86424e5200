import type { InspectedBytes } from '../model/inspect.ts';

// Reading at bit offsets. Every target is little endian, so bit 0 of a member is the lowest bit of its first byte.

/** Bytes that are shown of those that nothing is known of. */
const SHOWN_BYTES = 64;

export function inspectedBytes(bytes: Uint8Array): InspectedBytes {
  const head = bytes.subarray(0, SHOWN_BYTES);
  return {
    count: bytes.length,
    isZero: bytes.every((byte) => byte === 0),
    hex: Buffer.from(head.buffer, head.byteOffset, head.length).toString('hex'),
  };
}

/** An unsigned integer of `bits` bits at a bit offset; undefined where it is not whole inside the bytes. */
export function readBits(bytes: Uint8Array, bitOffset: number, bits: number): bigint | undefined {
  if (bitOffset + bits > bytes.length * 8) return undefined;
  const first = Math.floor(bitOffset / 8);
  const last = Math.ceil((bitOffset + bits) / 8);
  let value = 0n;
  for (let at = last - 1; at >= first; at--) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return BigInt.asUintN(bits, value >> BigInt(bitOffset % 8));
}

/** A number where it is exact, else its decimal digits. */
export function exactNumber(value: bigint): number | string {
  const isExact = value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
  return isExact ? Number(value) : value.toString();
}

/** The text before the first NUL, other than ASCII as escapes; and what stands behind that NUL. */
export function readText(bytes: Uint8Array): { text: string; isEnded: boolean; rest: Uint8Array } {
  const end = bytes.indexOf(0);
  const text = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
  return { text, isEnded: end >= 0, rest: end < 0 ? new Uint8Array() : bytes.subarray(end) };
}
