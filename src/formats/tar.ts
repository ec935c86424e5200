/*
 * A tar archive: header, content padded to 512 bytes, header, ... and a block of zeros at the end.
 * Before a member there may be extended headers with content of their own:
 *   'x' pax records "LENGTH key=value\n" for the next member, 'g' the same for all (not used here)
 *   'L', 'K' GNU: the name, the link target of the next member
 */
import type { ByteSource } from '../bytes/byte-source.ts';
import { hasContent, parseTarHeader, TAR_BLOCK, type TarHeader, tarCorrupt, tarText } from './tar-header.ts';

/** Far above any path or pax header, far below what would hurt. */
const EXTENSION_LIMIT = 1 << 20;
/** Most sources are shorter. */
const SCRATCH_SIZE = 1 << 20;
/** A member has at most a few extended headers; a chain of them without a member is an attack. */
const EXTENSION_COUNT_LIMIT = 16;

export type TarMemberType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';

/** One member as its header and the extended headers before it describe it. Offsets are in the archive. */
export interface TarMember {
  /** As written, with './' in front or '/' behind where the archive has them. */
  path: string;
  type: TarMemberType;
  /** Bytes of content. */
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  /** For the two kinds of links, else ''. */
  linkTarget: string;
  /** Where its first header, extended or not, begins. */
  headerOffset: number;
  /** Where its content begins. */
  contentOffset: number;
}

interface Extensions {
  path?: string;
  size?: number;
  mtime?: number;
  linkTarget?: string;
  isSparse?: boolean;
}

/**
 * Walks the members of an archive in order. Content is neither read nor copied unless asked for, and
 * a source that can seek never fetches it.
 */
export class TarReader {
  readonly #source: ByteSource;
  #offset: number;
  #window: Uint8Array = new Uint8Array();
  #windowOffset = 0;
  #scratch: Uint8Array = new Uint8Array();

  /** @param offset where a header begins */
  constructor(source: ByteSource, offset = 0) {
    this.#source = source;
    this.#offset = offset;
  }

