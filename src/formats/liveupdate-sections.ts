/*
 * Two sections by which a kernel would say what it accepts, as proposed (include/linux/liveupdate.h):
 *   .liveupdate_versions   u32 magic 0x4c565550, [u32 version,] then strings of 48 bytes, padded with NULs
 *   .liveupdate_features   [u32 magic, u32 version,] then rows of name[48], [u32 feat_bytes, u32 reserved,] u64 supp, req, active
 * In the byte order of the file. Whether the word `version` is there follows from the length: 48 divides what
 * is left either behind four or behind eight bytes. So does the length of a row: 72, or 80 with the two words.
 */
import { Cursor } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';

const MAGIC = 0x4c565550;
const NAME_SIZE = 48;
const BITS_SIZE = 3 * 8;
/** Bytes between a row's name and its bits. */
const GAPS = [0, 8] as const;
/** The one version that was proposed. */
const VERSION = 1;
/** Bytes: thousands of components. */
const SECTION_LIMIT = 1 << 20;

/** One row of `.liveupdate_features`; bit sets are decimal strings of unsigned 64-bit numbers. */
export interface ImageFeatureRow {
  name: string;
  supported: string;
  required: string;
  active: string;
}

/**
 * The strings of `.liveupdate_versions`, in the order of the table, each once; an entry of NULs alone names nothing. Throws
 * IMAGE_CORRUPT.
 */
export function readVersionsSection(bytes: Uint8Array, bigEndian: boolean): readonly string[] {
  const cursor = open(bytes, bigEndian, '.liveupdate_versions');
  const magic = cursor.u32();
  if (magic !== MAGIC) throw cursor.fail(`magic 0x${magic.toString(16)}`);
  if (cursor.remaining % NAME_SIZE === 4) {
    const version = cursor.u32();
    if (version !== VERSION) throw cursor.fail(`version ${version}`);
  }
  if (cursor.remaining % NAME_SIZE !== 0)
    throw cursor.fail(`${cursor.remaining} bytes of strings of ${NAME_SIZE}`);
  const rows = Array.from({ length: cursor.remaining / NAME_SIZE }, () => cursor.bytes(NAME_SIZE));
  return [...new Set(rows.filter((row) => row.some((byte) => byte !== 0)).map((row) => nameIn(row, cursor)))];
}

/** The rows of `.liveupdate_features`, in their order. Throws IMAGE_CORRUPT. */
export function readFeaturesSection(bytes: Uint8Array, bigEndian: boolean): readonly ImageFeatureRow[] {
  const cursor = open(bytes, bigEndian, '.liveupdate_features');
  const isHeaded = cursor.length >= 8 && new Cursor(bytes, { ...FAULT, bigEndian }).u32() === MAGIC;
  if (isHeaded) {
    cursor.u32();
    const version = cursor.u32();
    if (version !== VERSION) throw cursor.fail(`version ${version}`);
  }
  const size = cursor.remaining;
  const fitting = GAPS.filter((gap) => size % (NAME_SIZE + gap + BITS_SIZE) === 0);
  // A common multiple of both lengths: the words that only the longer row has are small, and no part of a name.
  const gap = fitting.length > 1 && isHeaded ? fitting[1] : fitting[0];
  if (gap === undefined) throw cursor.fail(`${size} bytes, of rows of 72 or 80`);
  return Array.from({ length: size / (NAME_SIZE + gap + BITS_SIZE) }, () => {
    const name = readName(cursor);
    cursor.bytes(gap);
    const [supported, required, active] = [cursor.u64(), cursor.u64(), cursor.u64()].map(String) as [
      string,
      string,
      string,
    ];
    return { name, supported, required, active };
  });
}

const FAULT = { label: '.liveupdate_features', code: 'IMAGE_CORRUPT' } as const;

function open(bytes: Uint8Array, bigEndian: boolean, label: string): Cursor {
  if (bytes.byteLength <= SECTION_LIMIT)
    return new Cursor(bytes, { label, code: 'IMAGE_CORRUPT', bigEndian });
  throw new ToolError('IMAGE_CORRUPT', `${label}: ${bytes.byteLength} bytes, more than ${SECTION_LIMIT}`);
}

/** A name: printable, at least one character, then nothing but NULs, at least one. */
function readName(cursor: Cursor): string {
  return nameIn(cursor.bytes(NAME_SIZE), cursor);
}

function nameIn(bytes: Uint8Array, cursor: Cursor): string {
  const text = Buffer.from(bytes).toString('latin1');
  const name = /^([\x20-\x7e]+)\0+$/.exec(text)?.[1];
  if (name === undefined) throw cursor.fail(`no name padded with NULs before`);
  return name;
}
