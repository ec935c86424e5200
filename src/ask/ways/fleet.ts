import type { FleetBoot, FleetRequest } from '../../matrix/fleet.ts';
import { idleBy, leftBy } from '../../matrix/fleet-boot.ts';
import type { RouteJudge } from '../../matrix/route-graph.ts';
import { judgesFor, routeGraphSteps } from '../../matrix/route-graph.ts';
import type { FleetHost } from '../../model/fleet.ts';
import type { Profile } from '../../model/profile.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { Target } from '../../model/target.ts';
import { runsWith } from '../../verdict/running.ts';
import { checkProfile } from '../kernels/profiles.ts';
import type { Choice } from './choice.ts';
import { carriersOn } from './choice.ts';

// What the machines of a fleet run, and by which pairs they may go on.

/** Looks once at each release, set of profiles and command line. */
export function bootsIn(
  { kernels }: Choice,
  profiles: ReadonlyMap<string, Profile>,
): Required<FleetRequest>['bootOf'] {
  const byRelease = new Map(kernels.map((kernel) => [kernel.release, kernel]));
  const known = new Map<string, FleetBoot>();
  return (release, names, { cmdline, kho }) => {
    const kernel = byRelease.get(release);
    if (!kernel || (cmdline === undefined && kho === undefined)) return { runsWith: [] };
    const key = JSON.stringify([release, names, cmdline, kho]);
    const told = known.get(key);
    if (told) return told;
    const wanted = names.flatMap((name) => profiles.get(name) ?? []);
    const booted = { commandLine: cmdline, kho };
    const boot = {
      idle: idleBy(kernel, wanted, booted),
      profiles: leftBy(kernel, wanted, booted).map(({ name }) => name),
      runsWith: runsWith(kernel, booted),
    };
    known.set(key, boot);
    return boot;
  };
}

/** What hosts run, as they say it and as upstream calls it: `uname -r` says 7.0.0. */
export function startsOf(hosts: readonly FleetHost[]): Set<string> {
  const starts = new Set(hosts.map(({ release }) => release));
  for (const release of [...starts]) {
    const name = parseReleaseName(release);
    if (name?.vendor === null) starts.add(name.base);
  }
  return starts;
}

/** The profiles that machines name, and the kinds that a command line may leave of them. */
export function usedProfiles(
  hosts: readonly FleetHost[],
  profile: Profile,
  known: ReadonlyMap<string, Profile>,
): Profile[] {
  const names = new Set([profile.name]);
  for (const host of hosts) for (const name of host.profiles ?? []) names.add(name);
  const used = [...known.values()].filter(({ name }) => names.has(name));
  const isBootKnown = hosts.some(({ cmdline, kho }) => cmdline !== undefined || kho !== undefined);
  const kinds = isBootKnown ? used.flatMap((one) => one.kinds ?? []) : [];
  return [...used, ...kinds.filter(({ name }) => !names.has(name))];
}

interface GraphOptions {
  profiles: readonly Profile[];
  rollback: boolean;
}

/** Makes the graph of some profiles on a target; components are judged once for all profiles of a target and command line. */
export function graphMaker(choice: Choice, { profiles, rollback }: GraphOptions): FleetRequest['graphFor'] {
  const { kernels, judging, isOnWay } = choice;
  const byBoot = new Map<string, RouteJudge[]>();
  for (const profile of profiles) {
    checkProfile(
      profile,
      kernels.flatMap(({ components }) => [...components.keys()]),
    );
  }
  const judgesOn = (target: Target, runsWith: readonly string[]): RouteJudge[] => {
    const key = [target, ...runsWith].join('\n');
    const known = byBoot.get(key);
    if (known) return known;
    const asked = profiles.map((profile) => ({ ...profile, runsWith }));
    const judges = judgesFor(carriersOn(choice, target, profiles), asked, { ...judging, target });
    byBoot.set(key, judges);
    return judges;
  };
  return (names, target, runsWith) => {
    const judges = judgesOn(target, runsWith).filter(({ profile }) => names.includes(profile));
    return routeGraphSteps({ judges, rollback, isOnWay });
  };
}
