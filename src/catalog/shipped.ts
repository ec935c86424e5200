import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { packageRoot } from '../schema/package-root.ts';
import { Catalog } from './catalog.ts';
import { isStampOf } from './stamp.ts';

// The catalog of the documents that ship with the program and of a user's own records of tests: kept in a cache, made
// again when either changes.

/** The folder with the documents that ship with the program. */
export function versionsFolder(): string {
  return join(packageRoot(), 'versions');
}

export interface ShippedFiles {
  /** Where the catalog is kept; undefined for a user who has no place for it. */
  path: string | undefined;
  /** A user's own records of tests; the folder need not be there. */
  evidence: string | undefined;
}

/** Hears what opening the shipped catalog had to do. */
export interface ShippedListener {
  built?(kernels: number): void;
  /** The catalog could not be kept, and why; it is in memory and will be made again. */
  unkept?(reason: string): void;
}

/**
 * Opens the shipped catalog, made when it is missing or out of date: in the cache, or in memory where the cache cannot be
 * written.
 */
export async function openShipped(files: ShippedFiles, listener: ShippedListener = {}): Promise<Catalog> {
  const fresh = openFresh(files);
  if (fresh) return fresh;
  const { buildCatalog, catalogInMemory } = await import('./build.ts');
  const { readShipped } = await import('./read-content.ts');
  const content = readShipped(versionsFolder(), files.evidence);
  try {
    if (files.path === undefined) throw new ToolError('FILE_UNWRITABLE', 'this user has no home');
    buildCatalog(files.path, content);
    listener.built?.(content.documents.length + (content.overlays?.length ?? 0));
    return Catalog.open(files.path);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    listener.unkept?.(error.message);
    return catalogInMemory(content);
  }
}

/** Opens the shipped catalog; made in memory, and lost when it is closed, where the one in the cache is missing or out of date. */
export async function openShippedUnwritten(files: ShippedFiles): Promise<Catalog> {
  const fresh = openFresh(files);
  if (fresh) return fresh;
  const { catalogInMemory } = await import('./build.ts');
  const { readShipped } = await import('./read-content.ts');
  return catalogInMemory(readShipped(versionsFolder(), files.evidence));
}

/** Whether a catalog was made from the documents that ship with the program, as they are now. */
export function isOfShipped(catalog: Catalog, { evidence }: Pick<ShippedFiles, 'evidence'>): boolean {
  return isStampOf(catalog.madeFrom(), versionsFolder(), evidence);
}

function openFresh(files: ShippedFiles): Catalog | undefined {
  if (files.path === undefined || !existsSync(files.path)) return undefined;
  try {
    const catalog = Catalog.open(files.path);
    if (isOfShipped(catalog, files)) return catalog;
    catalog.close();
  } catch (error) {
    // A damaged or newer file in the cache is no loss: it is made again from the documents.
    if (!(error instanceof ToolError)) throw error;
  }
  return undefined;
}
