import type { TreeFiles } from './evidence.ts';

/** Which files a caller needs; a source may keep nothing else. */
export interface ReadOptions {
  /** True for a path, from the top of the kernel tree, that will be read. Asked about files only. */
  wanted(path: string): boolean;
  /**
   * Prefixes of paths ('arch/x86/include/', 'mm/memblock.c'): every wanted path begins with one. With
   * them an archive that is sorted is read only where they can be; without them to its end.
   */
  folders?: readonly string[];
  /** What decodes xz: the program of that name where there is one, or always threads. Same results. */
  xz?: 'program' | 'threads';
  /** The bytes of the image that is found are given with what it says (BuildFacts.image). */
  keepImage?: true;
  /** Files that are kept, and are as good as wanted, where they speak of something. */
  sought?: SoughtFiles;
}

/** Files that lie anywhere in a tree and are known by what stands in them. */
export interface SoughtFiles {
  /** Whether a path, from the top of the kernel tree, may be one. */
  mayBe(path: string): boolean;
  /** False for a folder (with its slash, '' for the top) with no such file below it. */
  mayHold(folder: string): boolean;
  /** Any of these in its bytes makes a file one. */
  words: readonly string[];
  /** Those of the words by which a file of that path can be one; all where it is left out. */
  wordsAt?(path: string): readonly string[];
  /** A file that every tree with its code holds, and none that is there to build modules against. */
  witness: string;
  /** Whether the headers beside a file that was found are as good as wanted. */
  leads?(path: string, text: string): boolean;
}

/** Whether the bytes of a file hold a word that is sought. */
export function speaksOf(
  bytes: Uint8Array,
  { words, wordsAt }: Pick<SoughtFiles, 'words' | 'wordsAt'>,
  path: string,
): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const word of wordsAt?.(path) ?? words) if (text.includes(word, 0, 'latin1')) return true;
  return false;
}

/** A way to get at a kernel: whether it knows a locator, and how it opens it. */
export interface Source<Kind extends string> {
  kind: Kind;
  /** True when this source can open what the locator names; never throws for what is not there. */
  accepts(locator: string): boolean | Promise<boolean>;
  /**
   * Opens read-only evidence. Throws FILE_UNREADABLE, ARCHIVE_CORRUPT, ARCHIVE_UNKNOWN or NOT_A_KERNEL,
   * without naming the locator: the caller puts it in front.
   */
  open(locator: string, options: ReadOptions): Promise<TreeFiles>;
}

/** Fixes the type of a source; its kind stays a literal. */
export function defineSource<const Kind extends string>(source: Source<Kind>): Source<Kind> {
  return source;
}
