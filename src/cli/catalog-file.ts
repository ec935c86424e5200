import { homedir } from 'node:os';
import { join } from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { openShipped, openShippedUnwritten } from '../catalog/shipped.ts';
import type { Io, OptionValues } from './command.ts';

export { versionsFolder } from '../catalog/shipped.ts';

/** Where the catalog of the shipped documents is kept: below XDG_CACHE_HOME, else ~/.cache. */
export function defaultCatalogPath(env: Io['env']): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'luo-abi', 'catalog.sqlite');
}

/** Where a user's own records of tests are kept: below XDG_DATA_HOME, else ~/.local/share. */
export function evidenceFolder(env: Io['env']): string {
  const share = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return join(share, 'luo-abi', 'evidence');
}

/** Opens the catalog that --catalog names, or the shipped one, which is made when it is missing or out of date. */
export async function openCatalog(options: OptionValues, io: Io): Promise<Catalog> {
  if (typeof options.catalog === 'string') return Catalog.open(options.catalog);
  const path = defaultCatalogPath(io.env);
  return openShipped({ path, evidence: evidenceFolder(io.env) }, (kernels) => {
    io.note(`luo-abi: catalog of ${kernels} kernels built in ${path}`);
  });
}

/** As `openCatalog`, but nothing is written: a shipped catalog that is missing or out of date is made in memory. */
export async function openCatalogUnwritten(options: OptionValues, io: Io): Promise<Catalog> {
  if (typeof options.catalog === 'string') return Catalog.open(options.catalog);
  return openShippedUnwritten({ path: defaultCatalogPath(io.env), evidence: evidenceFolder(io.env) });
}
