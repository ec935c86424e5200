import type { BuildFacts } from './build-facts.ts';

/** Files of a kernel, read-only, with where they came from. Paths have no './' and no '/' in front. */
export interface TreeFiles {
  /** Base name of what was opened, never a path of the machine. */
  name: string;
  /**
   * Text of a file by its path from the top of the kernel tree; undefined when it is absent or not
   * wanted. From a folder: FILE_UNREADABLE when it is there and cannot be read.
   */
  read(path: string): string | undefined;
  /** Sorted paths of the wanted files below a folder, at any depth. */
  list(folder: string): readonly string[];
  /** SHA-256 of a file's bytes in hexadecimal; undefined as with `read`. */
  digest(path: string): string | undefined;
  /** Sorted paths of the files that were sought and found; without it the source was not searched. */
  sought?(): readonly string[];
  /** Only some files were searched: that no other is found says nothing. */
  isSearchedInPart?: true;
  /** Why the source could not be searched, in a sentence's words. */
  unsearched?: string;
  /** Name and version (as in its control file) of the Debian package that the files came in. */
  package?: { name: string; version: string };
  /** '7.1.13', '7.3-rc7': from the top Makefile, else from the names; undefined when neither says. */
  release?: string;
  /** Newest modification date of the kept archive members as YYYY-MM-DD in UTC; none for a folder. */
  date?: string;
  /** What the build says of itself; undefined for source alone. A bare image has this and no files. */
  build?: BuildFacts;
}
