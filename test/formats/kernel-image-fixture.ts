import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { compressSync } from 'lz4-napi';
import {
  btfBytes,
  type ElfShape,
  elfBytes,
  lz4Frame,
  type MadeSection,
  sizeBehind,
  Writer,
} from './elf-fixture.ts';

export const RELEASE = '7.3.4+made-amd64';
export const BANNER = `Linux version ${RELEASE} (builder) (gcc 14) #1 SMP Debian 7.3.4-1 (2026-11-15)`;
export const CONFIG_TEXT = 'CONFIG_KEXEC_HANDOVER=y\n# CONFIG_LIVEUPDATE is not set\n';
export const LITTLE: ElfShape = { bits: 64, bigEndian: false };

/** Programs that compress, if they are there. */
export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

/** Read-only data of a made-up kernel: two banners, a configuration, some markers. */
export function rodataBytes(banner = BANNER): Buffer {
  const text = (string: string) => Buffer.from(`${string}\0`, 'latin1');
  return Buffer.concat([
    text(`${banner.replace('#1', '#')}\n`),
    Buffer.from([1, 2, 3, 0xff]),
    text('kho-v4'),
    text('luo-v5;block-v1'),
    Buffer.from('not ended by a NUL: luo-v9\u0001', 'latin1'),
    text(`${banner}\n`),
    Buffer.from('IKCFG_ST'),
    gzipSync(CONFIG_TEXT),
    Buffer.from('IKCFG_ED'),
    text(''),
    text('memfd-v2'),
  ]);
}

/** The section .liveupdate_versions. */
export function versionsBytes(shape: ElfShape, names: readonly string[], magic = 0x4c565550): Buffer {
  const writer = new Writer(shape).u32(magic);
  for (const name of names) writer.raw(Buffer.from(name.padEnd(48, '\0'), 'latin1'));
  return writer.bytes();
}

/** The section .liveupdate_features: rows of name, supp, req, active. */
export function featuresBytes(shape: ElfShape, rows: readonly [string, bigint, bigint, bigint][]): Buffer {
  const writer = new Writer(shape);
  for (const [name, ...bits] of rows) {
    writer.raw(Buffer.from(name.padEnd(48, '\0'), 'latin1'));
    for (const each of bits) writer.u64(each);
  }
  return writer.bytes();
}

/** A vmlinux of a made-up kernel. */
export function vmlinuxBytes(shape: ElfShape = LITTLE, more: readonly MadeSection[] = []): Buffer {
  return elfBytes(shape, [
    { name: '.text', bytes: Buffer.alloc(40_000, 0x90) },
    { name: '.rodata', bytes: rodataBytes() },
    { name: '.BTF', bytes: btfBytes(shape.bigEndian) },
    ...more,
  ]);
}

/** A module of that kernel, with split BTF. */
export function moduleBytes(shape: ElfShape = LITTLE): Buffer {
  const modinfo = `license=GPL\0name=vfio_pci\0vermagic=${RELEASE} SMP mod_unload\0`;
  return elfBytes({ ...shape, type: 1 }, [
    { name: '.modinfo', bytes: Buffer.from(modinfo) },
    { name: '.rodata', bytes: Buffer.from('kho-v4\0') },
    { name: '.BTF', bytes: btfBytes(shape.bigEndian, 'vfio\0') },
  ]);
}

/** An arm64 Image: the kernel as it lies in memory, BTF after some bytes that only begin like it. */
export function arm64Bytes(): Buffer {
  const head = Buffer.alloc(0x250);
  head.write('MZ');
  head.write('ARM\x64', 0x38, 'latin1');
  const decoy = Buffer.from([0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  return Buffer.concat([head, decoy, rodataBytes(), Buffer.alloc(3), btfBytes(), Buffer.alloc(64, 7)]);
}

/** An EFI zboot image around a payload. */
export function zbootBytes(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(64);
  head.write('MZ\0\0zimg');
  head.writeUInt32LE(64, 8);
  head.writeUInt32LE(payload.byteLength, 12);
  head.write('gzip', 24);
  return Buffer.concat([head, payload, Buffer.alloc(16)]);
}

/** How kernels are compressed: what stands in a bzImage, the size behind it included. */
export const PACKERS: Readonly<{ [name: string]: { program?: string; pack(bytes: Buffer): Buffer } }> = {
  gzip: { pack: (bytes) => gzipSync(bytes) },
  lz4: { pack: (bytes) => Buffer.concat([lz4Frame([lz4Block(bytes)]), sizeBehind(bytes.byteLength)]) },
  none: { pack: (bytes) => bytes },
  xz: {
    program: 'xz',
    pack: (bytes) => run('xz', ['--check=crc32', '--x86', '--lzma2=dict=1MiB', '-c'], bytes),
  },
  zstd: { program: 'zstd', pack: (bytes) => run('zstd', ['-qc'], bytes) },
};

/** A raw block of lz4: what the library writes, without the size in front. */
export function lz4Block(bytes: Buffer): Buffer {
  return compressSync(bytes).subarray(4);
}

function run(program: string, args: readonly string[], input: Buffer): Buffer {
  return Buffer.concat([
    spawnSync(program, args, { input, maxBuffer: 1 << 30 }).stdout,
    sizeBehind(input.byteLength),
  ]);
}
