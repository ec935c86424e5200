import type { Catalog } from '../catalog/catalog.ts';
import { khoAvailability } from '../model/availability.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { ListedRelease, ListOutput, ReusedMarkersOutput } from '../model/outputs.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { Likeness } from '../verdict/kernel.ts';

export interface ListOptions {
  catalog: Catalog;
}

/** Every kernel of a catalog, upstream's first, oldest first: what `luo-abi list --format json` prints. */
export function list({ catalog }: ListOptions): ListOutput {
  // What kernels with the same facts share is told once.
  const tests = countTests(catalog.evidence());
  const shared = new Map<string, Pick<ListedRelease, 'kho' | 'markers'>>();
  const likeness = new Likeness();
  const numbers = new Map<object, number>();
  const releases = catalog.listedKernels().map(({ row, kernel, source }): ListedRelease => {
    const alike = likeness.of(kernel);
    const number = numbers.get(alike) ?? numbers.size;
    numbers.set(alike, number);
    const key = `${number} ${kernel.khoByDefault}`;
    const facts = shared.get(key) ?? listedFacts(kernel);
    shared.set(key, facts);
    const { release, base, vendor, date } = row;
    return { release, base, vendor, date, source, ...facts, tests: tests.get(release) ?? 0 };
  });
  return { releases };
}

export interface ReusedMarkersOptions extends ListOptions {
  /** Default: `x86_64-4k`. */
  target?: Target;
}

/** Markers that stand for several layouts: what `luo-abi list --reused-markers --format json` prints. */
export async function reusedMarkers(options: ReusedMarkersOptions): Promise<ReusedMarkersOutput> {
  const { catalog, target = TARGETS[0] } = options;
  const { findReusedMarkers } = await import('../catalog/reused-markers.ts');
  return { target, markers: findReusedMarkers(catalog.allKernels(), target) };
}

/** In how many records each kernel took part, on whichever side. */
function countTests(records: readonly EvidenceDocument[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { outgoing, incoming } of records) {
    for (const release of new Set([outgoing, incoming])) counts.set(release, (counts.get(release) ?? 0) + 1);
  }
  return counts;
}

function listedFacts(kernel: Kernel): Pick<ListedRelease, 'kho' | 'markers'> {
  const markers: ListedRelease['markers'] = {};
  const states = [...kernel.components].map(([id, { facts }]) => [id, facts] as const);
  for (const [id, { marker }] of states) {
    const writes = marker?.writes;
    if (writes === undefined) continue;
    const text = typeof writes === 'object' ? JSON.stringify(writes) : writes;
    markers[id] = marker?.name === undefined ? text : `${marker.name} ${text}`;
  }
  const { khoByDefault } = kernel;
  const kho = khoAvailability({
    components: Object.fromEntries(states),
    ...(khoByDefault !== undefined && { khoByDefault }),
  });
  return { kho, markers };
}
