import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ToolError } from '../errors.ts';
import { readBtfHead } from '../formats/kernel-image-btf.ts';
import { bareEvidence, readStart, releaseOfUname } from './bare-build.ts';
import type { BuildFacts } from './build-facts.ts';
import { releaseOfName } from './release.ts';
import { defineSource } from './source.ts';

/** The largest BTF of a kernel is some 30 MB. */
const SIZE_LIMIT = 256 << 20;

/**
 * A file of raw BTF, as /sys/kernel/btf has them: of a kernel, or of a module (split BTF), which then bears the
 * file's name. Such a file says neither machine nor release; a release is taken from its name.
 */
export const btf = defineSource({
  kind: 'btf',
  async accepts(locator) {
    try {
      const head = await readStart(locator, basename(locator), 4);
      return hasMagic(head);
    } catch {
      return false;
    }
  },
  async open(locator) {
    const name = basename(locator);
    const bytes = await readStart(locator, name, SIZE_LIMIT);
    const head = readBtfHead(bytes);
    if (head === undefined) throw new ToolError('BTF_CORRUPT', 'BTF: the header does not fit the file');
    const raw = bytes.subarray(0, head.size);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const moduleName = name.replace(/\.btf$/, '');
    const build: BuildFacts = {
      ...(head.isSplit ? {} : { btf: { bytes: raw, path: name } }),
      moduleBtf: head.isSplit ? [{ name: moduleName, bytes: raw, path: name }] : [],
      files: [{ path: name, sha256 }],
    };
    return bareEvidence(name, build, releaseIn(name));
  },
});

/** A file that is called after uname -r bears all of it, so that a vendor's is never taken for upstream's. */
function releaseIn(name: string): string | undefined {
  const uname = /(?:^|-)(\d+\.\d+.*?)(?:\.btf)?$/.exec(name)?.[1];
  return uname === undefined ? releaseOfName(name) : releaseOfUname(uname, {});
}

/** Magic eb9f in either byte order, then version 1. */
function hasMagic(head: Uint8Array): boolean {
  const [first, second, version] = head;
  const isMagic = (first === 0x9f && second === 0xeb) || (first === 0xeb && second === 0x9f);
  return isMagic && version === 1;
}
