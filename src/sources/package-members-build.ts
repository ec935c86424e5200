import { createHash } from 'node:crypto';
import { type ByteSource, readRange } from '../bytes/byte-source.ts';
import { ToolError, withContext } from '../errors.ts';
import { readConfig } from '../formats/kconfig.ts';
import { type KernelImage, openKernelImage } from '../formats/kernel-image.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { BuildFacts } from './build-facts.ts';
import { imageBuild } from './image.ts';
import { type MemberKind, type PackageMember, recognizeMember } from './package-members.ts';
import type { ReadOptions } from './source.ts';
import { openDecoder } from './xz-program.ts';

/** Largest member of each kind that is read, in bytes, as it stands in the package. */
const SIZE_LIMIT: Readonly<{ [Kind in Exclude<MemberKind, 'vmlinux'>]: number }> = {
  autoconf: 4 << 20,
  config: 4 << 20,
  image: 256 << 20,
  module: 64 << 20,
  release: 4 << 10,
};
const TOTAL_LIMIT = 384 << 20;
const MODULE_LIMIT = 200;
/** All modules of a kernel have 40 MB together. */
const MODULE_BTF_LIMIT = 128 << 20;

/** A member of an archive as whoever walks it has it. */
export interface OfferedMember {
  path: string;
  /** Other paths of the same file. */
  names?: readonly string[];
  size: number;
  mtime: number;
  contentOffset: number;
}

/**
 * How to get at the bytes of a member: a copy of all, or from the archive itself, which only goes forward.
 */
export interface MemberBytes {
  content(): Promise<Uint8Array>;
  archive: ByteSource;
}

interface KeptMember extends PackageMember {
  bytes: Uint8Array;
}

/**
 * What a package holds of a build. Members are kept while the archive is read; images are opened when it is
 * done.
 */
export class PackageBuild {
  readonly #kept: KeptMember[] = [];
  readonly #files: BuildFacts['files'] = [];
  #unameRelease: string | undefined;
  #total = 0;
  #newest = 0;

  /** Newest modification of what was kept, seconds since 1970; 0 without any. */
  get newest(): number {
    return this.#newest;
  }

  /** True when nothing was found. */
  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  /**
   * Looks at a file, and keeps it if it is wanted. True when there is nothing to wait for behind it: after a
   * vmlinux with debug data comes as much again. The first release in a package counts, and of each kind its
   * first member. Throws ARCHIVE_CORRUPT for one that is larger than any of its kind.
   */
  async offer(offered: OfferedMember, from: MemberBytes): Promise<boolean> {
    // Of a file with several names the archive may give the content once, and nothing for the others.
    if (offered.size === 0) return false;
    const members = [offered.path, ...(offered.names ?? [])].map(recognizeMember);
    const member = members.find((found) => found !== undefined && this.#isWanted(found));
    if (member === undefined) return false;
    const { bytes, range } = await this.#read(member, offered, from);
    this.#unameRelease ??= member.unameRelease;
    this.#total += bytes.byteLength;
    this.#newest = Math.max(this.#newest, offered.mtime);
    this.#kept.push({ ...member, bytes });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#files.push({ path: member.path + range, sha256 });
    return member.kind === 'vmlinux';
  }

  /**
   * What was kept, opened. `machine` is what the package says of itself.
   * Throws what openKernelImage does, with the member's path in front.
   */
  async facts(machine: string | undefined, options: ReadOptions): Promise<BuildFacts> {
    const image = await this.#open(this.#first('image') ?? this.#first('vmlinux'), options);
    const moduleBtf = await this.#moduleBtf(options);
    const files = this.#files.sort((one, other) => byCodeUnit(one.path, other.path));
    const said: BuildFacts = image ? imageBuild(image.image, image.path, files) : { moduleBtf, files };
    const config = this.#config() ?? said.config;
    const unameRelease = said.unameRelease ?? this.#writtenRelease() ?? this.#unameRelease;
    const machineFound = said.machine ?? machine;
    const kept = options.keepImage && this.#image();
    return {
      ...said,
      ...(kept && { image: kept }),
      ...(machineFound === undefined ? {} : { machine: machineFound }),
      ...(unameRelease === undefined ? {} : { unameRelease }),
      ...(config === undefined ? {} : { config }),
      moduleBtf,
    };
  }

  /** The bytes of the image as it stands in the package. */
  #image(): BuildFacts['image'] | undefined {
    const kept = this.#first('image');
    return kept && { bytes: kept.bytes, sha256: createHash('sha256').update(kept.bytes).digest('hex') };
  }

