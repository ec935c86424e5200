import { join } from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { openShipped, openShippedUnwritten } from '../catalog/shipped.ts';
import { userFolder } from '../catalog/user-folder.ts';
import { ToolError } from '../errors.ts';
import type { Asking } from './asking.ts';

export type { Catalog } from '../catalog/catalog.ts';

import { working } from '../work.ts';

/** The variables that say where a user's folders are: XDG_CACHE_HOME, XDG_DATA_HOME. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which catalog to open. */
export interface OpenCatalogOptions extends Pick<Asking, 'note' | 'signal'> {
  /** A catalog file, as `luo-abi catalog build` writes it. Without it: the documents that ship with the package. */
  path?: string;
  /** Where the catalog of the shipped documents is kept (default: `~/.cache/luo-abi/catalog.sqlite`). */
  cache?: string;
  /** The folder with your own records of tests; null for none (default: `~/.local/share/luo-abi/evidence`). */
  evidence?: string | null;
  /** Nothing is written: a shipped catalog that is missing or out of date is made in memory. */
  unwritten?: boolean;
  /** Where folders are looked for that are not named (default: below the home). */
  env?: Environment;
}

/**
 * Opens a catalog for reading; the shipped one is made on first need, and made again when the documents change; in memory,
 * for as long as it is open, where the cache cannot be written. Close it with `close()`.
 * @throws ToolError CATALOG_MISSING, CATALOG_TOO_NEW, CATALOG_CORRUPT
 */
export function openCatalog(options: OpenCatalogOptions = {}): Promise<Catalog> {
  return working(options, async () => {
    const { path: named, env = {}, note, unwritten = false } = options;
    if (named !== undefined) return Catalog.open(named);
    const path = options.cache ?? defaultCatalogPath(env);
    const files = { path, evidence: evidenceIn(options) };
    if (unwritten) return openShippedUnwritten(files);
    return openShipped(files, {
      built: (kernels) => note?.(`catalog of ${kernels} kernels built in ${path}`),
      unkept: (reason) =>
        note?.(
          `the catalog cannot be kept, and is made in memory each time: ${reason}; set XDG_CACHE_HOME to a folder that can be written`,
        ),
    });
  });
}

function evidenceIn({ evidence, env = {} }: OpenCatalogOptions): string | undefined {
  return evidence === null ? undefined : (evidence ?? evidenceFolder(env));
}

/** Where the catalog of the shipped documents is kept: below XDG_CACHE_HOME, else ~/.cache; undefined without a home. */
export function defaultCatalogPath(env: Environment): string | undefined {
  const cache = userFolder('XDG_CACHE_HOME', env);
  return cache && join(cache, 'catalog.sqlite');
}

/** Where a user's own records of tests are kept: below XDG_DATA_HOME, else ~/.local/share; undefined without a home. */
export function evidenceFolder(env: Environment): string | undefined {
  const share = userFolder('XDG_DATA_HOME', env);
  return share && join(share, 'evidence');
}

/** The folder that records are written to: the one that is named, else the user's. @throws ToolError USAGE for neither */
export function writableEvidenceFolder(named: string | undefined, env: Environment): string {
  const folder = named ?? evidenceFolder(env);
  if (folder !== undefined) return folder;
  throw new ToolError('USAGE', 'this user has no home for records of tests; name the folder with `into`');
}
