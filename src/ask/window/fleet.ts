import type { Catalog } from '../../catalog/catalog.ts';
import type { FleetHost } from '../../model/fleet.ts';
import { parseReleaseName } from '../../model/release-name.ts';

/** The machines of a fleet, by the kernels that they run. */
export interface CountedFleet {
  total: number;
  /** By release of the catalog. */
  hosts: Map<string, number>;
  /** Releases that no catalog knows. */
  unknown: { release: string; hosts: number }[];
}

/** How many machines run each kernel; undefined without a fleet. */
export function countFleet(
  machines: readonly FleetHost[] | undefined,
  catalog: Catalog,
): CountedFleet | undefined {
  if (machines === undefined) return undefined;
  const rows = catalog.kernels();
  const hosts = new Map<string, number>();
  const unknown = new Map<string, number>();
  for (const { release } of machines) {
    const base = parseReleaseName(release)?.vendor === null ? parseReleaseName(release)?.base : undefined;
    const known = [release, base ?? release].find((name) => rows.some((row) => row.release === name));
    const counts = known === undefined ? unknown : hosts;
    counts.set(known ?? release, (counts.get(known ?? release) ?? 0) + 1);
  }
  const strangers = [...unknown].map(([release, count]) => ({ release, hosts: count }));
  return { total: machines.length, hosts, unknown: strangers };
}
