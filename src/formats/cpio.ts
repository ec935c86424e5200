/*
 * A cpio archive in the portable ASCII form "newc", as packages and initramfs images hold it:
 *   per member: 110 bytes of header  "070701" ("070702" with a checksum), 13 fields of 8 hexadecimal digits
 *               (ino mode uid gid nlink mtime filesize, 2 x device, 2 x rdevice, namesize, check)
 *               its name with a zero byte, padded so that what follows is a multiple of 4
 *               its content, padded to a multiple of 4
 *   and at the end a member of the name "TRAILER!!!"
 * Of a file with several names the last one has the content.
 */
import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import type { TarMember, TarMemberType } from './tar.ts';

const HEADER_SIZE = 110;
const FIELD_COUNT = 13;
const TRAILER = 'TRAILER!!!';
/** Longest name with its zero byte: PATH_MAX of Linux. */
const NAME_LIMIT = 4096;
/** More names that wait for the content of their file than any package has. */
const WAITING_LIMIT = 100_000;

const TYPE_MASK = 0o170000;
const TYPE_BY_MODE: ReadonlyMap<number, TarMemberType> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
]);

/** One member, in the words of tar; `names` are the earlier ones of the same file, without content there. */
export interface CpioMember extends TarMember {
  names: readonly string[];
}

interface Header {
  inode: string;
  mode: number;
  linkCount: number;
  mtime: number;
  size: number;
  nameSize: number;
}

/** True when these first bytes begin a cpio archive in the form that is read here. */
export function isCpio(head: Uint8Array): boolean {
  return /^07070[12]/.test(latin1(head.subarray(0, 6)));
}

/**
 * Walks the members of an archive in order, forward only. Content is neither read nor copied unless asked
 * for, before the next member is.
 */
export class CpioReader {
  readonly #source: ByteSource;
  #offset = 0;
  readonly #namesByInode = new Map<string, string[]>();
  #waiting = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /**
   * The next member, undefined at the trailer. Throws ARCHIVE_CORRUPT for a bad header and where the archive
   * ends without its trailer, ARCHIVE_UNKNOWN for another form of cpio.
   */
  async next(): Promise<CpioMember | undefined> {
    const headerOffset = this.#offset;
    const header = parseHeader(await this.#fetch(headerOffset, HEADER_SIZE, 'a header'), headerOffset);
    const nameOffset = headerOffset + HEADER_SIZE;
    const path = nameOf(await this.#fetch(nameOffset, header.nameSize, 'a name'), nameOffset);
    const contentOffset = padded(nameOffset + header.nameSize);
    if (path === TRAILER) return undefined;
    this.#offset = padded(contentOffset + header.size);
    this.#checkEnd(contentOffset + header.size, contentOffset);
    const type = TYPE_BY_MODE.get(header.mode & TYPE_MASK) ?? 'other';
    const member = { path, type, size: header.size, mtime: header.mtime, headerOffset, contentOffset };
    if (type === 'symlink') return { ...member, names: [], linkTarget: await this.#linkTarget(member) };
    return { ...member, names: type === 'file' ? this.#namesOf(header, path) : [], linkTarget: '' };
  }

  /**
   * A copy of the content of the member that `next` gave last. Throws ARCHIVE_CORRUPT when it is cut short.
   */
  async content(member: Pick<CpioMember, 'path' | 'size' | 'contentOffset'>): Promise<Uint8Array> {
    return this.#fetch(member.contentOffset, member.size, member.path);
  }

  async #linkTarget(member: Pick<CpioMember, 'path' | 'size' | 'contentOffset'>): Promise<string> {
    if (member.size > NAME_LIMIT)
      throw corrupt(`a link target of ${member.size} bytes`, member.contentOffset);
    return Buffer.from(await this.content(member)).toString('utf8');
  }

  /** Keeps the names of a file whose content comes later, and gives them with the content. */
  #namesOf({ inode, linkCount, size }: Header, path: string): readonly string[] {
    if (linkCount < 2) return [];
    const names = this.#namesByInode.get(inode) ?? [];
    if (size > 0) {
      this.#namesByInode.delete(inode);
      this.#waiting -= names.length;
      return names;
    }
    if (++this.#waiting > WAITING_LIMIT) throw corrupt(`more than ${WAITING_LIMIT} hard links`, this.#offset);
    names.push(path);
    this.#namesByInode.set(inode, names);
    return [];
  }

  #checkEnd(end: number, offset: number): void {
    const total = this.#source.size;
    if (total === undefined || end <= total) return;
    throw corrupt(`a member up to ${end} expected, the archive ends at ${total}`, offset);
  }

  async #fetch(offset: number, length: number, what: string): Promise<Uint8Array> {
    const bytes = await readRange(this.#source, offset, length);
    if (bytes.byteLength === length) return bytes;
    throw corrupt(`${what} of ${length} bytes expected, ${bytes.byteLength} left`, offset);
  }
}

function parseHeader(bytes: Uint8Array, offset: number): Header {
  const text = latin1(bytes);
  checkMagic(text.slice(0, 6), offset);
  const digits = text.slice(6);
  if (!/^[0-9A-Fa-f]+$/.test(digits)) throw corrupt('a header of hexadecimal digits expected', offset);
  const fields = Array.from({ length: FIELD_COUNT }, (_, index) => digits.slice(index * 8, index * 8 + 8));
  const field = (index: number) => Number.parseInt(fields[index] ?? '', 16);
  const nameSize = field(11);
  if (nameSize < 1 || nameSize > NAME_LIMIT) throw corrupt(`a name of ${nameSize} bytes`, offset);
  return {
    // A number of a file counts on its device alone.
    inode: [fields[0], fields[7], fields[8]].join(' '),
    mode: field(1),
    linkCount: field(4),
    mtime: field(5),
    size: field(6),
    nameSize,
  };
}

function checkMagic(magic: string, offset: number): void {
  if (magic === '070701' || magic === '070702') return;
  if (magic === '07070X') {
    const message = 'cpio: the stripped form for packages with files over 4 GB is not supported';
    throw new ToolError('ARCHIVE_UNKNOWN', message, { offset });
  }
  if (magic === '070707') {
    const message = 'cpio: the old form "odc" is not supported, "newc" is';
    throw new ToolError('ARCHIVE_UNKNOWN', message, { offset });
  }
  throw corrupt('a header with "070701" expected', offset);
}

function nameOf(bytes: Uint8Array, offset: number): string {
  const zero = bytes.indexOf(0);
  if (zero !== bytes.byteLength - 1) throw corrupt('a name that ends with a zero byte expected', offset);
  return Buffer.from(bytes.buffer, bytes.byteOffset, zero).toString('utf8');
}

function padded(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `cpio: ${message} at offset ${offset}`, { offset });
}
