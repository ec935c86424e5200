import type { Catalog } from '../catalog/catalog.ts';
import { dateLookup } from '../catalog/dates.ts';
import { judgingFrom } from '../catalog/judging.ts';
import type { FleetHost } from '../model/fleet.ts';
import type { PairClass } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { WindowOutput } from '../model/window.ts';
import { policyReach, policyWindows } from '../window/policy.ts';
import { demandsOn } from '../window/reach.ts';
import { Window } from '../window/window.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import { filesBeside, policyKernels } from './kernels/of-policy.ts';
import { policyProfiles, profilesBeside } from './kernels/policy-profiles.ts';
import { checkProfile, profileFrom } from './kernels/profiles.ts';
import type { KernelInput } from './kernels/resolve.ts';
import { strangersAmong } from './kernels/resolve.ts';
import { checkTarget } from './kernels/targets.ts';
import type { CountedFleet } from './window/fleet.ts';
import { countFleet } from './window/fleet.ts';
import { kernelsWith, namedOrNext, newestOfSeries } from './window/kernels.ts';

export interface PolicyWindowOptions extends Asking {
  catalog: Catalog;
  /** Machines: those that write each format are counted. */
  fleet?: readonly FleetHost[] | undefined;
}

export interface WindowOptions extends PolicyWindowOptions {
  /** How far back a kernel must read, all that is nearer with it. */
  class: PairClass;
  /** What later kernels write must be read as well: a way back. */
  both?: boolean;
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** Further kernels that write. */
  with?: readonly KernelInput[];
  /** Kernels of vendors write as well. */
  vendors?: boolean;
  /** Tell every release, not the newest of each series alone. */
  allReleases?: boolean;
}

/**
 * The formats that kernels must still read, may drop, or dropped too early: what `luo-abi window --class … --format json` prints.
 *
 * @param kernels those that are told; without any the newest of each series
 * @throws ToolError as the readers of kernels do, PROFILE_UNKNOWN, COMPONENT_UNKNOWN, TARGET_UNKNOWN
 */
export function formatWindow(kernels: readonly KernelInput[], options: WindowOptions): Promise<WindowOutput> {
  return working(options, async () => {
    const { catalog, class: reach, target = TARGETS[0], both = false, allReleases = false } = options;
    const fleet = countFleet(options.fleet, catalog);
    const profile = profileFrom(options.profile);
    const named = await namedOrNext(kernels, options);
    const guests = await namedOrNext(options.with ?? [], options);
    checkTarget(target, named);
    const all = kernelsWith([...named, ...guests], {
      catalog,
      vendors: options.vendors === true,
      hosts: fleet?.hosts,
    }).filter(({ targets }) => targets === undefined || targets.includes(target));
    checkProfile(
      profile,
      all.flatMap(({ components }) => [...components.keys()]),
    );
    const releases = all.map(({ release }) => release);
    const newest = newestOfSeries(releases);
    const isTold = (release: string): boolean => allReleases || newest.has(release);
    const told = new Window({
      kernels: all,
      profiles: [profile],
      target,
      judging: await judgingFrom(catalog, strangersAmong(all, catalog)),
      demandsOn: (release) => demandsOn(release, releases, { class: reach, both }),
      reach,
      dateOf: dateLookup(catalog),
      hosts: fleet?.hosts ?? null,
      isTold,
    });
    const shown =
      named.length > 0
        ? named.map(({ release }) => release)
        : releases.filter((release) => parseReleaseName(release)?.vendor === null && isTold(release));
    const windows = [{ target, releases: [...new Set(shown)].map((release) => told.of(release)) }];
    const asked = { class: reach, policy: null, both, profiles: [profile.name] };
    return { ...asked, windows, fleet: fleetOf(fleet) };
  });
}

/**
 * The window of a policy, or of the pairs that it names: what `luo-abi window --policy … --format json` prints.
 * @throws ToolError as `gateFile`
 */
export function policyWindow(path: string, options: PolicyWindowOptions): Promise<WindowOutput> {
  return working(options, async () => {
    const { catalog } = options;
    const fleet = countFleet(options.fleet, catalog);
    const { readPolicy } = await import('./files/policy.ts');
    const { policy, withItsComponents } = readPolicy(path);
    const documentOf = filesBeside(policy, path);
    const known = await withItsComponents(() => policyKernels({ policy, path, documentOf }, options));
    const profiles = policyProfiles(policy, profilesBeside(path), catalog);
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
    const asked = { class: policyReach(policy), policy: path, both, profiles: names };
    return { ...asked, windows, fleet: fleetOf(fleet) };
  });
}

/** Whether nothing inside the window is missing for which a pair fails. */
export function isHeld({ windows }: WindowOutput): boolean {
  return windows.every(({ releases }) =>
    releases.every(({ mustRead }) => mustRead.every(({ state, counts }) => state === 'read' || !counts)),
  );
}

function fleetOf(fleet: CountedFleet | undefined): WindowOutput['fleet'] {
  return fleet ? { total: fleet.total, unknown: fleet.unknown } : null;
}
