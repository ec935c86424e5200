import type { ByteSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import type { TarMember } from '../formats/tar.ts';
import { type KernelArchive, TreeWalk } from './archive.ts';
import { bareEvidence } from './bare-build.ts';
import type { TreeFiles } from './evidence.ts';
import { findPackageTop, LOOKED_FOR } from './package-members.ts';
import { PackageBuild } from './package-members-build.ts';
import type { ReadOptions } from './source.ts';
import { archiveEvidence } from './tarball.ts';

/** What walks the members of a package's archive: tar or cpio. */
export interface MemberReader {
  next(): Promise<(TarMember & { names?: readonly string[] }) | undefined>;
  content(member: TarMember): Promise<Uint8Array>;
}

/** What a package holds of a kernel: a tree, a build, or both. */
export interface PackageContent {
  tree: KernelArchive | undefined;
  build: PackageBuild;
}

/**
 * Reads what is wanted of a package's archive, front to back. Ends early where the archive is sorted and
 * nothing of a tree can follow, and behind a vmlinux with debug data.
 */
export class PackageWalk {
  readonly #archive: ByteSource;
  readonly #reader: MemberReader;
  readonly #tree: TreeWalk;
  readonly #build = new PackageBuild();

  /** @param archive what `reader` walks */
  constructor(archive: ByteSource, reader: MemberReader, options: ReadOptions) {
    this.#archive = archive;
    this.#reader = reader;
    this.#tree = new TreeWalk({ ...options, findTop: findPackageTop });
  }

  /** True when nothing wanted can follow this member, the last that the reader gave. */
  async visit(member: TarMember & { names?: readonly string[] }): Promise<boolean> {
    if (member.type === 'file') {
      const content = () => this.#reader.content(member);
      if (await this.#build.offer(member, { content, archive: this.#archive })) return true;
    }
    let isDone = await this.#tree.visit(member, this.#reader);
    for (const name of member.names ?? []) {
      const link: TarMember = { ...member, path: name, type: 'hardlink', linkTarget: member.path };
      isDone = await this.#tree.visit(link, this.#reader);
    }
    return isDone;
  }

  /** Throws NOT_A_KERNEL for a package with nothing that is wanted. */
  finish(): PackageContent {
    const tree = this.#tree.found;
    if (!tree && this.#build.isEmpty) throw new ToolError('NOT_A_KERNEL', LOOKED_FOR);
    return { tree, build: this.#build };
  }
}

/**
 * Evidence from what a package held, with the release that the package gives a build or, where it says none,
 * a tree.
 */
export async function packageEvidence(
  name: string,
  { tree, build }: PackageContent,
  options: ReadOptions & {
    machine: string | undefined;
    releaseOfBuild(uname: string | undefined): string | undefined;
    releaseOfTree: string | undefined;
  },
): Promise<TreeFiles> {
  const files = tree && archiveEvidence(name, tree);
  if (build.isEmpty && files) return withRelease(files, files.release ?? options.releaseOfTree);
  const facts = await build.facts(options.machine, options);
  const release = options.releaseOfBuild(facts.unameRelease) ?? files?.release;
  if (files) return withRelease({ ...files, build: facts }, release);
  const date = dateOf(build.newest);
  return { ...bareEvidence(name, facts, release), ...(date === undefined ? {} : { date }) };
}

function withRelease(files: TreeFiles, release: string | undefined): TreeFiles {
  return { ...files, ...(release === undefined ? {} : { release }) };
}

/** YYYY-MM-DD in UTC; undefined for 0 and for what has no such form. */
function dateOf(seconds: number): string | undefined {
  const isDate = seconds > 0 && seconds < 253402300800;
  return isDate ? new Date(seconds * 1000).toISOString().slice(0, 10) : undefined;
}
