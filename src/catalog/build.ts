import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ToolError } from '../errors.ts';
import { Catalog } from './catalog.ts';
import { createEmpty } from './create.ts';
import type { CatalogContent } from './documents.ts';
import { holdSignals } from './hold-signals.ts';
import { makeFolder } from './make-folder.ts';
import { writeContent } from './write.ts';

/**
 * Builds a catalog beside the one at `path` and renames it into place, so that a build that ends by a fault leaves the old one
 * as it was. A request to end is heard when it is whole.
 */
export function buildCatalog(path: string, content: CatalogContent): void {
  const partial = `${path}.${randomUUID()}.partial`;
  const isWhole = holdSignals();
  try {
    makeFolder(dirname(path));
    const db = createEmpty(partial);
    try {
      writeContent(db, content);
    } finally {
      db.close();
    }
    renameSync(partial, path);
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial);
    if (cause instanceof ToolError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('FILE_UNWRITABLE', `${path}: ${message}`, { path, cause });
  } finally {
    isWhole();
  }
}

/** A catalog that no file holds. */
export function catalogInMemory(content: CatalogContent): Catalog {
  const db = createEmpty(':memory:');
  writeContent(db, content);
  return Catalog.over(':memory:', db);
}