  async #moduleBtf(options: ReadOptions): Promise<BuildFacts['moduleBtf']> {
    const found: BuildFacts['moduleBtf'] = [];
    let total = 0;
    for (const kept of this.#kept.filter(({ kind }) => kind === 'module')) {
      const { module } = (await this.#open(kept, options))?.image ?? {};
      if (module?.btf === undefined) continue;
      found.push({ name: module.name, bytes: module.btf, path: kept.path });
      total += module.btf.byteLength;
      if (total > MODULE_BTF_LIMIT) {
        const message = `${kept.path}: more than ${MODULE_BTF_LIMIT} bytes of BTF in modules`;
        throw new ToolError('ARCHIVE_CORRUPT', message, { path: kept.path });
      }
    }
    return found.sort((one, other) => byCodeUnit(one.path, other.path));
  }

  #isWanted({ kind, unameRelease }: PackageMember): boolean {
    if (this.#unameRelease !== undefined && unameRelease !== this.#unameRelease) return false;
    if (kind === 'module') return this.#kept.length < MODULE_LIMIT;
    return this.#first(kind) === undefined;
  }

  async #read(member: PackageMember, offered: OfferedMember, from: MemberBytes) {
    const { path, size, contentOffset } = offered;
    if (member.kind === 'vmlinux') {
      const { readLoadedPart } = await import('./package-members-vmlinux.ts');
      const bytes = await readLoadedPart(
        (offset, length) => readRange(from.archive, contentOffset + offset, Math.min(length, size - offset)),
        size,
      ).catch((error) => Promise.reject(withContext(member.path, error)));
      return { bytes, range: bytes.byteLength < size ? ` (first ${bytes.byteLength} bytes)` : '' };
    }
    const limit = Math.min(SIZE_LIMIT[member.kind], TOTAL_LIMIT - this.#total);
    if (size > limit) {
      throw new ToolError('ARCHIVE_CORRUPT', `${member.path}: ${size} bytes, more than ${limit}`, { path });
    }
    return { bytes: await from.content(), range: '' };
  }

  async #open(kept: KeptMember | undefined, options: ReadOptions): Promise<OpenedImage | undefined> {
    if (kept === undefined) return undefined;
    const decoder = openDecoder(options, kept.bytes.byteLength);
    try {
      return { image: await openKernelImage(await imageOf(kept), { decoder }), path: kept.path };
    } catch (error) {
      throw withContext(kept.path, error);
    } finally {
      await decoder.close();
    }
  }

  #first(kind: MemberKind): KeptMember | undefined {
    return this.#kept.find((kept) => kept.kind === kind);
  }

  /** What include/config/kernel.release says, which is what uname -r is made from. */
  #writtenRelease(): string | undefined {
    const text = textOf(this.#first('release'))?.trim();
    return text === undefined || !/^[\w.+~-]+$/.test(text) ? undefined : text;
  }

  #config(): BuildFacts['config'] | undefined {
    const kept = this.#first('config') ?? this.#first('autoconf');
    const text = textOf(kept);
    return kept && text !== undefined
      ? { values: readConfig(text), from: 'package', path: kept.path }
      : undefined;
  }
}

async function imageOf({ kind, bytes }: KeptMember): Promise<Uint8Array | ByteSource> {
  if (kind !== 'vmlinux') return bytes;
  const { withSections } = await import('./package-members-vmlinux.ts');
  return withSections(bytes);
}

interface OpenedImage {
  image: KernelImage;
  path: string;
}

function textOf(kept: KeptMember | undefined): string | undefined {
  return kept && Buffer.from(kept.bytes).toString('utf8');
}
