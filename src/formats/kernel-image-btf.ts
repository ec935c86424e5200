/*
 * BTF inside of a file that has no sections: the blob is found by its header (include/uapi/linux/btf.h):
 *   u16 magic eb9f, u8 version 1, u8 flags 0, u32 hdr_len, type_off, type_len, str_off, str_len
 * Offsets count from the end of the header. Four bytes of magic are found by chance in some megabytes, so all
 * of the header must fit, the strings must begin and end with NUL, and the first type must be a possible one.
 */
import { ToolError } from '../errors.ts';

const HEADER_SIZE = 24;
/** Kinds of types are 1 to 19. */
const LAST_KIND = 19;

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
  if (offset + HEADER_SIZE > bytes.byteLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.byteLength - offset);
  const magic = view.getUint16(0);
  if (magic !== 0xeb9f && magic !== 0x9feb) return undefined;
  const isLittle = magic === 0x9feb;
  const [length, typeOffset, typeLength, stringOffset, stringLength] = [4, 8, 12, 16, 20].map((at) =>
    view.getUint32(at, isLittle),
  ) as [number, number, number, number, number];
  const room = view.byteLength - length;
  const isSound =
    view.getUint8(2) === 1 && view.getUint8(3) === 0 && length >= HEADER_SIZE && length % 4 === 0;
  const isInside = typeOffset + typeLength <= room && stringOffset + stringLength <= room;
  if (!isSound || !isInside || typeOffset % 4 !== 0 || typeLength % 4 !== 0 || stringLength === 0)
    return undefined;
  if (
    typeOffset + typeLength > stringOffset ||
    view.getUint8(length + stringOffset + stringLength - 1) !== 0
  ) {
    return undefined;
  }
  if (typeLength > 0 && !isFirstType(view, length + typeOffset, isLittle)) return undefined;
  const isSplit = view.getUint8(length + stringOffset) !== 0;
  return { bigEndian: !isLittle, size: length + stringOffset + stringLength, isSplit };
}

function isFirstType(view: DataView, offset: number, isLittle: boolean): boolean {
  if (offset + 12 > view.byteLength) return false;
  const kind = (view.getUint32(offset + 4, isLittle) >>> 24) & 0x1f;
  return kind >= 1 && kind <= LAST_KIND;
}

/**
 * The largest BTF of a kernel in a file without sections, as a copy; undefined where there is none. Throws
 * IMAGE_CORRUPT for a file that begins one again and again.
 */
export function searchBtf(bytes: Uint8Array, bigEndian: boolean): Uint8Array | undefined {
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
  return best && bytes.slice(best.offset, best.offset + best.size);
}
