/*
 * A .zst file (RFC 8878): frames, one behind the other; the magic is 0xfd2fb528. What decodes refuses
 * windows beyond 128 MiB, as the program does, so a frame's header cannot ask for memory without end.
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { openStream, type XzOptions } from './decompress-xz.ts';

/** True when these first bytes begin a zstd frame. */
export function isZstd(head: Uint8Array): boolean {
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
}

/** The decompressed bytes of a .zst file; forward only. More than the limit is ARCHIVE_CORRUPT. */
export function openZstd(source: ByteSource, options: XzOptions): ByteSource {
  return openStream(source, options, 'zstd');
}
