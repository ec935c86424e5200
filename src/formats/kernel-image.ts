/*
 * A kernel as a file: what is packed in what is told by the bytes alone.
 *   compressed as a whole (Image.gz, vmlinux.xz, *.ko.zst)  -> one of the below
 *   bzImage     boot header -> payload, compressed or not -> vmlinux without symbols (ELF)
 *   zboot       header -> payload -> arm64 Image, or what else boots from EFI
 *   arm64 Image the kernel as it lies in memory, without sections
 *   ELF         vmlinux, or a module
 * What is not needed is let go before this returns; no file with a name is made.
 */
import { type ByteSource, readRange, sliceSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { BOOT_HEADER_SIZE, type BootHeader, type BootPayload, readBootHeader } from './boot-header.ts';
import { decompress, recognizeCompression } from './decompress.ts';
import { keepStream } from './decompress-xz.ts';
import { isElf, openElf } from './elf.ts';
import {
  bytesSource,
  growthLimit,
  IMAGE_LIMIT,
  loadWhole,
  readExactly,
  readWhole,
} from './kernel-image-bytes.ts';
import { type ImageFacts, readElfFacts, readRawFacts } from './kernel-image-facts.ts';
import type { XzDecoder } from './xz-decoder.ts';

export type { ImageFeatureRow } from './liveupdate-sections.ts';

/** What a kernel image is, told by its bytes. `arm64` and `zboot` hold no ELF. */
export type ImageForm = 'elf' | 'bzimage' | 'arm64' | 'zboot';

/** What a kernel's image says of itself. All of it is in memory; nothing has to be closed. */
export interface KernelImage extends ImageFacts {
  form: ImageForm;
}

/** How to open an image. */
export interface KernelImageOptions {
  /** Decodes xz and zstd; threads of its own unless given. */
  decoder?: XzDecoder;
}

/** Version strings are shorter (arch/x86/boot/version.c). */
const VERSION_LIMIT = 1024;

/** True when these first bytes (BOOT_HEADER_SIZE of them) begin an image that is not compressed as a whole. */
export function isKernelImage(head: Uint8Array): boolean {
  return isElf(head) || (head.byteLength >= BOOT_HEADER_SIZE && readBootHeader(head) !== undefined);
}

/**
 * Reads a kernel image: vmlinux or a module (ELF), a bzImage, an arm64 Image or EFI zboot image, any of
 * them compressed as a whole. The source stays open. What is compressed may become 20 times its size and
 * 16 MiB, at most 1 GiB. Throws IMAGE_UNKNOWN for what is none of these, IMAGE_CORRUPT, ELF_CORRUPT and
 * ARCHIVE_CORRUPT for what is damaged (IMAGE_CORRUPT too where header and banner name different releases),
 * ARCHIVE_UNKNOWN for a compression that cannot be read.
 */
export async function openKernelImage(
  input: Uint8Array | ByteSource,
  options: KernelImageOptions = {},
): Promise<KernelImage> {
  if (input instanceof Uint8Array) return openLayer(bytesSource(input), options);
  const canSeek = input.starts.length > 0 && input.size !== undefined;
  return openLayer(canSeek ? input : await loadWhole(input, IMAGE_LIMIT), options);
}

async function openLayer(
  source: ByteSource,
  options: KernelImageOptions,
  isInner = false,
): Promise<KernelImage> {
  const head = await readRange(source, 0, BOOT_HEADER_SIZE);
  if (isElf(head)) return { form: 'elf', ...(await readElfFacts(await openElf(source, options))) };
  const header = readBootHeader(head);
  if (header?.form === 'bzimage') return openBzImage(source, header, options);
  if (header?.form === 'arm64') return { form: 'arm64', ...(await openArm64(source, header)) };
  if (header?.form === 'zboot') return openZboot(source, header.payload, options);
  if (recognizeCompression(head) === 'other' || isInner) {
    throw new ToolError('IMAGE_UNKNOWN', 'not a kernel image: neither ELF nor a boot header');
  }
  const inner = await unpack(source, growthLimit(source.size ?? 0), options);
  return closing(inner, () => openLayer(inner, options, true));
}

type HeaderOf<Form> = Extract<BootHeader, { form: Form }>;

async function openBzImage(
  source: ByteSource,
  header: HeaderOf<'bzimage'>,
  options: KernelImageOptions,
): Promise<KernelImage> {
  const release = await readVersion(source, header.versionOffset);
  if (header.payload === undefined) {
    const protocol = `0x${header.protocol.toString(16)}`;
    throw new ToolError(
      'IMAGE_UNKNOWN',
      `bzImage: boot protocol ${protocol} does not say where the kernel is`,
    );
  }
  const kernel = await unpackPayload(source, header.payload, options);
  const facts = await closing(kernel, async () => {
    if (isElf(await readRange(kernel, 0, BOOT_HEADER_SIZE))) {
      return readElfFacts(await openElf(kernel, options));
    }
    throw new ToolError('IMAGE_CORRUPT', 'bzImage: the payload is no ELF file');
  });
  const inside = facts.unameRelease;
  if (release !== undefined && inside !== undefined && release !== inside) {
    throw new ToolError('IMAGE_CORRUPT', `bzImage: its header says ${release}, the kernel in it ${inside}`);
  }
  return { form: 'bzimage', ...facts, ...(release === undefined ? {} : { unameRelease: release }) };
}

/** The first word of the version string in the header. */
async function readVersion(source: ByteSource, offset: number | undefined): Promise<string | undefined> {
  if (offset === undefined) return undefined;
  const bytes = await readRange(source, offset, VERSION_LIMIT);
  const version = /^([!-~]+)[ -~]*\0/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  if (version !== undefined) return version;
  throw new ToolError('IMAGE_CORRUPT', `bzImage: no version string at offset ${offset}`, { offset });
}

async function openArm64(source: ByteSource, { bigEndian }: HeaderOf<'arm64'>): Promise<ImageFacts> {
  const bytes = await readWhole(source, IMAGE_LIMIT);
  return readRawFacts(bytes, { machine: bigEndian ? 'aarch64_be' : 'aarch64', bigEndian });
}

async function openZboot(
  source: ByteSource,
  payload: BootPayload,
  options: KernelImageOptions,
): Promise<KernelImage> {
  const kernel = await unpackPayload(source, payload, options);
  return closing(kernel, () => openBehindZboot(kernel, options));
}

async function openBehindZboot(kernel: ByteSource, options: KernelImageOptions): Promise<KernelImage> {
  const head = await readRange(kernel, 0, BOOT_HEADER_SIZE);
  if (isElf(head)) return { form: 'zboot', ...(await readElfFacts(await openElf(kernel, options))) };
  const header = head.byteLength < BOOT_HEADER_SIZE ? undefined : readBootHeader(head);
  if (header?.form === 'arm64') return { form: 'zboot', ...(await openArm64(kernel, header)) };
  const bytes = await readWhole(kernel, IMAGE_LIMIT);
  return { form: 'zboot', ...(await readRawFacts(bytes, { bigEndian: false })) };
}

async function closing<Result>(source: ByteSource, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } finally {
    await source.close();
  }
}