  /** Where the next header is. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * The next member, undefined at the closing zeros. Throws ARCHIVE_CORRUPT for a bad header, and
   * where the archive ends without its closing zeros or within a member.
   */
  async next(): Promise<TarMember | undefined> {
    const headerOffset = this.#offset;
    const extensions: Extensions = {};
    for (let count = 0; count <= EXTENSION_COUNT_LIMIT; count++) {
      const block = this.#inWindow(TAR_BLOCK) ?? (await this.#fetch(TAR_BLOCK, 'a header'));
      if (block[0] === 0 && block.every((byte) => byte === 0)) return undefined;
      const header = parseTarHeader(block, this.#offset);
      const contentOffset = this.#offset + TAR_BLOCK;
      this.#offset = contentOffset;
      if (!'xgLK'.includes(header.flag)) return this.#member(header, extensions, headerOffset);
      await this.#readExtension(header, extensions);
      this.#moveTo(contentOffset, header.size);
    }
    throw tarCorrupt('a member expected behind so many extended headers', this.#offset);
  }

  /** A copy of the content of the member that `next` gave last. Throws ARCHIVE_CORRUPT when it is cut short. */
  async content(member: TarMember): Promise<Uint8Array> {
    const end = member.contentOffset + member.size - this.#windowOffset;
    if (end <= this.#window.byteLength) {
      return new Uint8Array(this.#window.subarray(member.contentOffset - this.#windowOffset, end));
    }
    const bytes = await this.#refetch(member.contentOffset, member.size);
    if (bytes.byteLength < member.size) {
      const ended = member.contentOffset + bytes.byteLength;
      throw tarCorrupt(`${member.path}: ${member.size} bytes expected, cut short`, ended);
    }
    return bytes;
  }

  /**
   * The content of the member that `next` gave last, good until the next call of anything: for looking at very many
   * members, few of which are kept. Throws as `content`.
   */
  async view(member: TarMember): Promise<Uint8Array> {
    const { contentOffset, size } = member;
    const start = contentOffset - this.#windowOffset;
    const inWindow = start >= 0 ? this.#window.subarray(start, start + size) : new Uint8Array();
    if (inWindow.byteLength === size) return inWindow;
    if (this.#scratch.byteLength < size) this.#scratch = new Uint8Array(Math.max(size, SCRATCH_SIZE));
    this.#scratch.set(inWindow);
    let filled = inWindow.byteLength;
    while (filled < size) {
      await this.#load(contentOffset + filled);
      if (this.#window.byteLength === 0) {
        throw tarCorrupt(`${member.path}: ${size} bytes expected, cut short`, contentOffset + filled);
      }
      const part = this.#window.subarray(0, size - filled);
      this.#scratch.set(part, filled);
      filled += part.byteLength;
    }
    return this.#scratch.subarray(0, size);
  }

  #member(header: TarHeader, extensions: Extensions, headerOffset: number): TarMember {
    const size = hasContent(header.flag) ? (extensions.size ?? header.size) : 0;
    const contentOffset = this.#offset;
    this.#moveTo(contentOffset, size);
    const path = extensions.path ?? header.path;
    const type = extensions.isSparse ? 'other' : memberType(header.flag, path);
    return {
      path,
      type,
      size,
      mtime: extensions.mtime ?? header.mtime,
      linkTarget: type.endsWith('link') ? (extensions.linkTarget ?? header.linkTarget) : '',
      headerOffset,
      contentOffset,
    };
  }

  async #readExtension(header: TarHeader, extensions: Extensions): Promise<void> {
    if (header.size > EXTENSION_LIMIT) {
      throw tarCorrupt(`extended header of ${header.size} bytes`, this.#offset);
    }
    if (header.flag === 'g') return;
    const bytes = await this.#fetch(header.size, 'an extended header');
    if (header.flag === 'L') extensions.path = tarText(bytes, 0, bytes.byteLength);
    else if (header.flag === 'K') extensions.linkTarget = tarText(bytes, 0, bytes.byteLength);
    else parsePax(bytes, this.#offset, extensions);
  }

  #moveTo(contentOffset: number, size: number): void {
    const end = contentOffset + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    if (!Number.isSafeInteger(end)) throw tarCorrupt(`a member of ${size} bytes`, contentOffset);
    const total = this.#source.size;
    if (total !== undefined && contentOffset + size > total) {
      throw tarCorrupt(`${size} bytes expected, the archive ends at ${total}`, contentOffset);
    }
    this.#offset = end;
  }

  #inWindow(length: number): Uint8Array | undefined {
    const start = this.#offset - this.#windowOffset;
    if (start < 0 || start + length > this.#window.byteLength) return undefined;
    return this.#window.subarray(start, start + length);
  }

  /** Bytes at the present offset, from the window or from the source. */
  async #fetch(length: number, what: string): Promise<Uint8Array> {
    let bytes = this.#inWindow(length);
    if (bytes === undefined) {
      bytes = await this.#refetch(this.#offset, length);
    }
    if (bytes.byteLength < length) {
      throw tarCorrupt(`${what} of ${length} bytes expected, ${bytes.byteLength} left`, this.#offset);
    }
    return bytes;
  }

  /** Up to `length` bytes from an offset at or behind the window's; the window follows. */
  async #refetch(offset: number, length: number): Promise<Uint8Array> {
    const start = offset - this.#windowOffset;
    const isInside = start >= 0 && start < this.#window.byteLength;
    // The window dies with the next call of the source, so what is still in it is copied first.
    const head = isInside ? new Uint8Array(this.#window.subarray(start)) : new Uint8Array();
    await this.#load(offset + head.byteLength);
    const rest = this.#window.subarray(0, length - head.byteLength);
    if (head.byteLength === 0 && rest.byteLength === length) return new Uint8Array(rest);
    const bytes = new Uint8Array(length);
    bytes.set(head);
    let filled = head.byteLength;
    while (filled < length && this.#window.byteLength > 0) {
      const part = this.#window.subarray(0, length - filled);
      bytes.set(part, filled);
      filled += part.byteLength;
      if (filled < length) await this.#load(offset + filled);
    }
    return bytes.subarray(0, filled);
  }

  async #load(offset: number): Promise<void> {
    this.#window = await this.#source.at(offset);
    this.#windowOffset = offset;
  }
}

function memberType(flag: string, path: string): TarMemberType {
  if (flag === '0' || flag === '7') return path.endsWith('/') ? 'directory' : 'file';
  if (flag === '1') return 'hardlink';
  if (flag === '2') return 'symlink';
  return flag === '5' ? 'directory' : 'other';
}

/** Records "LENGTH key=value\n", LENGTH counting the whole record in bytes. */
function parsePax(bytes: Uint8Array, offset: number, extensions: Extensions): void {
  let start = 0;
  while (start < bytes.byteLength) {
    const blank = bytes.indexOf(0x20, start);
    const length = blank === -1 ? Number.NaN : Number(tarText(bytes, start, blank - start));
    const end = start + length;
    if (!Number.isInteger(length) || end <= blank + 1 || end > bytes.byteLength) {
      throw tarCorrupt('a pax record expected', offset + start);
    }
    applyPax(tarText(bytes, blank + 1, end - blank - 2), extensions, offset + start);
    start = end;
  }
}

function applyPax(record: string, extensions: Extensions, offset: number): void {
  const [key = '', value = ''] = splitOnce(record, '=');
  if (key === 'path') extensions.path = value;
  else if (key === 'linkpath') extensions.linkTarget = value;
  else if (key === 'mtime') extensions.mtime = Math.floor(Number(value)) || 0;
  else if (key.startsWith('GNU.sparse.')) extensions.isSparse = true;
  else if (key === 'size') {
    const size = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(size)) throw tarCorrupt('pax: a size expected', offset);
    extensions.size = size;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
