import { basename } from 'node:path';
import { readRange } from '../bytes/byte-source.ts';
import { recognizeCompression } from '../formats/decompress.ts';
import { isTar, TAR_BLOCK } from '../formats/tar-header.ts';
import { type KernelArchive, readKernelArchive } from './archive.ts';
import { readWithHeaders } from './archive-headers.ts';
import type { TreeFiles } from './evidence.ts';
import { openFile } from './file-source.ts';
import { releaseOfMakefile, releaseOfName } from './release.ts';
import { defineSource } from './source.ts';

/** Names that stand at the top of a kernel tree, and at the top of nothing that holds one. */
const TOP_NAMES = new Set(
  (
    '.clang-format,COPYING,CREDITS,Documentation,Kbuild,Kconfig,LICENSES,MAINTAINERS,Makefile,README,' +
    'arch,block,certs,crypto,drivers,fs,include,init,ipc,kernel,mm,net,samples,scripts,security,sound'
  ).split(','),
);

/** A tar archive of a kernel tree, as it is or compressed with xz or gzip, recognized by its bytes. */
export const tarball = defineSource({
  kind: 'tarball',
  async accepts(locator) {
    const head = await readHead(locator);
    return head !== undefined && (isTar(head) || recognizeCompression(head) !== 'other');
  },
  async open(locator, options) {
    const name = basename(locator);
    const file = await openFile(locator, name);
    try {
      const archive = await readWithHeaders(
        options,
        (asked) => readKernelArchive(file, { ...asked, findTop: findTarballTop }),
        (found) => found,
      );
      return archiveEvidence(name, archive);
    } finally {
      await file.close();
    }
  },
});

/**
 * The top folder of a tarball as the first member shows it: its first component, or nothing when that
 * one belongs to the kernel tree itself.
 */
export function findTarballTop(path: string): string | undefined {
  const [, dot = '', first = '', rest] = /^((?:\.\/)*)([^/]*)(\/)?/.exec(path) ?? [];
  if (first === '' || first === '.') return undefined;
  if (TOP_NAMES.has(first) || rest === undefined) return dot;
  return `${dot}${first}/`;
}

/** Evidence from what an archive held. */
export function archiveEvidence(name: string, { files, top }: KernelArchive): TreeFiles {
  const { date, makefile, read, list, digest, sought, isSearched } = files;
  const release =
    (makefile === undefined ? undefined : releaseOfMakefile(makefile)) ??
    releaseOfName(basename(top)) ??
    releaseOfName(name);
  return {
    name,
    read,
    list,
    digest,
    ...(isSearched && { sought }),
    ...(release === undefined ? {} : { release }),
    ...(date === undefined ? {} : { date }),
  };
}

/** The first bytes of a file, undefined when there is none to read. */
export async function readHead(locator: string): Promise<Uint8Array | undefined> {
  try {
    const file = await openFile(locator, basename(locator));
    try {
      return await readRange(file, 0, TAR_BLOCK);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
