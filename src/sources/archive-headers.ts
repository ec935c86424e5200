import type { KernelArchive } from './archive.ts';
import { headersBeside } from './beside.ts';
import type { ReadOptions } from './source.ts';

// Headers beside what was found in an archive are known once it is read: it is read again where there are such.

/** How often headers may lead to others. */
const MAX_PASSES = 3;

/** Reads an archive until it holds the headers beside what was sought. `read` gives what some options ask for. */
export async function readWithHeaders<Found>(
  options: ReadOptions,
  read: (options: ReadOptions) => Promise<Found>,
  archiveOf: (found: Found) => KernelArchive | undefined,
): Promise<Found> {
  const extra = new Set<string>();
  const wanted = (path: string): boolean => options.wanted(path) || extra.has(path);
  let found = await read({ ...options, wanted });
  for (let pass = 0; pass < MAX_PASSES && addLacking(archiveOf(found), options, extra); pass++)
    found = await read({ ...options, wanted });
  return found;
}

/**
 * Reads the tree of a package. It is there to build modules against, and is read as far as that goes; one that holds its code is
 * searched as any source is.
 */
export async function readPackageTree<Found>(
  options: ReadOptions,
  read: (options: ReadOptions) => Promise<Found>,
  archiveOf: (found: Found) => KernelArchive | undefined,
): Promise<Found> {
  const { sought, ...rest } = options;
  const found = await read(rest);
  const files = archiveOf(found)?.files;
  if (!sought || !files || files.isSearched || files.read(sought.witness) === undefined) return found;
  return readWithHeaders(options, read, archiveOf);
}

/** Whether there are headers beside what was found that nobody has looked for yet; they are added. */
function addLacking(
  archive: KernelArchive | undefined,
  { sought }: Pick<ReadOptions, 'sought'>,
  extra: Set<string>,
): boolean {
  if (!sought || !archive) return false;
  const { files } = archive;
  const before = extra.size;
  headersBeside(files.sought(), sought, (path) => {
    const text = files.read(path);
    if (text === undefined) extra.add(path);
    return text;
  });
  return extra.size > before;
}
