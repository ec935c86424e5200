import { existsSync } from 'node:fs';
import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import type { OtherKernels } from '../history/known-values.ts';
import type { RevisionSnapshots } from '../history/snapshots.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { defaultCatalogPath, openCatalog } from './catalog-file.ts';
import type { Io, OptionValues } from './command.ts';

/** Tags that are looked at where there is no catalog: the newest. */
const TAG_LIMIT = 40;

/**
 * Kernels that may use a marker's value already: those of the catalog where there is one, else those of the
 * repository's newest tags. None is read before somebody asks. The shipped catalog is not built for this alone.
 */
export async function otherKernels(
  options: OptionValues,
  io: Io,
  revisions: RevisionSnapshots | undefined,
): Promise<OtherKernels> {
  const catalog = options.noCatalog === true ? undefined : await catalogAtHand(options, io);
  let known: readonly Kernel[] | undefined;
  return () => {
    known ??= catalog ? kernelsOfCatalog(catalog) : revisions ? kernelsOfTags(revisions) : [];
    return known;
  };
}

/** The one that was asked for by name must be there; of the shipped one whatever is in the cache will do. */
async function catalogAtHand(options: OptionValues, io: Io): Promise<Catalog | undefined> {
  if (typeof options.catalog === 'string') return openCatalog(options, io);
  try {
    const path = defaultCatalogPath(io.env);
    const { Catalog: opened } = await import('../catalog/catalog.ts');
    return existsSync(path) ? opened.open(path) : undefined;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

function kernelsOfCatalog(catalog: Catalog): Kernel[] {
  return catalog.kernels().flatMap(({ release }) => catalog.kernel(release) ?? []);
}

function kernelsOfTags(revisions: RevisionSnapshots): Kernel[] {
  const { repository } = revisions;
  const tags = repository
    .tags('v[0-9]*')
    .filter(({ name }) => parseReleaseName(name) !== undefined)
    .sort((a, b) => compareReleases(a.name, b.name))
    .slice(-TAG_LIMIT);
  revisions.preload(tags.map(({ commit }) => commit));
  return tags.flatMap(({ name, commit }) => {
    try {
      return [kernelOf(revisions.capture(commit, name))];
    } catch (error) {
      if (error instanceof ToolError) return [];
      throw error;
    }
  });
}
