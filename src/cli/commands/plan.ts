import { nearestReleases } from '../../catalog/release-unknown.ts';
import { ToolError } from '../../errors.ts';
import type { FleetBoot, FleetRequest } from '../../matrix/fleet.ts';
import { planFleet } from '../../matrix/fleet.ts';
import { idleBy, leftBy } from '../../matrix/fleet-boot.ts';
import type { RouteJudge } from '../../matrix/route-graph.ts';
import { buildRouteGraph, judgesFor } from '../../matrix/route-graph.ts';
import type { FleetHost } from '../../model/fleet.ts';
import type { Profile } from '../../model/profile.ts';
import { PROFILES } from '../../model/profile.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { Target } from '../../model/target.ts';
import { renderPlan } from '../../report/plan-terminal.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { runsWith } from '../../verdict/running.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Choice } from '../choice.ts';
import { carriersOn, chooseKernels, maxHopsOf, WAY_OPTIONS } from '../choice.ts';
import type { OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { checkProfile, profileOf, targetOf } from '../options.ts';

export const command = defineCommand({
  usage: 'plan',
  summary:
    'How the machines of a fleet come to a kernel: the hops of each group, and which must be rebooted; exit 1 where some must, or have a release that is not known.',
  example: 'luo-abi plan --fleet hosts.csv --to 7.3.4 --profile memfd',
  options: [
    {
      flags: '--fleet <file>',
      summary:
        'the machines: JSON, or CSV with the columns name, release, and, where wanted, profiles, target, cmdline, kho (on or off)',
    },
    { flags: '--to <release>', summary: 'the kernel that all are to run' },
    {
      ...PROFILE_OPTION,
      summary: 'the state that matters where the inventory names none (default: carried)',
    },
    { ...TARGET_OPTION, summary: 'the target where the inventory names none (default: x86_64-4k)' },
    ...WAY_OPTIONS,
    { flags: '--rollback', summary: 'every hop must be safe backwards as well' },
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const file = required(options, 'fleet');
    const goal = required(options, 'to');
    const profile = profileOf(options);
    const target = targetOf(options);
    const limit = maxHopsOf(options);
    const { readFleet } = await import('../fleet.ts');
    const profilesByName = profilesWith(profile);
    const hosts = readFleet(file, [...profilesByName.keys()]);
    const catalog = await openCatalog(options, io);
    try {
      const starts = startsOf(hosts);
      const choice = await chooseKernels({ named: [goal], catalog, options, io, starts });
      const [to] = choice.named as [Kernel];
      const releases = choice.kernels.map(({ release }) => release);
      const rollback = options.rollback === true;
      const profiles = usedProfiles(hosts, profile, profilesByName);
      const plan = planFleet({
        hosts,
        to: to.release,
        profiles: [profile.name],
        target,
        rollback,
        ...limit,
        releases,
        ...(to.targets && { goalTargets: to.targets }),
        graphFor: graphMaker(choice, { profiles, rollback }),
        nearest: (release) => nearestReleases(release, catalog.kernels()),
        bootOf: bootsIn(choice, profilesByName),
      });
      printResult({ terminal: () => renderPlan(plan, io.render), json: () => plan }, options, io);
      return plan.hosts.reboot + plan.hosts.unknown > 0 ? 1 : 0;
    } finally {
      catalog.close();
    }
  },
});

/** Looks once at each release, set of profiles and command line. */
function bootsIn(
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

function required(options: OptionValues, name: 'fleet' | 'to'): string {
  const value = options[name];
  if (typeof value === 'string') return value;
  throw new ToolError('USAGE', `plan: --${name} is missing`);
}

/** What hosts run, as they say it and as upstream calls it: `uname -r` says 7.0.0. */
function startsOf(hosts: readonly FleetHost[]): Set<string> {
  const starts = new Set(hosts.map(({ release }) => release));
  for (const release of [...starts]) {
    const name = parseReleaseName(release);
    if (name?.vendor === null) starts.add(name.base);
  }
  return starts;
}

/** The profiles that a host may name: those that ship with the program, and the one of --profile. */
function profilesWith(profile: Profile): Map<string, Profile> {
  return new Map([...PROFILES, profile].map((known) => [known.name, known]));
}

/** The profiles that machines name, and the kinds that a command line may leave of them. */
function usedProfiles(
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
function graphMaker(choice: Choice, { profiles, rollback }: GraphOptions): FleetRequest['graphFor'] {
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
    return buildRouteGraph({ judges, rollback, isOnWay });
  };
}
