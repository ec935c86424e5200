import { type ByteSource, sliceSource } from '../bytes/byte-source.ts';
import { ToolError } from '../errors.ts';
import { decompress } from '../formats/decompress.ts';
import { type TarMember, TarReader } from '../formats/tar.ts';
import type { XzDecoder } from '../formats/xz-decoder.ts';
import { planStretches, walkStretches } from './archive-plan.ts';
import { ALWAYS_READ, KERNEL_MARK, KeptFiles, type MemberContents } from './kept-files.ts';
import { PathOrder } from './path-order.ts';
import type { ReadOptions } from './source.ts';
import { openDecoder } from './xz-program.ts';

/** How to read the kernel in a tar archive. */
export interface ArchiveOptions extends ReadOptions {
  /**
   * The beginning of a member's path that leads to the top of the kernel tree ('linux-7.1.13/', ''),
   * undefined while that cannot be told. The first answer holds for the archive.
   */
  findTop(path: string): string | undefined;
  /** For an archive with the kernel in another one: how to read that one if a member is it. */
  findInner?(path: string): ArchiveOptions | undefined;
  /** Decodes xz here as well as elsewhere; one of its own unless given. */
  decoder?: XzDecoder;
}

/** Where a walk begins and what it looks for. */
export type WalkOptions = Pick<ArchiveOptions, 'findTop' | 'folders' | 'sought' | 'wanted'>;

/** What an archive holds of a kernel. */
export interface KernelArchive {
  top: string;
  files: KeptFiles;
}

/**
 * Reads the wanted files of the kernel in a tar archive, compressed or not. Throws ARCHIVE_CORRUPT,
 * ARCHIVE_UNKNOWN, NOT_A_KERNEL. Damage in parts that need not be read is not noticed.
 */
export async function readKernelArchive(source: ByteSource, options: ArchiveOptions): Promise<KernelArchive> {
  const decoder = options.decoder ?? openDecoder(options, source.size);
  try {
    const archive = await decompress(source, { decoder });
    try {
      return (await readPlanned(archive, options)) ?? (await readThrough(archive, options));
    } finally {
      if (archive !== source) await archive.close();
    }
  } finally {
    if (options.decoder === undefined) await decoder.close();
  }
}

/** Reads only where wanted files can be; undefined when the archive does not allow it. */
async function readPlanned(source: ByteSource, options: ArchiveOptions): Promise<KernelArchive | undefined> {
  if (options.folders === undefined || source.starts.length === 0) return undefined;
  const first = await new TarReader(source).next();
  const top = first && options.findTop(first.path);
  if (top === undefined) return undefined;
  const plan = await planStretches(source, top, {
    prefixes: prefixesOf(top, options),
    sought: options.sought,
  });
  if (plan === undefined) return undefined;
  source.expect(plan.starts);
  try {
    const walk = new TreeWalk(options, top);
    const steps = walkStretches(source, plan.stretches);
    let step = await steps.next();
    for (; !step.done; step = await steps.next()) {
      if (await walk.visit(step.value.member, step.value.reader)) return walk.finish();
      if (!walk.isSorted) return undefined;
    }
    return step.value ? walk.finish() : undefined;
  } catch (error) {
    // A plan that led astray looks like damage; reading it all tells which it is.
    if (error instanceof ToolError && error.code === 'ARCHIVE_CORRUPT') return undefined;
    throw error;
  }
}

async function readThrough(source: ByteSource, options: ArchiveOptions): Promise<KernelArchive> {
  const reader = new TarReader(source);
  const walk = new TreeWalk(options);
  source.expect(source.starts);
  for (let member = await reader.next(); member; member = await reader.next()) {
    const inner = member.type === 'file' ? options.findInner?.(member.path) : undefined;
    if (inner) {
      return readKernelArchive(sliceSource(source, member.contentOffset, member.size), inner);
    }
    if (await walk.visit(member, reader)) break;
  }
  return walk.finish();
}

/** Goes from member to member, keeps what is wanted, and knows when that was all. */
export class TreeWalk {
  readonly #options: WalkOptions;
  readonly #files: KeptFiles;
  readonly #order = new PathOrder();
  #top: string | undefined;
  #prefixes: readonly string[] = [];

  constructor(options: WalkOptions, top?: string) {
    this.#options = options;
    this.#files = new KeptFiles(options);
    if (top !== undefined) this.#setTop(top);
  }

  get isSorted(): boolean {
    return this.#order.isSorted;
  }

  /** True when nothing wanted can follow. */
  async visit(member: TarMember, reader: MemberContents): Promise<boolean> {
    if (this.#top === undefined) this.#setTop(this.#options.findTop(member.path));
    this.#order.add(member.path);
    const top = this.#top;
    if (top === undefined) return false;
    if (member.path.startsWith(top)) {
      await this.#files.offer(member.path.slice(top.length), top, member, reader);
    }
    // Without include/linux there has been no kernel yet, however well sorted the rest was.
    // What is sought may lie anywhere.
    const { folders, sought } = this.#options;
    const mayStop = folders !== undefined && !sought && this.#files.isKernel;
    return mayStop && this.#order.isBehind(member.path, this.#prefixes);
  }

  /** What was kept of the tree; undefined where there was none. */
  get found(): KernelArchive | undefined {
    return this.#top !== undefined && this.#files.isKernel
      ? { top: this.#top, files: this.#files }
      : undefined;
  }

  finish(): KernelArchive {
    if (this.found) return this.found;
    throw new ToolError('NOT_A_KERNEL', `no ${KERNEL_MARK.slice(0, -1)}, not a kernel tree`);
  }

  #setTop(top: string | undefined): void {
    this.#top = top;
    if (top !== undefined) this.#prefixes = prefixesOf(top, this.#options);
  }
}

function prefixesOf(top: string, options: WalkOptions): string[] {
  return [...ALWAYS_READ, ...(options.folders ?? [])].map((prefix) => top + prefix);
}
