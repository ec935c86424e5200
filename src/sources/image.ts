import { basename } from 'node:path';
import { readRange } from '../bytes/byte-source.ts';
import { BOOT_HEADER_SIZE } from '../formats/boot-header.ts';
import { decompress, recognizeCompression } from '../formats/decompress.ts';
import { isKernelImage, type KernelImage, openKernelImage } from '../formats/kernel-image.ts';
import { growthLimit, IMAGE_LIMIT, readWhole } from '../formats/kernel-image-bytes.ts';
import { bareEvidence, digestOf, readStart, releaseOfUname } from './bare-build.ts';
import type { BuildFacts } from './build-facts.ts';
import { openFile } from './file-source.ts';
import { defineSource } from './source.ts';
import { isUnpacked } from './unpacking.ts';
import { openDecoder } from './xz-program.ts';

/** A name that says tar: such a file is not unpacked only to see whether a kernel is in it. */
const TARBALL_NAME = /\.t(?:ar|gz|xz|zst)(?:\.|$)/;

/** A kernel's image as a file: vmlinux, bzImage, an arm64 Image, a module with BTF; compressed or not. */
export const image = defineSource({
  kind: 'image',
  async accepts(locator) {
    const head = await readHead(locator);
    if (isKernelImage(head)) return true;
    const isPacked = recognizeCompression(head) !== 'other' && !TARBALL_NAME.test(basename(locator));
    return isPacked && isKernelImage(await readUnpackedHead(locator));
  },
  async open(locator, options) {
    const name = basename(locator);
    const file = await openFile(locator, name);
    const decoder = openDecoder(options, file.size);
    try {
      const opening = openKernelImage(file, { decoder });
      await isUnpacked(opening);
      const [opened, sha256] = await Promise.all([opening, digestOf(file)]);
      const image = options.keepImage && { bytes: await readWhole(file, IMAGE_LIMIT), sha256 };
      const build = { ...imageBuild(opened, name, [{ path: name, sha256 }]), ...(image && { image }) };
      const { unameRelease } = build;
      return bareEvidence(name, build, unameRelease && releaseOfUname(unameRelease, opened));
    } finally {
      await decoder.close();
      await file.close();
    }
  },
});

/** What an image says, as facts of a build; `path` is the file or member that it is. */
export function imageBuild(opened: KernelImage, path: string, files: BuildFacts['files']): BuildFacts {
  const { machine, unameRelease, config, btf, module, liveupdate, buildId, memory, symbols, notes } = opened;
  return {
    ...(machine === undefined ? {} : { machine }),
    ...(unameRelease === undefined ? {} : { unameRelease }),
    ...(config === undefined ? {} : { config: { values: config, from: 'ikconfig', path } }),
    ...(btf === undefined ? {} : { btf: { bytes: btf, path } }),
    moduleBtf: module?.btf === undefined ? [] : [{ name: module.name, bytes: module.btf, path }],
    ...(liveupdate === undefined ? {} : { liveupdate }),
    // What is in a module is not all that there is in the kernel.
    ...(module === undefined ? { strings: opened.strings } : {}),
    ...(memory === undefined ? {} : { memory }),
    ...(symbols === undefined ? {} : { symbols }),
    ...(module !== undefined || buildId === undefined ? {} : { buildId }),
    ...(notes.length > 0 && { notes }),
    files,
  };
}

async function readHead(locator: string): Promise<Uint8Array> {
  try {
    return await readStart(locator, basename(locator), BOOT_HEADER_SIZE);
  } catch {
    return new Uint8Array();
  }
}

async function readUnpackedHead(locator: string): Promise<Uint8Array> {
  const file = await openFile(locator, basename(locator));
  const decoder = openDecoder({}, file.size);
  try {
    const stream = await decompress(file, { decoder, limit: growthLimit(file.size) });
    try {
      return await readRange(stream, 0, BOOT_HEADER_SIZE);
    } finally {
      if (stream !== file) await stream.close();
    }
  } catch {
    return new Uint8Array();
  } finally {
    await decoder.close();
    await file.close();
  }
}
