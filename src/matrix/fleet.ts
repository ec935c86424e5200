import { byCodeUnit } from '../model/canonical.ts';
import type { FleetHost, PlanGroup, PlanObstacle, PlanOutput, UnknownRelease } from '../model/fleet.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { Target } from '../model/target.ts';
import type { Idle } from './fleet-boot.ts';
import { farthestOf, positionIn, reachedBy, stepsBetween } from './route.ts';
import { decideEither } from './route-border.ts';
import type { RouteGraph } from './route-graph.ts';
import type { Costs } from './route-search.ts';
import { costsFrom, costsTo } from './route-search.ts';
import type { Steps } from './steps.ts';
import { atOnce } from './steps.ts';

// A plan for many machines. Ways are looked for once for each release, set of profiles and target, not for each machine.

export interface FleetRequest {
  hosts: readonly FleetHost[];
  to: string;
  /** For hosts that name none. */
  profiles: readonly string[];
  target: Target;
  rollback: boolean;
  maxHops?: number;
  /** All releases that may be on the way, oldest first. */
  releases: readonly string[];
  /** Those that the goal was captured for; all where it is not said. */
  goalTargets?: readonly Target[];
  /** The kernels of a target of the goal, judged for these profiles, and for machines that run with these boot parameters. */
  graphFor(profiles: readonly string[], target: Target, runsWith: readonly string[]): Steps<RouteGraph>;
  nearest(release: string): string[];
  /** What is known of how a machine with a known release was booted. */
  bootOf?(release: string, profiles: readonly string[], host: FleetHost): FleetBoot;
}

/** How a machine was booted. */
export interface FleetBoot {
  /** What its command line takes from what its kernel can carry. */
  idle?: Idle | undefined;
  /** What of its profiles that leaves; all of them where it is not said. */
  profiles?: readonly string[];
  /** The boot parameters that it surely runs with. */
  runsWith: readonly string[];
}

const UNKNOWN_BOOT: FleetBoot = { runsWith: [] };

/** Machines of one release, set of profiles and target, and of one fate at boot. */
interface Cohort {
  boot: FleetBoot;
  release: string;
  profiles: readonly string[];
  target: Target;
  hosts: string[];
}

/** Releases whose likeness to known ones is looked for: names are compared with all others, and a fleet may have many. */
const NEAREST_SHOWN = 20;

const WAY_ORDER: readonly PlanGroup['way'][] = ['reboot', 'unknown', 'live-update', 'done'];

/** The plan of a fleet; machines with a release that is not known are counted and left out. */
export function planFleet(request: FleetRequest): PlanOutput {
  return atOnce(planSteps(request));
}

/** The same in steps: those of the graphs, and each cohort one. */
export function* planSteps(request: FleetRequest): Steps<PlanOutput> {
  const cohorts = gatherCohorts(request);
  const planner = new Planner(request);
  const groups = new Map<string, PlanGroup>();
  const unknown = new Map<string, string[]>();
  for (const cohort of cohorts) {
    const group = yield* planner.plan(cohort);
    yield;
    if (group) join(groups, group);
    else unknown.set(cohort.release, [...(unknown.get(cohort.release) ?? []), ...cohort.hosts]);
  }
  const position = new Map(request.releases.map((release, at) => [release, at]));
  const sorted = [...groups.values()].map((group) => inOrder(group, position));
  sorted.sort(
    (a, b) =>
      WAY_ORDER.indexOf(a.way) - WAY_ORDER.indexOf(b.way) ||
      b.hosts.length - a.hosts.length ||
      byCodeUnit(keyOf(a), keyOf(b)),
  );
  const unplanned = describeUnknown(unknown, request);
  return {
    to: request.to,
    rollback: request.rollback,
    maxHops: request.maxHops ?? null,
    releases: [...request.releases],
    hosts: {
      total: request.hosts.length,
      done: countOf(sorted, 'done'),
      liveUpdate: countOf(sorted, 'live-update'),
      reboot: countOf(sorted, 'reboot'),
      unknown: unplanned.reduce((sum, { hosts }) => sum + hosts.length, countOf(sorted, 'unknown')),
    },
    groups: sorted,
    unknown: unplanned,
  };
}

function gatherCohorts({ hosts, profiles, target, releases, bootOf }: FleetRequest): Cohort[] {
  const known = new Set(releases);
  const cohorts = new Map<string, Cohort>();
  for (const host of hosts) {
    const named = host.profiles && host.profiles.length > 0 ? host.profiles : profiles;
    const wanted = named.length > 1 ? [...new Set(named)].sort(byCodeUnit) : named;
    const release = known.has(host.release) ? host.release : upstreamName(host.release, known);
    const on = host.target ?? target;
    const boot = (known.has(release) && bootOf?.(release, wanted, host)) || UNKNOWN_BOOT;
    const { idle, runsWith, profiles: left = wanted } = boot;
    const key = [release, on, idle?.state, idle?.reason, runsWith.join(), ...left].join('\n');
    const cohort = cohorts.get(key);
    if (cohort) cohort.hosts.push(host.name);
    else cohorts.set(key, { release, profiles: left, target: on, boot, hosts: [host.name] });
  }
  return [...cohorts.values()];
}

