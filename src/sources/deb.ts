import { type ByteSource, sliceSource } from '../bytes/byte-source.ts';
import { ToolError, withContext } from '../errors.ts';
import { type ArMember, isAr, readArMembers } from '../formats/ar.ts';
import { decompress } from '../formats/decompress.ts';
import { TarReader } from '../formats/tar.ts';
import type { XzDecoder } from '../formats/xz-decoder.ts';
import { readKernelArchive } from './archive.ts';
import { readPackageTree, readWithHeaders } from './archive-headers.ts';
import type { TreeFiles } from './evidence.ts';
import { withFile } from './file-source.ts';
import { PackageBuild } from './package-members-build.ts';
import { releaseOfDebBuild } from './package-members-release.ts';
import { type PackageContent, PackageWalk, packageEvidence } from './package-members-walk.ts';
import { releaseOfName } from './release.ts';
import { defineSource, type ReadOptions } from './source.ts';
import { findTarballTop, readHead } from './tarball.ts';
import { openDecoder } from './xz-program.ts';

/** A control file is some hundred bytes. */
const CONTROL_LIMIT = 1 << 20;
const TREE_TARBALL = /^(?:\.\/)?usr\/src\/(?:[^/]+\/)?linux-source[^/]*\.tar(?:\.[a-z0-9]+)?$/;
/** What uname calls the architectures of Debian that kernels hand state over on. */
const MACHINE_BY_ARCHITECTURE: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x86_64'],
  ['arm64', 'aarch64'],
]);

/**
 * A Debian package with kernel headers (a tree below usr/src), with the kernel's source (a tarball there), or
 * with a build: its image, configuration, modules or vmlinux, see package-members.ts.
 * dpkg-deb writes symbolic links behind all else, so where reading ends early they are missed.
 */
export const deb = defineSource({
  kind: 'deb',
  async accepts(locator) {
    const head = await readHead(locator);
    return head !== undefined && isAr(head);
  },
  open: (locator, options) => withFile(locator, (name, file) => openPackage(name, file, options)),
});

async function openPackage(name: string, file: ByteSource, options: ReadOptions): Promise<TreeFiles> {
  const members = await readArMembers(file);
  const [first] = members;
  if (first?.name !== 'debian-binary') {
    throw new ToolError('ARCHIVE_UNKNOWN', 'an ar archive, but no debian-binary comes first');
  }
  const control = findMember(members, 'control.tar');
  const data = findMember(members, 'data.tar');
  const decoder = openDecoder(options, file.size);
  const [fields, content] = await settleBoth(
    within(control, file, (part) => readControl(part, decoder)),
    within(data, file, (part) => readData(part, options, decoder)),
  ).finally(() => decoder.close());
  const evidence = await packageEvidence(name, content, {
    ...options,
    machine: MACHINE_BY_ARCHITECTURE.get(fields?.architecture ?? ''),
    releaseOfBuild: (uname) => uname && releaseOfDebBuild(uname, fields?.version),
    releaseOfTree: fields && releaseOfName(fields.version),
  });
  return {
    ...evidence,
    ...(fields === undefined ? {} : { package: { name: fields.name, version: fields.version } }),
  };
}

/** The kernel in a data archive: what it holds itself, or the tree in a tarball there. */
async function readData(part: ByteSource, options: ReadOptions, decoder: XzDecoder): Promise<PackageContent> {
  const archive = await decompress(part, { decoder });
  try {
    return await readPackageTree(
      options,
      (asked) => walkData(archive, asked, options),
      ({ tree }) => tree,
    );
  } finally {
    if (archive !== part) await archive.close();
  }
}

/** @param whole what is asked of a tarball, which holds a kernel's code */
async function walkData(
  archive: ByteSource,
  options: ReadOptions,
  whole: ReadOptions,
): Promise<PackageContent> {
  const reader = new TarReader(archive);
  const walk = new PackageWalk(archive, reader, options);
  archive.expect(archive.starts);
  for (let member = await reader.next(); member; member = await reader.next()) {
    if (member.type === 'file' && TREE_TARBALL.test(member.path)) {
      const tarball = sliceSource(archive, member.contentOffset, member.size);
      const read = (asked: ReadOptions) => readKernelArchive(tarball, { ...asked, findTop: findTarballTop });
      return { tree: await readWithHeaders(whole, read, (tree) => tree), build: new PackageBuild() };
    }
    if (await walk.visit(member)) break;
  }
  return walk.finish();
}

/** Both results; the file may only be closed when neither reads any more, so a failure waits too. */
async function settleBoth<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

function findMember(members: readonly ArMember[], name: string): ArMember {
  const found = members.find((member) => member.name === name || member.name.startsWith(`${name}.`));
  if (found !== undefined) return found;
  throw new ToolError('ARCHIVE_CORRUPT', `no ${name} in the package`);
}

/** Runs on the bytes of a member; errors name it. */
async function within<Result>(
  member: ArMember,
  file: ByteSource,
  run: (part: ByteSource) => Promise<Result>,
): Promise<Result> {
  try {
    return await run(sliceSource(file, member.offset, member.size));
  } catch (error) {
    throw withContext(member.name, error);
  }
}

interface ControlFields {
  name: string;
  version: string;
  architecture: string | undefined;
}

/** What the control file says; undefined when Package or Version is missing. */
async function readControl(part: ByteSource, decoder: XzDecoder): Promise<ControlFields | undefined> {
  const archive = await decompress(part, { decoder });
  try {
    const reader = new TarReader(archive);
    for (let member = await reader.next(); member; member = await reader.next()) {
      if (!/^(?:\.\/)?control$/.test(member.path) || member.size > CONTROL_LIMIT) continue;
      return parseControl(Buffer.from(await reader.content(member)).toString('utf8'));
    }
    return undefined;
  } finally {
    if (archive !== part) await archive.close();
  }
}

function parseControl(text: string): ControlFields | undefined {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*\\S)`, 'm').exec(text)?.[1];
  const name = field('Package');
  const version = field('Version');
  const architecture = field('Architecture');
  return name === undefined || version === undefined ? undefined : { name, version, architecture };
}
