/*
 * An ar archive, as Debian packages use it:
 *   "!<arch>\n"
 *   per member: 60 bytes of header  name[16] mtime[12] uid[6] gid[6] mode[8] size[10] "`\n"
 *               then its bytes, and one of padding when their number is odd
 */
import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { Cursor } from '../bytes/cursor.ts';
import { ToolError } from '../errors.ts';

const MAGIC = '!<arch>\n';
const HEADER_SIZE = 60;
const HEADER_END = '`\n';
/** A Debian package has three or four members; an archive with thousands is not one. */
const MEMBER_LIMIT = 1000;

/** One member: its name without padding or a closing slash, and where its bytes are. */
export interface ArMember {
  name: string;
  offset: number;
  size: number;
}

/** True when these first bytes begin an ar archive. */
export function isAr(head: Uint8Array): boolean {
  return latin1(head.subarray(0, MAGIC.length)) === MAGIC;
}

/**
 * The members of an archive in file order, read from their headers alone.
 * Throws ARCHIVE_CORRUPT for a bad header or a member that reaches beyond the end.
 */
export async function readArMembers(source: ByteSource): Promise<ArMember[]> {
  if (!isAr(await readRange(source, 0, MAGIC.length))) throw corrupt(`"!<arch>" expected`, 0);
  const members: ArMember[] = [];
  let offset = MAGIC.length;
  while (members.length < MEMBER_LIMIT) {
    const header = await readRange(source, offset, HEADER_SIZE);
    if (header.byteLength === 0) return members;
    const member = parseHeader(header, offset);
    const end = member.offset + member.size;
    if (source.size !== undefined && end > source.size) {
      throw corrupt(`member ${member.name} ends at ${end}, the file at ${source.size}`, offset);
    }
    members.push(member);
    offset = end + (end % 2);
  }
  throw corrupt(`more than ${MEMBER_LIMIT} members`, offset);
}

function parseHeader(header: Uint8Array, offset: number): ArMember {
  const cursor = new Cursor(header, {
    label: 'ar member header',
    code: 'ARCHIVE_CORRUPT',
    base: offset,
  });
  const name = latin1(cursor.bytes(16)).trimEnd().replace(/\/$/, '');
  cursor.skip(12 + 6 + 6 + 8);
  const size = latin1(cursor.bytes(10)).trimEnd();
  if (!/^\d+$/.test(size)) throw corrupt('a decimal member size expected', offset);
  if (latin1(cursor.bytes(2)) !== HEADER_END) throw corrupt('end of member header expected', offset);
  return { name, offset: offset + HEADER_SIZE, size: Number(size) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function corrupt(message: string, offset: number): ToolError {
  return new ToolError('ARCHIVE_CORRUPT', `ar: ${message} at offset ${offset}`, { offset });
}
