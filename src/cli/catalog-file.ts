import { join } from 'node:path';
import { Catalog } from '../catalog/catalog.ts';
import { openShipped, openShippedUnwritten } from '../catalog/shipped.ts';
import { userFolder } from '../catalog/user-folder.ts';
import { ToolError } from '../errors.ts';
import type { Io, OptionValues } from './command.ts';

export { versionsFolder } from '../catalog/shipped.ts';

/** Where the catalog of the shipped documents is kept: below XDG_CACHE_HOME, else ~/.cache; undefined without a home. */
export function defaultCatalogPath(env: Io['env']): string | undefined {
  const cache = userFolder('XDG_CACHE_HOME', env);
  return cache && join(cache, 'catalog.sqlite');
}

/** Where a user's own records of tests are kept: below XDG_DATA_HOME, else ~/.local/share; undefined without a home. */
export function evidenceFolder(env: Io['env']): string | undefined {
  const share = userFolder('XDG_DATA_HOME', env);
  return share && join(share, 'evidence');
}

/** The folder that records are written to: --into, else the user's. @throws ToolError USAGE where there is neither */
export function writableEvidenceFolder({ into }: OptionValues, io: Pick<Io, 'env'>): string {
  const folder = typeof into === 'string' ? into : evidenceFolder(io.env);
  if (folder !== undefined) return folder;
  throw new ToolError('USAGE', 'this user has no home for records of tests; name the folder with --into');
}

/** Opens the catalog that --catalog names, or the shipped one, which is made when it is missing or out of date. */
export async function openCatalog(options: OptionValues, io: Io): Promise<Catalog> {
  if (typeof options.catalog === 'string') return Catalog.open(options.catalog);
  const path = defaultCatalogPath(io.env);
  return openShipped(
    { path, evidence: evidenceFolder(io.env) },
    {
      built: (kernels) => io.note(`luo-abi: catalog of ${kernels} kernels built in ${path}`),
      unkept: (reason) =>
        io.note(
          `luo-abi: the catalog cannot be kept, and is made in memory each time: ${reason}; set XDG_CACHE_HOME to a folder that can be written`,
        ),
    },
  );
}

/** As `openCatalog`, but nothing is written: a shipped catalog that is missing or out of date is made in memory. */
export async function openCatalogUnwritten(options: OptionValues, io: Io): Promise<Catalog> {
  if (typeof options.catalog === 'string') return Catalog.open(options.catalog);
  return openShippedUnwritten({ path: defaultCatalogPath(io.env), evidence: evidenceFolder(io.env) });
}
