import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import type { BuildFacts } from './build-facts.ts';
import type { TreeFiles } from './evidence.ts';
import { unreadable } from './file-source.ts';
import { releaseOfDebBuild } from './package-members-release.ts';

/** Evidence of a build without any file of its source. */
export function bareEvidence(name: string, build: BuildFacts, release: string | undefined): TreeFiles {
  return {
    name,
    read: () => undefined,
    list: () => [],
    digest: () => undefined,
    ...(release === undefined ? {} : { release }),
    build,
  };
}

/**
 * What a build is called by its uname -r: `7.3.4+deb13` for 7.3.4+deb13-amd64. `banner` may hold the version of
 * the Debian package, which says more where uname is as short as `7.3-amd64`.
 */
export function releaseOfUname(
  uname: string,
  { machine, banner = '' }: { machine?: string; banner?: string },
): string {
  const withoutArch = machine && uname.endsWith(`.${machine}`) ? uname.slice(0, -machine.length - 1) : uname;
  return releaseOfDebBuild(withoutArch, / Debian (\d\S*)/.exec(banner)?.[1]);
}

/**
 * The bytes of a file from its start, at most `limit`, read until there are no more: files of /proc and /sys
 * say that they are empty. Throws FILE_UNREADABLE.
 */
export async function readStart(locator: string, name: string, limit: number): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(locator, 'r');
    const stat = await handle.stat();
    if (!stat.isFile()) throw new ToolError('FILE_UNREADABLE', `${name}: not a regular file`);
    const bytes = Buffer.alloc(Math.min(limit, Math.max(stat.size, SMALL_LIMIT)));
    let filled = 0;
    while (filled < bytes.byteLength) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.byteLength - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } catch (error) {
    throw error instanceof ToolError ? error : unreadable(name, error);
  } finally {
    await handle?.close();
  }
}

/** What a file that does not tell its size may have. */
const SMALL_LIMIT = 1 << 20;

/** SHA-256 of all bytes of a source that knows its size, in hexadecimal. */
export async function digestOf(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  // One buffer, where that can be: most of what reading a large file costs is touching fresh memory.
  const into = source.read && Buffer.allocUnsafeSlow(DIGEST_STEP);
  for (let offset = 0; ; ) {
    const bytes =
      into && source.read ? await source.read(offset, DIGEST_STEP, into) : await source.at(offset);
    if (bytes.byteLength === 0) return hash.digest('hex');
    hash.update(bytes);
    offset += bytes.byteLength;
  }
}

const DIGEST_STEP = 256 << 10;