/** The kernel in a payload. Where the payload says what it becomes it must become just that. */
async function unpackPayload(
  source: ByteSource,
  { offset, size, hasSizeBehind }: BootPayload,
  options: KernelImageOptions,
): Promise<ByteSource> {
  const end = source.size ?? 0;
  if (size < 8 || offset + size > end) {
    const message = `payload of ${size} bytes at offset ${offset} in ${end} bytes`;
    throw new ToolError('IMAGE_CORRUPT', message, { offset });
  }
  const head = await readRange(source, offset, BOOT_HEADER_SIZE);
  const compression = recognizeCompression(head);
  if (compression === 'other') {
    if (isElf(head)) return sliceSource(source, offset, size);
    throw new ToolError('ARCHIVE_UNKNOWN', 'payload: compressed in a way that is not supported', { offset });
  }
  const sizeBehind = hasSizeBehind ? await readSizeBehind(source, offset + size) : undefined;
  const limit = growthLimit(size);
  if (sizeBehind !== undefined && sizeBehind > limit) {
    throw new ToolError('IMAGE_CORRUPT', `payload: ${size} bytes that should become ${sizeBehind}`, {
      offset,
    });
  }
  const length = compression === 'gzip' || !hasSizeBehind ? size : size - 4;
  const kernel = await unpack(sliceSource(source, offset, length), sizeBehind ?? limit, options);
  if (sizeBehind === undefined || kernel.size === sizeBehind) return kernel;
  await kernel.close();
  const message = `payload: ${kernel.size} bytes when decompressed, not ${sizeBehind}`;
  throw new ToolError('ARCHIVE_CORRUPT', message, { offset });
}

async function readSizeBehind(source: ByteSource, end: number): Promise<number> {
  const bytes = await readExactly(source, end - 4, 4, 'size behind the payload');
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

async function unpack(source: ByteSource, limit: number, options: KernelImageOptions): Promise<ByteSource> {
  try {
    const kept = await keepUnpacked(source, limit, options);
    if (kept) return kept;
    const stream = await decompress(source, { ...options, limit });
    try {
      return await loadWhole(stream, limit);
    } finally {
      await stream.close();
    }
  } catch (error) {
    if (error instanceof ToolError && error.code === 'ARCHIVE_CORRUPT' && (await hasXzFilter(source))) {
      const message = `${error.message}, or there is no program xz, which alone undoes the filter that it has`;
      throw new ToolError('ARCHIVE_CORRUPT', message, { ...error.details, cause: error.cause ?? error });
    }
    throw error;
  }
}

/** What a program unpacks out of this process' sight; undefined for other compressions. */
async function keepUnpacked(
  source: ByteSource,
  limit: number,
  options: KernelImageOptions,
): Promise<ByteSource | undefined> {
  const format = recognizeCompression(await readRange(source, 0, BOOT_HEADER_SIZE));
  if (format !== 'xz' && format !== 'zstd') return undefined;
  return keepStream(source, { ...options, limit }, format);
}

/** True for xz whose first block has a filter in front of LZMA2 (0x21), such as that for x86 code. */
async function hasXzFilter(source: ByteSource): Promise<boolean> {
  const head = await readRange(source, 0, 64);
  if (recognizeCompression(head) !== 'xz') return false;
  const filters = ((head[13] ?? 0) & 3) + 1;
  return filters > 1;
}
