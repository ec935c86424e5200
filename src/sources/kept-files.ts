import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ToolError } from '../errors.ts';
import type { TarMember } from '../formats/tar.ts';
import { type ReadOptions, speaksOf } from './source.ts';

/** Largest file kept, and the largest sum: the wanted headers of a kernel are some 40 MB. */
const FILE_LIMIT = 16 << 20;
const TOTAL_LIMIT = 512 << 20;
/** More files than any kernel has. */
const COUNT_LIMIT = 500_000;
const LINK_DEPTH = 8;

const MAKEFILE = 'Makefile';
/** A tree with anything in here is taken for a kernel's. */
export const KERNEL_MARK = 'include/linux/';

/** Prefixes of what is read in an archive whatever the caller wants: it names the kernel. */
export const ALWAYS_READ = [MAKEFILE, KERNEL_MARK];

/** What gives the bytes of the member that was met last. */
export interface MemberContents {
  content(member: TarMember): Promise<Uint8Array>;
  /** The same, good until the next call of anything; where it is left out, `content` serves. */
  view?(member: TarMember): Promise<Uint8Array>;
}

/** The wanted files of one archive, in memory. Paths are from the top of the kernel tree. */
export class KeptFiles {
  readonly #options: Pick<ReadOptions, 'sought' | 'wanted'>;
  readonly #bytesByPath = new Map<string, Uint8Array>();
  readonly #targetByLink = new Map<string, string>();
  #makefile: string | undefined;
  #total = 0;
  #newest = 0;
  /** True once a file of include/linux was met. */
  isKernel = false;

  constructor(options: Pick<ReadOptions, 'sought' | 'wanted'>) {
    this.#options = options;
  }

  /** Looks at the member that `reader` gave last, and keeps it if it is wanted. `path` is from the top. */
  async offer(path: string, top: string, member: TarMember, reader: MemberContents): Promise<void> {
    if (path.startsWith(KERNEL_MARK)) this.isKernel = true;
    if (member.type === 'file') await this.#offerFile(path, member, reader);
    else if (member.type.endsWith('link') && this.#options.wanted(path)) {
      const target = linkTarget(path, top, member);
      if (target === undefined) return;
      this.#bytesByPath.delete(path);
      this.#targetByLink.set(path, target);
      this.#checkLimits(0);
    }
  }

  /** The text of the top Makefile, which is read whether wanted or not. */
  get makefile(): string | undefined {
    return this.#makefile;
  }

  /** Newest modification of the kept files, YYYY-MM-DD in UTC; undefined without any. */
  get date(): string | undefined {
    const isDate = this.#newest > 0 && this.#newest < 253402300800;
    return isDate ? new Date(this.#newest * 1000).toISOString().slice(0, 10) : undefined;
  }

  read = (path: string): string | undefined => {
    const bytes = this.#bytes(path);
    return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  };

  digest = (path: string): string | undefined => {
    const bytes = this.#bytes(path);
    return bytes && createHash('sha256').update(bytes).digest('hex');
  };

  list = (folder: string): readonly string[] => {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    const links = [...this.#targetByLink.keys()].filter((path) => this.#bytes(path));
    const paths = [...this.#bytesByPath.keys(), ...links];
    return paths.filter((path) => path.startsWith(prefix)).sort();
  };

  /** Whether files were sought at all. */
  get isSearched(): boolean {
    return this.#options.sought !== undefined;
  }

  /** What was sought, of the files that are kept. */
  sought = (): readonly string[] => {
    const { sought } = this.#options;
    const isFound = (path: string): boolean => {
      const bytes = sought?.mayBe(path) ? this.#bytes(path) : undefined;
      return sought !== undefined && bytes !== undefined && speaksOf(bytes, sought, path);
    };
    return [...this.#bytesByPath.keys(), ...this.#targetByLink.keys()].filter(isFound).sort();
  };

  async #offerFile(path: string, member: TarMember, reader: MemberContents): Promise<void> {
    const isWanted = this.#options.wanted(path);
    if (!isWanted && path !== MAKEFILE) {
      await this.#offerSought(path, member, reader);
      return;
    }
    this.#checkLimits(member.size, path);
    const bytes = await reader.content(member);
    if (path === MAKEFILE) this.#makefile = Buffer.from(bytes).toString('utf8');
    if (isWanted) this.#keep(path, bytes, member);
  }

  async #offerSought(path: string, member: TarMember, reader: MemberContents): Promise<void> {
    const { sought } = this.#options;
    // Larger than any source: no name of a function is called in it.
    if (!sought?.mayBe(path) || member.size > FILE_LIMIT) return;
    const bytes = await (reader.view?.(member) ?? reader.content(member));
    if (!speaksOf(bytes, sought, path)) return;
    this.#checkLimits(member.size, path);
    this.#keep(path, new Uint8Array(bytes), { mtime: 0 });
  }

  #keep(path: string, bytes: Uint8Array, { mtime }: Pick<TarMember, 'mtime'>): void {
    this.#targetByLink.delete(path);
    this.#bytesByPath.set(path, bytes);
    this.#total += bytes.byteLength;
    this.#newest = Math.max(this.#newest, mtime);
  }

  #checkLimits(size: number, path = ''): void {
    if (size > FILE_LIMIT) {
      const message = `${path}: ${size} bytes, more than ${FILE_LIMIT}`;
      throw new ToolError('ARCHIVE_CORRUPT', message, { path });
    }
    const count = this.#bytesByPath.size + this.#targetByLink.size;
    if (this.#total + size > TOTAL_LIMIT || count >= COUNT_LIMIT) {
      const message = `wanted files exceed ${TOTAL_LIMIT} bytes or ${COUNT_LIMIT} files`;
      throw new ToolError('ARCHIVE_CORRUPT', message);
    }
  }

  #bytes(path: string): Uint8Array | undefined {
    let at: string | undefined = path;
    for (let depth = 0; depth < LINK_DEPTH && at !== undefined; depth++) {
      const bytes = this.#bytesByPath.get(at);
      if (bytes !== undefined) return bytes;
      at = this.#targetByLink.get(at);
    }
    return undefined;
  }
}

/** What a link means, from the top of the tree; undefined when that is outside. */
function linkTarget(path: string, top: string, member: TarMember): string | undefined {
  if (member.type === 'hardlink') {
    return member.linkTarget.startsWith(top) ? member.linkTarget.slice(top.length) : undefined;
  }
  if (member.linkTarget.startsWith('/')) return undefined;
  const target = posix.join(posix.dirname(path), member.linkTarget);
  return target.startsWith('../') ? undefined : target;
}
