import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { ToolError, withContext } from '../errors.ts';
import type { TreeFiles } from './evidence.ts';
import { SOURCES } from './registry.ts';
import type { ReadOptions } from './source.ts';

export type { TreeFiles } from './evidence.ts';
export { SOURCES } from './registry.ts';

/** The kinds of sources that are registered. */
export type SourceKind = (typeof SOURCES)[number]['kind'];

/** TreeFiles, and which source opened them. */
export interface TreeEvidence extends TreeFiles {
  kind: SourceKind;
}

/** What to open a kernel for. */
export interface OpenOptions extends ReadOptions {
  /** Forces a source instead of asking each whether it knows the locator. */
  kind?: SourceKind;
}

/**
 * Opens the kernel that a locator names (a folder, a tarball, a Debian package) as read-only evidence.
 * Throws SOURCE_UNKNOWN when no source knows what it is, FILE_UNREADABLE when it is not there or cannot
 * be read, NOT_A_KERNEL, ARCHIVE_CORRUPT, ARCHIVE_UNKNOWN; the message begins with the base name.
 */
export async function openSource(locator: string, options: OpenOptions): Promise<TreeEvidence> {
  const name = basename(locator);
  try {
    const source = await chooseSource(locator, options);
    return { ...(await openWith(source, locator, options)), kind: source.kind };
  } catch (error) {
    throw withContext(name, error);
  }
}

/** What looks damaged may be a program's fault; threads decide what it is. */
async function openWith(source: (typeof SOURCES)[number], locator: string, options: OpenOptions) {
  try {
    return await source.open(locator, options);
  } catch (error) {
    const isDamage = error instanceof ToolError && error.code === 'ARCHIVE_CORRUPT';
    if (!isDamage || options.xz === 'threads') throw error;
    return source.open(locator, { ...options, xz: 'threads' });
  }
}

async function chooseSource(locator: string, options: OpenOptions) {
  for (const source of SOURCES) {
    const isChosen = options.kind ? options.kind === source.kind : await source.accepts(locator);
    if (isChosen) return source;
  }
  if (!existsSync(locator)) throw new ToolError('FILE_UNREADABLE', 'no such file or folder');
  const kinds = SOURCES.map((source) => source.kind).join(', ');
  throw new ToolError('SOURCE_UNKNOWN', `none of ${kinds}`);
}
