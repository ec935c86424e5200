import type { Catalog } from '../../catalog/catalog.ts';
import { isNamesake } from '../../catalog/own-kernel.ts';
import { compareReleases, parseReleaseName } from '../../model/release-name.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import type { Beside, KernelInput } from '../kernels/resolve.ts';
import { resolveKernels } from '../kernels/resolve.ts';
import { postedSeries } from '../ways/choice.ts';

/** A tree that still bears the name of a release of the catalog is the next one: it goes by a name of its own. */
export async function namedOrNext(inputs: readonly KernelInput[], asked: Beside): Promise<Kernel[]> {
  const kernels = await resolveKernels(inputs, asked);
  return kernels.map((kernel) =>
    isNamesake(kernel, asked.catalog) ? { ...kernel, release: `${kernel.release}+next` } : kernel,
  );
}

interface Writers {
  catalog: Catalog;
  /** Kernels of vendors as well, not those of posted series. */
  vendors: boolean;
  /** By release, those that a fleet runs. */
  hosts: ReadonlyMap<string, number> | undefined;
}

/** Upstream's kernels, those that the fleet runs, and others; oldest first. */
export function kernelsWith(others: readonly Kernel[], { catalog, vendors, hosts }: Writers): Kernel[] {
  const byRelease = new Map(others.map((kernel) => [kernel.release, kernel]));
  const series = postedSeries();
  for (const { row, kernel } of catalog.listedKernels()) {
    const { release, vendor } = row;
    const isChosen = vendor === null || hosts?.has(release) === true || (vendors && !series.has(release));
    if (isChosen && !byRelease.has(release)) byRelease.set(release, kernel);
  }
  return [...byRelease.values()].sort((a, b) => compareReleases(a.release, b.release));
}

/** Upstream's newest release of each series. */
export function newestOfSeries(releases: readonly string[]): Set<string> {
  const bySeries = new Map<string, string>();
  for (const release of releases) {
    const name = parseReleaseName(release);
    if (name?.vendor === null) bySeries.set(name.series, release);
  }
  return new Set(bySeries.values());
}
