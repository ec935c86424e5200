/*
 * BTF inside of a file that has no sections: the blob is found by its header (include/uapi/linux/btf.h):
 *   u16 magic eb9f, u8 version 1, u8 flags 0, u32 hdr_len, type_off, type_len, str_off, str_len
 * Offsets count from the end of the header. Four bytes of magic are found by chance in some megabytes, so all
 * of the header must fit, the strings must begin and end with NUL, and the first type must be a possible one.
 */
import { attempt, ToolError } from '../errors.ts';
import { type BtfHeader, isBtf, kindName, kindOfInfo, readHeader } from './btf/wire.ts';

/** Bytes of the shortest type, and where its info is. */
const [TYPE_SIZE, INFO_OFFSET] = [12, 4];

/** Magic and version are found by chance once in 4 GiB. */
const CANDIDATE_LIMIT = 4096;

/** How raw BTF begins. */
export interface BtfHead {
  bigEndian: boolean;
  /** Bytes of the blob: header, types, strings. */
  size: number;
  /** True for the BTF of a module, whose strings go on where those of the kernel end. */
  isSplit: boolean;
}

/** Reads the header of raw BTF at an offset; undefined where there is none that fits into `bytes`. */
export function readBtfHead(bytes: Uint8Array, offset = 0): BtfHead | undefined {
  const blob = bytes.subarray(offset);
  const header = headerOf(blob);
  if (!header || header.strings.length === 0 || !isFirstType(blob, header)) return undefined;
  const { strings, isBigEndian, totalLength } = header;
  if (blob[strings.offset + strings.length - 1] !== 0) return undefined;
  return { bigEndian: isBigEndian, size: totalLength, isSplit: blob[strings.offset] !== 0 };
}

function headerOf(blob: Uint8Array): BtfHeader | undefined {
  // The flags are none so far; by chance they are seldom that.
  if (!isBtf(blob) || blob[3] !== 0) return undefined;
  return attempt(() => readHeader(blob));
}

function isFirstType(blob: Uint8Array, { types, isBigEndian, layout }: BtfHeader): boolean {
  if (types.length === 0) return true;
  if (types.length < TYPE_SIZE) return false;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const kind = kindOfInfo(view.getUint32(types.offset + INFO_OFFSET, !isBigEndian));
  return kind > 0 && (layout !== undefined || kindName(kind) !== undefined);
}

/**
 * Where the largest BTF of a kernel lies in a file without sections, in bytes; undefined where there is none. Throws
 * IMAGE_CORRUPT for a file that begins one again and again.
 */
export function findBtf(bytes: Uint8Array, bigEndian: boolean): { offset: number; size: number } | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = Buffer.from(bigEndian ? [0xeb, 0x9f, 1, 0] : [0x9f, 0xeb, 1, 0]);
  let count = 0;
  let best: { offset: number; size: number } | undefined;
  for (let offset = buffer.indexOf(mark); offset !== -1; offset = buffer.indexOf(mark, offset + 1)) {
    if (count++ > CANDIDATE_LIMIT) {
      throw new ToolError('IMAGE_CORRUPT', `type information: ${count} places where it might begin`, {
        offset,
      });
    }
    const head = readBtfHead(bytes, offset);
    if (head === undefined || head.isSplit || head.size <= (best?.size ?? 0)) continue;
    best = { offset, size: head.size };
  }
  return best;
}
