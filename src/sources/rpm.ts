import { type ByteSource, sliceSource } from '../bytes/byte-source.ts';
import { ToolError, withContext } from '../errors.ts';
import { CpioReader } from '../formats/cpio.ts';
import { decompress } from '../formats/decompress.ts';
import { isRpm, type RpmHeader, readRpmHeader } from '../formats/rpm.ts';
import { readPackageTree } from './archive-headers.ts';
import type { TreeFiles } from './evidence.ts';
import { withFile } from './file-source.ts';
import { releaseOfRpmBuild } from './package-members-release.ts';
import { type PackageContent, PackageWalk, packageEvidence } from './package-members-walk.ts';
import { releaseOfName } from './release.ts';
import { defineSource, type ReadOptions } from './source.ts';
import { readHead } from './tarball.ts';
import { openDecoder } from './xz-program.ts';

/**
 * Compressions of payloads that can be read; the payload itself says which it is, the header words for the
 * others.
 */
const COMPRESSORS: ReadonlySet<string> = new Set(['gzip', 'identity', 'none', 'xz', 'zstd']);

/**
 * A binary RPM package with a kernel's build or with the tree that modules are built against: kernel-core,
 * kernel-modules-core, kernel-devel, kernel-debuginfo and the like; see package-members.ts.
 */
export const rpm = defineSource({
  kind: 'rpm',
  async accepts(locator) {
    const head = await readHead(locator);
    return head !== undefined && isRpm(head);
  },
  open: (locator, options) => withFile(locator, (name, file) => openPackage(name, file, options)),
});

async function openPackage(
  name: string,
  file: ByteSource & { size: number },
  options: ReadOptions,
): Promise<TreeFiles> {
  const header = await readRpmHeader(file);
  checkReadable(header);
  const content = await readPayload(file, header, options);
  const version = `${header.version}-${header.release}`;
  const evidence = await packageEvidence(name, content, {
    ...options,
    machine: header.arch === 'noarch' ? undefined : header.arch,
    releaseOfBuild: (uname) => releaseOfRpmBuild(uname, header),
    releaseOfTree: releaseOfName(version),
  });
  return { ...evidence, package: { name: header.name, version } };
}

function checkReadable({ name, isSource, payloadFormat, payloadCompressor }: RpmHeader): void {
  if (isSource) {
    throw new ToolError(
      'NOT_A_KERNEL',
      `${name}: a package of sources; give a package that was built from it`,
    );
  }
  if (payloadFormat !== 'cpio') {
    throw new ToolError(
      'ARCHIVE_UNKNOWN',
      `rpm: payload of the format ${payloadFormat}, which is not supported`,
    );
  }
  if (!COMPRESSORS.has(payloadCompressor)) {
    const message = `rpm: payload compressed with ${payloadCompressor}, which is not supported`;
    throw new ToolError('ARCHIVE_UNKNOWN', message);
  }
}

async function readPayload(
  file: ByteSource & { size: number },
  header: RpmHeader,
  options: ReadOptions,
): Promise<PackageContent> {
  const part = sliceSource(file, header.payloadOffset, file.size - header.payloadOffset);
  const decoder = openDecoder(options, file.size);
  try {
    const archive = await decompress(part, { decoder });
    try {
      const walked = async (asked: ReadOptions): Promise<PackageContent> => {
        const reader = new CpioReader(archive);
        const walk = new PackageWalk(archive, reader, asked);
        archive.expect(archive.starts);
        for (let member = await reader.next(); member; member = await reader.next()) {
          if (await walk.visit(member)) break;
        }
        return walk.finish();
      };
      return await readPackageTree(options, walked, ({ tree }) => tree);
    } finally {
      if (archive !== part) await archive.close();
    }
  } catch (error) {
    throw withContext('payload', error);
  } finally {
    await decoder.close();
  }
}
