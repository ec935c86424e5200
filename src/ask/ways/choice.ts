import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Judging } from '../../catalog/judging.ts';
import { judgingFrom } from '../../catalog/judging.ts';
import { checkNameFree, isSameKernel } from '../../catalog/own-kernel.ts';
import { versionsFolder } from '../../catalog/shipped.ts';
import { ToolError } from '../../errors.ts';
import { matchesRange } from '../../matrix/range.ts';
import { isCarrier } from '../../matrix/route-graph.ts';
import type { Profile } from '../../model/profile.ts';
import { compareReleases } from '../../model/release-name.ts';
import type { Target } from '../../model/target.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import type { Asking } from '../asking.ts';
import type { KernelInput } from '../kernels/resolve.ts';
import { resolveKernel } from '../kernels/resolve.ts';

/** Which kernels `route`, `reach` and `plan` may use, and how often. */
export interface WayOptions extends Asking {
  catalog: Catalog;
  /** Releases that may be on the way, as a range in the language of semver (default: all). */
  releases?: string | undefined;
  /** The posted series that ship with luo-abi as well; so it is where an end is one of them. */
  series?: boolean;
  /** Further kernels that may be on the way: your own, or those of vendors. */
  via?: readonly KernelInput[];
  /** At most so many live updates one after the other. */
  maxHops?: number | undefined;
}

export interface Choice {
  /** Those that were named as ends, in their order. */
  named: Kernel[];
  /** All that take part, oldest first; the named ones among them. */
  kernels: Kernel[];
  isOnWay(release: string): boolean;
  /** Whether it was named: as an end, by `via`, or as a start. */
  isWanted(release: string): boolean;
  judging: Judging;
}

/**
 * The kernels that are named, and those of the catalog that may be on the way.
 *
 * @param ends these take part whatever the options say
 * @param starts releases that are wanted as starts, whether or not they may be on the way
 * @throws ToolError RELEASE_TAKEN for a document that differs from the catalog's kernel, or from another, of its name
 */
export async function chooseKernels(
  ends: readonly KernelInput[],
  options: WayOptions,
  starts: ReadonlySet<string> = new Set(),
): Promise<Choice> {
  const { catalog, releases, via = [] } = options;
  const resolved: Kernel[] = [];
  const byRelease = new Map<string, Kernel>();
  for (const input of [...ends, ...via]) {
    const { kernel } = await resolveKernel(input, options);
    const text = nameOf(input, kernel);
    checkNameFree(kernel, text, catalog);
    const other = byRelease.get(kernel.release);
    if (other && !isSameKernel(kernel, other)) {
      throw new ToolError('RELEASE_TAKEN', `${text}: another kernel was named ${kernel.release} before it`);
    }
    byRelease.set(kernel.release, kernel);
    resolved.push(kernel);
  }
  const wanted = new Set([...byRelease.keys(), ...starts]);
  const onWay = new Set(byRelease.keys());
  const series = postedSeries();
  const withSeries = options.series === true || [...onWay].some((release) => series.has(release));
  const known = new Set<string>();
  for (const kernel of catalog.allKernels()) {
    const { release } = kernel;
    known.add(release);
    const isInRange = releases === undefined || matchesRange(release, releases);
    const isChosen = isInRange && (withSeries || !series.has(release));
    if (isChosen) onWay.add(release);
    const isNew = (isChosen || starts.has(release)) && !byRelease.has(release);
    if (isNew) byRelease.set(release, kernel);
  }
  const kernels = [...byRelease.values()].sort((a, b) => compareReleases(a.release, b.release));
  const strangers = [...byRelease.keys()].filter((release) => !known.has(release));
  const judging = await judgingFrom(catalog, strangers);
  const chosen = resolved.slice(0, ends.length).map(({ release }) => byRelease.get(release) as Kernel);
  const kernelNamed = (release: string): Kernel | undefined =>
    byRelease.get(release) ?? judging.kernelNamed(release);
  const isOnWay = (release: string): boolean => onWay.has(release);
  const isWanted = (release: string): boolean => wanted.has(release);
  return { named: chosen, kernels, isOnWay, isWanted, judging: { ...judging, kernelNamed } };
}

/** What a kernel is called in an error: as it was given. */
function nameOf(input: KernelInput, { release }: Kernel): string {
  if (typeof input === 'string') return input;
  return 'locator' in input ? input.locator : release;
}

/** Kernels of series that were posted on the lists: nobody runs them, but their formats are known. */
export function postedSeries(): Set<string> {
  const folder = join(versionsFolder(), 'series');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return new Set(files.map((file) => file.replace(/\.json$/, '')));
}

/** Kernels that were captured for a target and can carry the state of a profile; those that were named, whatever they can. */
export function carriersOn(
  { kernels, isWanted }: Choice,
  target: Target,
  profiles: readonly Profile[],
): Kernel[] {
  const known = new Map<object, boolean>();
  const carries = (kernel: Kernel): boolean => {
    const alike = kernel.alike ?? kernel;
    const isOne = known.get(alike) ?? isCarrier(kernel, profiles);
    known.set(alike, isOne);
    return isOne;
  };
  return kernels
    .filter(({ targets }) => targets === undefined || targets.includes(target))
    .filter((kernel) => isWanted(kernel.release) || carries(kernel));
}

/** The limit as searches take it. */
export function limitOf({ maxHops }: WayOptions): { maxHops?: number } {
  return maxHops === undefined ? {} : { maxHops };
}
