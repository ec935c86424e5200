import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { checkNameFree, isSameKernel } from '../catalog/own-kernel.ts';
import { ToolError } from '../errors.ts';
import { matchesRange } from '../matrix/range.ts';
import { isCarrier } from '../matrix/route-graph.ts';
import type { Profile } from '../model/profile.ts';
import { compareReleases } from '../model/release-name.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { versionsFolder } from './catalog-file.ts';
import type { Io, OptionDefinition, OptionValues } from './command.ts';
import type { Judging } from './judging.ts';
import { judgingFrom } from './judging.ts';
import { resolveKernel } from './resolve.ts';

// Which kernels `route`, `reach` and `plan` may use.

/** What says which kernels may be on the way. */
export const WAY_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--releases <range>', summary: 'only kernels of this range on the way: ">=6.18 <7.2"' },
  {
    flags: '--series',
    summary:
      'the posted series that ship with luo-abi on the way as well; so it is where an end is one of them',
  },
  {
    flags: '--with <release>',
    summary: 'a further kernel that may be on the way: a document or any locator; may be repeated',
    repeatable: true,
  },
  { flags: '--max-hops <number>', summary: 'at most so many live updates one after the other' },
];

export interface ChoiceRequest {
  /** RELEASE operands: these take part whatever the options say. */
  named: readonly string[];
  catalog: Catalog;
  options: OptionValues;
  io: Io;
  /** Releases that are wanted as starts, whether or not they may be on the way. */
  starts?: ReadonlySet<string>;
}

export interface Choice {
  /** Those that the operands mean, in their order. */
  named: Kernel[];
  /** All that take part, oldest first; the named ones among them. */
  kernels: Kernel[];
  isOnWay(release: string): boolean;
  /** Whether it was named, by an operand, an option or as a start. */
  isWanted(release: string): boolean;
  judging: Judging;
}

/**
 * The kernels that an operand or an option names, and those of the catalog that may be on the way.
 * @throws ToolError RELEASE_TAKEN for a document that differs from the catalog's kernel, or from another, of its name
 */
export async function chooseKernels({
  named,
  catalog,
  options,
  io,
  starts = new Set(),
}: ChoiceRequest): Promise<Choice> {
  const guests = [options.with ?? []].flat().map(String);
  const resolved: Kernel[] = [];
  const byRelease = new Map<string, Kernel>();
  for (const text of [...named, ...guests]) {
    const { kernel } = await resolveKernel(text, catalog, io);
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
  for (const kernel of catalog.allKernels()) {
    const { release } = kernel;
    const isChosen = isInRange(options, release) && (withSeries || !series.has(release));
    if (isChosen) onWay.add(release);
    const isNew = (isChosen || starts.has(release)) && !byRelease.has(release);
    if (isNew) byRelease.set(release, kernel);
  }
  const kernels = [...byRelease.values()].sort((a, b) => compareReleases(a.release, b.release));
  const strangers = [...byRelease.keys()].filter((release) => !catalog.has(release));
  const judging = await judgingFrom(catalog, strangers);
  const chosen = resolved.slice(0, named.length).map(({ release }) => byRelease.get(release) as Kernel);
  const kernelNamed = (release: string): Kernel | undefined =>
    byRelease.get(release) ?? judging.kernelNamed(release);
  const isOnWay = (release: string): boolean => onWay.has(release);
  const isWanted = (release: string): boolean => wanted.has(release);
  return { named: chosen, kernels, isOnWay, isWanted, judging: { ...judging, kernelNamed } };
}

function isInRange({ releases }: OptionValues, release: string): boolean {
  return typeof releases !== 'string' || matchesRange(release, releases);
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

/** The number of --max-hops, where it is given. @throws ToolError USAGE */
export function maxHopsOf({ maxHops }: OptionValues): { maxHops?: number } {
  if (maxHops === undefined) return {};
  const number = Number(maxHops);
  if (/^\d+$/.test(String(maxHops)) && Number.isSafeInteger(number) && number > 0) return { maxHops: number };
  throw new ToolError('USAGE', `--max-hops ${String(maxHops)}: give a whole number from 1 on`);
}