/** `uname -r` says 7.0.0 and 7.1.0-rc1 where a release is called 7.0 and 7.1-rc1. */
function upstreamName(release: string, known: ReadonlySet<string>): string {
  const name = parseReleaseName(release);
  return name?.vendor === null && known.has(name.base) ? name.base : release;
}

/** The pairs of some profiles, and what it costs to come to the goal by them. */
interface Judged {
  graph: RouteGraph;
  goal: number;
  costs: Costs;
}

/** Finds ways; keeps, for each set of profiles, target and boot parameters, what it costs to come to the goal. */
class Planner {
  readonly #request: FleetRequest;
  readonly #known = new Map<string, Judged>();

  constructor(request: FleetRequest) {
    this.#request = request;
  }

  /** Undefined where the release is not known on the target. */
  *plan({ release, profiles, target, boot, hosts }: Cohort): Steps<PlanGroup | undefined> {
    const rest = { profiles: [...profiles], target, releases: [release], hosts };
    const { goalTargets, maxHops, to } = this.#request;
    if (release === to) return { way: 'done', ...rest, hops: [], why: null };
    const { idle, runsWith } = boot;
    if (idle) {
      const why = { direct: null, idle: idle.reason, farthest: null, shortest: null };
      return { way: idle.state === 'off' ? 'reboot' : 'unknown', ...rest, hops: [], why };
    }
    if (goalTargets && !goalTargets.includes(target)) return this.#planElsewhere(rest, goalTargets);
    const { graph, goal, costs } = yield* this.#graphFor(profiles, target, runsWith);
    const start = graph.positionOf(release);
    if (start === undefined) return undefined;
    const hops = stepsBetween(graph, start, { goal, costs, ...(maxHops !== undefined && { maxHops }) });
    if (hops) return { way: 'live-update', ...rest, hops, why: null };
    return { way: 'reboot', ...rest, hops: [], why: obstacleOf(graph, start, goal) };
  }

  /** On a target that the goal is not built for: nothing is carried from one target to another. */
  #planElsewhere(
    rest: Pick<PlanGroup, 'hosts' | 'profiles' | 'releases' | 'target'>,
    goalTargets: readonly Target[],
  ): PlanGroup | undefined {
    if (!rest.releases.every((release) => this.#request.releases.includes(release))) return undefined;
    const why = { direct: null, goalTargets: [...goalTargets], farthest: null, shortest: null };
    return { way: 'reboot', ...rest, hops: [], why };
  }

  *#graphFor(profiles: readonly string[], target: Target, runsWith: readonly string[]): Steps<Judged> {
    const key = [target, profiles.join(), runsWith.join()].join('\n');
    const known = this.#known.get(key);
    if (known) return known;
    const graph = yield* this.#request.graphFor(profiles, target, runsWith);
    const goal = positionIn(graph, this.#request.to);
    const made = { graph, goal, costs: costsTo(graph, graph.classOf[goal] as number) };
    this.#known.set(key, made);
    return made;
  }
}

function obstacleOf(graph: RouteGraph, start: number, goal: number): PlanObstacle {
  const { hops } = costsFrom(graph, graph.classOf[start] as number);
  const shortest = hops[graph.classOf[goal] as number] as number;
  return {
    direct: decideEither(graph, start, goal),
    farthest: farthestOf(graph, reachedBy(graph, { hops }, start), start <= goal),
    shortest: Number.isFinite(shortest) ? shortest : null,
  };
}

/** Puts a group to those that go the same way, whatever their release. */
function join(groups: Map<string, PlanGroup>, group: PlanGroup): void {
  const key = keyOf(group);
  const known = groups.get(key);
  if (!known) {
    groups.set(key, group);
    return;
  }
  known.releases.push(...group.releases.filter((release) => !known.releases.includes(release)));
  // Not spread: a call takes only so many arguments.
  for (const host of group.hosts) known.hosts.push(host);
}

function keyOf({ way, profiles, target, hops, why }: PlanGroup): string {
  return JSON.stringify([way, profiles, target, hops, why]);
}

function inOrder(group: PlanGroup, position: ReadonlyMap<string, number>): PlanGroup {
  const releases = [...group.releases].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
  return { ...group, releases };
}

function countOf(groups: readonly PlanGroup[], way: PlanGroup['way']): number {
  return groups.filter((group) => group.way === way).reduce((sum, { hosts }) => sum + hosts.length, 0);
}

function describeUnknown(
  unknown: ReadonlyMap<string, string[]>,
  { nearest }: FleetRequest,
): UnknownRelease[] {
  return [...unknown]
    .sort(([a, one], [b, other]) => other.length - one.length || byCodeUnit(a, b))
    .map(([release, hosts], at) => ({
      release,
      hosts,
      nearest: at < NEAREST_SHOWN ? nearest(release) : [],
    }));
}
