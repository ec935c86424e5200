import { join } from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { openShipped } from '../catalog/shipped.ts';
import { userFolder } from '../catalog/user-folder.ts';

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
 * Opens a catalog for reading; the shipped one is made on first need, and made again when the documents change; in memory,
 * for as long as it is open, where the cache cannot be written. Close it with `close()`.
 * @throws ToolError CATALOG_MISSING, CATALOG_TOO_NEW, CATALOG_CORRUPT
 */
export async function openCatalog({ path, cache, evidence }: OpenCatalogOptions = {}): Promise<Catalog> {
  if (path !== undefined) return Catalog.open(path);
  return openShipped({
    path: cache ?? below(userFolder('XDG_CACHE_HOME', {}), 'catalog.sqlite'),
    evidence: evidence ?? below(userFolder('XDG_DATA_HOME', {}), 'evidence'),
  });
}

function below(folder: string | undefined, name: string): string | undefined {
  return folder === undefined ? undefined : join(folder, name);
}
