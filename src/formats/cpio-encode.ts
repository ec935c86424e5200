// Writes what cpio.ts reads: an archive in the form "newc", as a kernel unpacks it for its first root folder.

/** A member to write: a folder, a file, or a character device. */
export type CpioEntry =
  | { kind: 'device'; path: string; major: number; minor: number }
  | { kind: 'file'; path: string; bytes: Uint8Array; isExecutable?: true }
  | { kind: 'folder'; path: string };

const MODES = { device: 0o20600, file: 0o100644, folder: 0o40755, program: 0o100755 } as const;

/** The archive in pieces, in the order of its bytes; contents are not copied. */
export function encodeCpio(entries: readonly CpioEntry[]): Uint8Array[] {
  const pieces = entries.flatMap((entry, index) => encodeEntry(entry, index + 1));
  return [...pieces, header({ inode: 0, mode: 0, size: 0, path: 'TRAILER!!!' })];
}

function encodeEntry(entry: CpioEntry, inode: number): Uint8Array[] {
  const { path, kind } = entry;
  if (kind === 'folder') return [header({ inode, mode: MODES.folder, size: 0, path })];
  if (kind === 'device') {
    const { major, minor } = entry;
    return [header({ inode, mode: MODES.device, size: 0, path, device: [major, minor] })];
  }
  const { bytes, isExecutable } = entry;
  const size = bytes.byteLength;
  const mode = isExecutable ? MODES.program : MODES.file;
  return [header({ inode, mode, size, path }), bytes, new Uint8Array(padding(size))];
}

interface HeaderFields {
  inode: number;
  mode: number;
  size: number;
  path: string;
  device?: readonly [major: number, minor: number];
}

/** No times and no owners, so that equal contents make equal archives. */
function header({ inode, mode, size, path, device = [0, 0] }: HeaderFields): Uint8Array {
  const name = Buffer.from(`${path}\0`, 'utf8');
  const [major, minor] = device;
  const fields = [inode, mode, 0, 0, 1, 0, size, 0, 0, major, minor, name.byteLength, 0];
  const digits = fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('');
  const head = Buffer.concat([Buffer.from(`070701${digits}`, 'latin1'), name]);
  return Buffer.concat([head, new Uint8Array(padding(head.byteLength))]);
}

function padding(size: number): number {
  return (4 - (size % 4)) % 4;
}
