import { markerText } from '../diff/marker-text.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { MatrixGroup, PairClass } from '../model/outputs.ts';
import type { PairTable, TableAnswer, UnitPair } from '../model/pair-table.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf } from '../model/profile.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';

/**
 * Adds to a matrix with kernels of vendors or of posted series what makes it readable: the kernels by base series and by the
 * marker that they write, and the marker of the component that decided each failing pair. One of upstream alone stays as it is.
 */
export function withGroups(table: PairTable, kernels: readonly Kernel[], profile: Profile): PairTable {
  const isUpstream = kernels.every(({ release }) => parseReleaseName(release)?.vendor === null);
  const ids = componentsOf(profile);
  const id = ids.includes('pci') ? 'pci' : ids[0];
  if (isUpstream || id === undefined) return table;
  const marked = markedAnswers(table, kernels);
  const classPairs = (name: PairClass): UnitPair[] =>
    table.classPairs(name).map((pair) => {
      const [from, to] = [pair.outgoing, pair.incoming].map(([first = 0]) => table.unitOf[first] as number);
      return { ...pair, answer: marked(from as number, to as number) };
    });
  return { ...table, answer: marked, classPairs, groups: groupKernels(kernels, id) };
}

/** The answers with the marker of what decided, one object for each answer of an outgoing unit. */
function markedAnswers({ answer, units }: PairTable, kernels: readonly Kernel[]): PairTable['answer'] {
  const known = units.map(() => new Map<TableAnswer, TableAnswer>());
  return (outgoing, incoming) => {
    const own = answer(outgoing, incoming);
    if (!own.decidedBy) return own;
    const found = known[outgoing]?.get(own);
    if (found) return found;
    const kernel = kernels[units[outgoing]?.[0] ?? 0] as Kernel;
    const marked = { ...own, marker: markerOf(kernel, own.decidedBy.component) };
    known[outgoing]?.set(own, marked);
    return marked;
  };
}

/** The series in the order of the kernels, in each the markers by code unit. */
function groupKernels(kernels: readonly Kernel[], component: string): MatrixGroup[] {
  const bySeries = new Map<string, Map<string, string[]>>();
  for (const kernel of kernels) {
    const series = parseReleaseName(kernel.release)?.series ?? '';
    const marker = markerOf(kernel, component);
    const byMarker = bySeries.get(series) ?? new Map<string, string[]>();
    bySeries.set(series, byMarker);
    const own = byMarker.get(marker);
    if (own) own.push(kernel.release);
    else byMarker.set(marker, [kernel.release]);
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
