import { homedir } from 'node:os';
import { join } from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { openShipped } from '../catalog/shipped.ts';

/** Which catalog to open. */
export interface OpenCatalogOptions {
  /** A catalog file, as `luo-abi catalog build` writes it. Without it: the documents that ship with the package. */
  path?: string;
  /** Where the catalog of the shipped documents is kept (default: `~/.cache/luo-abi/catalog.sqlite`). */
  cache?: string;
  /** The folder with your own records of tests (default: `~/.local/share/luo-abi/evidence`). */
  evidence?: string;
}

/**
 * Opens a catalog for reading; the shipped one is made on first need, and made again when the documents change. Close it with
 * `close()`.
 * @throws ToolError CATALOG_MISSING, CATALOG_TOO_NEW, CATALOG_CORRUPT, FILE_UNWRITABLE
 */
export async function openCatalog({ path, cache, evidence }: OpenCatalogOptions = {}): Promise<Catalog> {
  if (path !== undefined) return Catalog.open(path);
  return openShipped({
    path: cache ?? join(homedir(), '.cache/luo-abi/catalog.sqlite'),
    evidence: evidence ?? join(homedir(), '.local/share/luo-abi/evidence'),
  });
}
