/*
 * Builders of small archives for the tests of formats and sources.
 *
 * The two fixtures are the archive of kernelTar(), once in one block and once in many:
 *   node --import tsx test/formats/archives.ts >kernel.tar
 *   xz -k -c kernel.tar >test/formats/fixtures/kernel.tar.xz
 *   xz -k -c --block-size=4096 kernel.tar >test/formats/fixtures/kernel-blocks.tar.xz
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { ByteSource } from '../../src/bytes/byte-source.ts';

export interface Entry {
  path: string;
  text?: string | Uint8Array;
  /** Type flag; a file, or a folder where the path ends with a slash. */
  flag?: string;
  linkTarget?: string;
  mtime?: number;
  /** Size to claim instead of the real one. */
  size?: number;
}

/** A ustar archive with the entries as they stand and its closing zeros. */
export function tarBytes(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(1024)]);
}

function entryBytes(entry: Entry): Buffer {
  const content = Buffer.from(entry.text ?? '');
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(entry.path, 0, 100);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(entry.size ?? content.byteLength, 124, 12);
  octal(entry.mtime ?? 1_700_000_000, 136, 12);
  header.write(entry.flag ?? (entry.path.endsWith('/') ? '5' : '0'), 156);
  header.write(entry.linkTarget ?? '', 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 8 * 0x20);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, content, Buffer.alloc(-content.byteLength & 511)]);
}

/** One pax record, its length counted in. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (String(length).length + Buffer.byteLength(rest) !== length) length++;
  return length + rest;
}

export function arBytes(members: readonly { name: string; bytes: Uint8Array }[]): Buffer {
  const parts = members.flatMap(({ name, bytes }) => {
    const fields = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644  '];
    const header = `${fields.join('')}${String(bytes.byteLength).padEnd(10)}\`\n`;
    return [Buffer.from(header), bytes, Buffer.from(bytes.byteLength % 2 ? '\n' : '')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** A Debian package around a data archive. */
export function debBytes(dataName: string, bytes: Uint8Array): Buffer {
  const control = tarBytes([
    { path: './' },
    { path: './control', text: 'Package: linux-headers-7.3.4\nVersion: 7.3.4-1~x1\n' },
  ]);
  return arBytes([
    { name: 'debian-binary', bytes: Buffer.from('2.0\n') },
    { name: 'control.tar', bytes: control },
    { name: dataName, bytes },
  ]);
}

const FOLDERS = ['Documentation', 'arch/arm64/include', 'arch/x86/include', 'drivers', 'fs'];

/** A made-up kernel tree, in the order of git archive: small wanted parts among much else. */
export function kernelEntries(top = 'linux-7.1.13/'): Entry[] {
  const makefile = 'VERSION = 7\nPATCHLEVEL = 1\nSUBLEVEL = 13\nEXTRAVERSION =\n';
  const files = [
    { path: 'Makefile', text: makefile },
    ...FOLDERS.flatMap((folder) => numbered(folder, 12)),
    ...numbered('include/linux', 12),
    { path: 'include/linux/kho/abi/luo.h', text: '#define MARKER "v1"\n', mtime: 1_780_000_000 },
    ...numbered('kernel', 6),
    { path: 'kernel/liveupdate/core.c', text: 'int core;\n' },
    ...numbered('sound', 12),
  ];
  const sorted = files.map((entry) => ({ ...entry, path: top + entry.path }));
  sorted.sort((one, other) => (one.path < other.path ? -1 : 1));
  return top === '' ? sorted : [{ path: top }, ...sorted];
}

function numbered(folder: string, count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `${folder}/f${String(index).padStart(2, '0')}.h`,
    text: `#define F_${index} ${index}\n`.repeat(20 + index * 3),
  }));
}

export function kernelTar(): Buffer {
  return tarBytes(kernelEntries());
}

/** The bytes of a file in formats/fixtures. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
}

/** Bytes in memory as a source. With `chunk` it goes only forward and gives so many at a time. */
export function memorySource(bytes: Uint8Array, chunk?: number): ByteSource {
  const isForward = chunk !== undefined;
  return {
    size: isForward ? undefined : bytes.byteLength,
    starts: isForward ? [] : [0],
    isStateless: !isForward,
    at: async (offset) => new Uint8Array(bytes.subarray(offset, offset + (chunk ?? 4096))),
    peek: async (start, length) => new Uint8Array(bytes.subarray(start, start + length)),
    expect: () => {},
    close: async () => {},
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(kernelTar());
}
