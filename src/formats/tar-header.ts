/*
 * The 512 bytes before every member of a tar archive (POSIX.1-1988 ustar and GNU):
 *   0 name[100]  100 mode  108 uid  116 gid  124 size[12]  136 mtime[12]  148 checksum[8]
 *   156 type  157 linkname[100]  257 magic  345 prefix[155]
 * Numbers are octal text, or big endian binary when the first byte has its top bit set.
 */
import { ToolError } from '../errors.ts';

/** Size of a header, and what every member is padded to. */
export const TAR_BLOCK = 512;

/** What a header says, before any extended header changes it. */
export interface TarHeader {
  path: string;
  /** The type flag as a character; '0' also for the old form with a zero byte. */
  flag: string;
  /** Bytes of content that follow, without padding. */
  size: number;
  /** Seconds since 1970, 0 where it is not a number. */
  mtime: number;
  linkTarget: string;
}

/** True when the block's checksum is right, and so its being a header is near certain. */
export function isTarHeader(block: Uint8Array): boolean {
  return block.byteLength >= TAR_BLOCK && parseNumber(block, 148, 8) === checksum(block);
}

/** True for the first bytes of a tar archive; an empty archive of zeros is none. */
export function isTar(head: Uint8Array): boolean {
  return isTarHeader(head.subarray(0, TAR_BLOCK));
}

/** Reads a header block; `offset` is for messages. Throws ARCHIVE_CORRUPT. */
export function parseTarHeader(block: Uint8Array, offset: number): TarHeader {
  if (!isTarHeader(block)) throw tarCorrupt('a header with a right checksum expected', offset);
  const size = parseNumber(block, 124, 12);
  if (size === undefined) throw tarCorrupt('a member size expected', offset);
  const name = tarText(block, 0, 100);
  const isUstar = tarText(block, 257, 5) === 'ustar';
  // GNU archives end the magic with a blank and keep other things where the prefix would be.
  const prefix = isUstar && block[262] === 0 ? tarText(block, 345, 155) : '';
  const flag = String.fromCharCode(block[156] || 0x30);
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    flag,
    size: hasContent(flag) ? size : 0,
    mtime: parseNumber(block, 136, 12) ?? 0,
    linkTarget: tarText(block, 157, 100),
  };
}

/** The text of a field up to its first zero byte, as UTF-8. */
export function tarText(bytes: Uint8Array, start: number, length: number): string {
  const zero = bytes.subarray(start, start + length).indexOf(0);
  const end = start + (zero === -1 ? length : zero);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, end);
}

/** An ARCHIVE_CORRUPT error of the tar format. */
export function tarCorrupt(message: string, offset: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `tar: ${message} at offset ${offset}`, { offset });
}

/** Links, devices, folders and pipes have no content, whatever their size field says. */
export function hasContent(flag: string): boolean {
  return !'123456'.includes(flag);
}

function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < TAR_BLOCK; i++) {
    if (i < 148 || i >= 156) sum += block[i] ?? 0;
  }
  return sum;
}

/** A numeric field; undefined when it is neither octal text nor a binary number below 2^53. */
function parseNumber(block: Uint8Array, start: number, length: number): number | undefined {
  const first = block[start] ?? 0;
  if (first === 0x80) return parseBinary(block.subarray(start + 1, start + length));
  let value = 0;
  let digits = 0;
  for (let i = start; i < start + length; i++) {
    const digit = (block[i] ?? 0) - 0x30;
    if (digit >= 0 && digit < 8) {
      value = value * 8 + digit;
      digits++;
    } else if (digits > 0 || block[i] !== 0x20) {
      return isEndOfNumber(block[i]) && digits > 0 ? value : undefined;
    }
  }
  return digits > 0 ? value : undefined;
}

function isEndOfNumber(byte: number | undefined): boolean {
  return byte === 0 || byte === 0x20;
}

function parseBinary(bytes: Uint8Array): number | undefined {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : undefined;
}
