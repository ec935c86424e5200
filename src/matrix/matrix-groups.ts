import { markerText } from '../diff/marker-text.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { MatrixGroup, MatrixPair, ProfileMatrix } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf } from '../model/profile.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';

/**
 * Adds to a matrix with kernels of vendors or of posted series what makes it readable: the kernels by base series and by the
 * marker that they write, and the marker of the component that decided each failing pair. One of upstream alone stays as it is.
 */
export function withGroups(
  matrix: ProfileMatrix,
  kernels: readonly Kernel[],
  profile: Profile,
): ProfileMatrix {
  const isUpstream = kernels.every(({ release }) => parseReleaseName(release)?.vendor === null);
  const ids = componentsOf(profile);
  const id = ids.includes('pci') ? 'pci' : ids[0];
  if (isUpstream || id === undefined) return matrix;
  const byRelease = new Map(kernels.map((kernel) => [kernel.release, kernel]));
  const pairs = matrix.pairs.map((pair) => withMarker(pair, byRelease));
  return { ...matrix, pairs, groups: groupKernels(kernels, id) };
}

function withMarker(pair: MatrixPair, kernels: ReadonlyMap<string, Kernel>): MatrixPair {
  const kernel = kernels.get(pair.outgoing);
  const marker = kernel && pair.decidedBy && markerOf(kernel, pair.decidedBy.component);
  return marker === undefined || marker === null ? pair : { ...pair, marker };
}

/** The series in the order of the kernels, in each the markers by code unit. */
function groupKernels(kernels: readonly Kernel[], component: string): MatrixGroup[] {
  const bySeries = new Map<string, Map<string, string[]>>();
  for (const kernel of kernels) {
    const series = parseReleaseName(kernel.release)?.series ?? '';
    const marker = markerOf(kernel, component);
    const byMarker = bySeries.get(series) ?? new Map<string, string[]>();
    bySeries.set(series, byMarker.set(marker, [...(byMarker.get(marker) ?? []), kernel.release]));
  }
  return [...bySeries].flatMap(([series, byMarker]) =>
    [...byMarker]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([marker, releases]) => ({ series, component, marker, releases })),
  );
}

function markerOf(kernel: Kernel, component: string): string {
  const { marker } = factsOf(kernel, component);
  return marker ? markerText(marker.writes, marker) : 'no marker';
}
