import { nearestReleases } from '../catalog/release-unknown.ts';
import { planSteps } from '../matrix/fleet.ts';
import type { FleetHost, PlanOutput } from '../model/fleet.ts';
import type { Profile } from '../model/profile.ts';
import { PROFILES } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { inSteps, working } from '../work.ts';
import { profileFrom } from './kernels/profiles.ts';
import type { KernelInput } from './kernels/resolve.ts';
import type { WayOptions } from './ways/choice.ts';
import { chooseKernels, limitOf } from './ways/choice.ts';
import { bootsIn, graphMaker, startsOf, usedProfiles } from './ways/fleet.ts';

export interface PlanOptions extends WayOptions {
  /** The state that matters where a machine names none: a shipped profile by name, or your own (default: `carried`). */
  profile?: Profile | string;
  /** The target where a machine names none (default: `x86_64-4k`). */
  target?: Target;
  /** Every hop must be safe backwards as well. */
  rollback?: boolean;
}

/**
 * How the machines of a fleet come to a kernel, and which must be rebooted: what `luo-abi plan --format json` prints.
 *
 * @param fleet the machines, or the path of an inventory, JSON or CSV
 * @throws ToolError as `route`; FILE_UNREADABLE, DOCUMENT_INVALID for an inventory that cannot be read
 */
export function plan(
  fleet: readonly FleetHost[] | string,
  to: KernelInput,
  options: PlanOptions,
): Promise<PlanOutput> {
  return working(options, async () => {
    const { catalog, target = TARGETS[0], rollback = false } = options;
    const profile = profileFrom(options.profile);
    const profilesByName = profilesWith(profile);
    const hosts = typeof fleet === 'string' ? await read(fleet, [...profilesByName.keys()]) : [...fleet];
    const choice = await chooseKernels([to], options, startsOf(hosts));
    const [goal] = choice.named as [Kernel];
    const profiles = usedProfiles(hosts, profile, profilesByName);
    const steps = planSteps({
      hosts,
      to: goal.release,
      profiles: [profile.name],
      target,
      rollback,
      ...limitOf(options),
      releases: choice.kernels.map(({ release }) => release),
      ...(goal.targets && { goalTargets: goal.targets }),
      graphFor: graphMaker(choice, { profiles, rollback }),
      nearest: (release) => nearestReleases(release, catalog.kernels()),
      bootOf: bootsIn(choice, profilesByName),
    });
    return inSteps('ways', 0, steps);
  });
}

async function read(path: string, profiles: readonly string[]): Promise<FleetHost[]> {
  const { readFleet } = await import('./files/fleet.ts');
  return readFleet(path, profiles);
}

/** The profiles that a host may name: those that ship with the program, and the one of --profile. */
function profilesWith(profile: Profile): Map<string, Profile> {
  return new Map([...PROFILES, profile].map((known) => [known.name, known]));
}
