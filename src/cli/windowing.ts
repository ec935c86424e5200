import type { Catalog } from '../catalog/catalog.ts';
import { dateLookup } from '../catalog/dates.ts';
import { isNamesake } from '../catalog/own-kernel.ts';
import type { PairClass } from '../model/outputs.ts';
import { PROFILES } from '../model/profile.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { WindowOutput } from '../model/window.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { policyReach, policyWindows } from '../window/policy.ts';
import { demandsOn } from '../window/reach.ts';
import { Window } from '../window/window.ts';
import { postedSeries } from './choice.ts';
import type { Io, OptionValues } from './command.ts';
import { readFleet } from './fleet.ts';
import { gateKernels } from './gate-kernels.ts';
import { judgingFrom } from './judging.ts';
import { checkProfile, checkTarget, profileOf, targetOf } from './options.ts';
import { classOf } from './pair-selection.ts';
import { policyProfiles } from './policy-profiles.ts';
import { resolveKernel } from './resolve.ts';

// What `window` was asked for, from its operands and options.

export interface WindowRequest {
  operands: readonly string[];
  catalog: Catalog;
  options: OptionValues;
  io: Io;
}

/** The window that the options ask for. @throws ToolError as the readers of kernels, policies and fleets do */
export async function windowOf(request: WindowRequest): Promise<WindowOutput> {
  const fleet = fleetOf(request);
  const reach = classOf(request.options);
  const output =
    reach === undefined ? await fromPolicy(request, fleet) : await fromClass(request, reach, fleet);
  return { ...output, fleet: fleet && { total: fleet.total, unknown: fleet.unknown } };
}

/** Whether nothing inside the window is missing for which a pair fails. */
export function isHeld({ windows }: WindowOutput): boolean {
  return windows.every(({ releases }) =>
    releases.every(({ mustRead }) => mustRead.every(({ state, counts }) => state === 'read' || !counts)),
  );
}

type Answer = Omit<WindowOutput, 'fleet'>;

async function fromPolicy({ catalog, options, io }: WindowRequest, fleet: Fleet | null): Promise<Answer> {
  const path = String(options.policy);
  const { readPolicy } = await import('./policy-file.ts');
  const { policy, withItsComponents } = readPolicy(path);
  const known = await withItsComponents(() => gateKernels(policy, path, { catalog, io }));
  const profiles = policyProfiles(policy, path, catalog);
  const windows = policyWindows({
    policy,
    profiles,
    known,
    kernelOf: known.kernelOf,
    judging: await judgingFrom(catalog, known.strangers),
    dateOf: dateLookup(catalog),
    hosts: fleet?.hosts ?? null,
  });
  const both = policy.window ? policy.window.both === true : policy.direction === 'both';
  const names = profiles.map(({ name }) => name);
  return { class: policyReach(policy), policy: path, both, profiles: names, windows };
}

async function fromClass(request: WindowRequest, reach: PairClass, fleet: Fleet | null): Promise<Answer> {
  const { catalog, options, operands } = request;
  const profile = profileOf(options);
  const target = targetOf(options);
  const named = await kernelsNamed(request, operands);
  const guests = await kernelsNamed(request, [options.with ?? []].flat().map(String));
  checkTarget(target, named);
  const kernels = kernelsWith(catalog, { options, fleet, others: [...named, ...guests] }).filter(
    ({ targets }) => targets === undefined || targets.includes(target),
  );
  checkProfile(
    profile,
    kernels.flatMap(({ components }) => [...components.keys()]),
  );
  const both = options.both === true;
  const releases = kernels.map(({ release }) => release);
  const newest = newestOfSeries(releases);
  const strangers = releases.filter((release) => !catalog.has(release));
  const window = new Window({
    kernels,
    profiles: [profile],
    target,
    judging: await judgingFrom(catalog, strangers),
    demandsOn: (release) => demandsOn(release, releases, { class: reach, both }),
    reach,
    dateOf: dateLookup(catalog),
    hosts: fleet?.hosts ?? null,
    isTold: (release) => options.allReleases === true || newest.has(release),
  });
  const shown =
    named.length > 0
      ? named.map(({ release }) => release)
      : releases.filter(
          (release) =>
            parseReleaseName(release)?.vendor === null &&
            (options.allReleases === true || newest.has(release)),
        );
  const windows = [{ target, releases: [...new Set(shown)].map((release) => window.of(release)) }];
  return { class: reach, policy: null, both, profiles: [profile.name], windows };
}

/** A tree that still bears the name of a release of the catalog is the next one: it goes by a name of its own. */
async function kernelsNamed({ catalog, io }: WindowRequest, names: readonly string[]): Promise<Kernel[]> {
  const kernels: Kernel[] = [];
  for (const name of names) {
    const { kernel } = await resolveKernel(name, catalog, io);
    kernels.push(isNamesake(kernel, catalog) ? { ...kernel, release: `${kernel.release}+next` } : kernel);
  }
  return kernels;
}

/** Upstream's kernels, those that the fleet runs, and others; oldest first. */
function kernelsWith(
  catalog: Catalog,
  { options, fleet, others }: { options: OptionValues; fleet: Fleet | null; others: readonly Kernel[] },
): Kernel[] {
  const byRelease = new Map(others.map((kernel) => [kernel.release, kernel]));
  const series = postedSeries();
  for (const { row, kernel } of catalog.listedKernels()) {
    const { release, vendor } = row;
    const isChosen =
      vendor === null ||
      fleet?.hosts.has(release) === true ||
      (options.vendors === true && !series.has(release));
    if (isChosen && !byRelease.has(release)) byRelease.set(release, kernel);
  }
  return [...byRelease.values()].sort((a, b) => compareReleases(a.release, b.release));
}

/** Upstream's newest release of each series. */
function newestOfSeries(releases: readonly string[]): Set<string> {
  const bySeries = new Map<string, string>();
  for (const release of releases) {
    const name = parseReleaseName(release);
    if (name?.vendor === null) bySeries.set(name.series, release);
  }
  return new Set(bySeries.values());
}

interface Fleet {
  total: number;
  hosts: Map<string, number>;
  unknown: { release: string; hosts: number }[];
}

function fleetOf({ catalog, options }: WindowRequest): Fleet | null {
  if (typeof options.fleet !== 'string') return null;
  const machines = readFleet(
    options.fleet,
    PROFILES.map(({ name }) => name),
  );
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
