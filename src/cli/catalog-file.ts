import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { stampOf } from '../catalog/stamp.ts';
import { ToolError } from '../errors.ts';
import { packageRoot } from '../schema/package-root.ts';
import type { Io, OptionValues } from './command.ts';

/** The folder with the documents that ship with the program. */
export function versionsFolder(): string {
  return join(packageRoot(), 'versions');
}

/** Where the catalog of the shipped documents is kept: below XDG_CACHE_HOME, else ~/.cache. */
export function defaultCatalogPath(env: Io['env']): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'luo-abi', 'catalog.sqlite');
}

/** Opens the catalog that --catalog names, or the shipped one, which is made when it is missing or out of date. */
export async function openCatalog(options: OptionValues, io: Io): Promise<Catalog> {
  if (typeof options.catalog === 'string') return Catalog.open(options.catalog);
  const path = defaultCatalogPath(io.env);
  return openFresh(path) ?? rebuild(path, io);
}

function openFresh(path: string): Catalog | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const catalog = Catalog.open(path);
    if (catalog.stamp() === stampOf(versionsFolder())) return catalog;
    catalog.close();
  } catch (error) {
    // A damaged or newer file in the cache is no loss: it is made again from the documents.
    if (!(error instanceof ToolError)) throw error;
  }
  return undefined;
}

async function rebuild(path: string, io: Io): Promise<Catalog> {
  const { buildCatalog, readVersions } = await import('../catalog/build.ts');
  const content = readVersions(versionsFolder());
  buildCatalog(path, content);
  const kernels = content.documents.length + (content.overlays?.length ?? 0);
  io.note(`luo-abi: catalog of ${kernels} kernels built in ${path}`);
  return Catalog.open(path);
}
