import type { Profile } from '../model/profile.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { PairDecision } from '../model/route.ts';
import { isCarried } from '../verdict/closure.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { NOTES } from '../verdict/walk.ts';
import { groupByKey, partitionSteps } from './equivalence.ts';
import { checkClasses } from './limits.ts';
import type { MatrixInput } from './matrix.ts';
import { PairJudge } from './matrix.ts';
import type { ClassGraph, Grade } from './route-search.ts';
import type { Steps } from './steps.ts';
import { atOnce } from './steps.ts';
import { VerdictTable } from './verdict-table.ts';

/** Judges the pairs of some kernels for one profile or several: a pair is what its worst profile says. */
export interface RouteJudge {
  profile: string;
  judge: PairJudge;
}

export interface RouteGraphInput {
  /** At least one; all were made for the same kernels, oldest first. */
  judges: readonly RouteJudge[];
  /** A hop counts as safe only where its way back is safe as well; it is then as good as the worse of the two. */
  rollback: boolean;
  /** Whether a kernel may be on the way; every one may where it is not said. Any may be a start or a goal. */
  isOnWay?(release: string): boolean;
}

/** The safe hops between kernels. */
export interface RouteGraph extends ClassGraph, RouteGraphInput {
  /** Oldest first. */
  kernels: readonly Kernel[];
  positionOf(release: string): number | undefined;
}

/**
 * Whether a kernel has all that some of the profiles require. One that lacks a part of each can be on no way: what it is to
 * hand over it neither writes nor takes.
 */
export function isCarrier(kernel: Kernel, profiles: readonly Profile[]): boolean {
  return profiles.some((profile) => isCarried(profile, kernel));
}

/** A judge for each profile; they share what was found out about components. */
export function judgesFor(
  kernels: readonly Kernel[],
  profiles: readonly Profile[],
  input: Omit<MatrixInput, 'kernels' | 'profile'>,
): RouteJudge[] {
  const table = new VerdictTable(kernels, profiles, input);
  return profiles.map((profile, at) => ({
    profile: profile.name,
    judge: new PairJudge(kernels, { ...input, profile }, { table, profile: at }),
  }));
}

/** Kernels that no pair tells apart are looked at once. @throws ToolError TOO_MANY where too many are told apart */
export function buildRouteGraph(input: RouteGraphInput): RouteGraph {
  return atOnce(routeGraphSteps(input));
}

/** The same in steps: each outgoing kernel that is told apart one, and about as many behind them. */
export function* routeGraphSteps(input: RouteGraphInput): Steps<RouteGraph> {
  const { judges } = input;
  const kernels = judges[0]?.judge.kernels ?? [];
  const twins = groupByKey(kernels.map((kernel) => judges.map(({ judge }) => judge.keyOf(kernel)).join('|')));
  checkClasses(twins.length, 'take fewer with `releases`');
  const rows: Uint8Array[] = [];
  for (const [first = 0] of twins) {
    rows.push(ranksOf(judges, kernels[first] as Kernel));
    yield;
  }
  const gradeBetween = (outgoing: number, incoming: number): Grade => {
    const forward = rankAt(rows, twins, { outgoing, incoming });
    const back = input.rollback ? rankAt(rows, twins, { outgoing: incoming, incoming: outgoing }) : forward;
    return Math.max(0, Math.min(forward, back) - NOTES + 1) as Grade;
  };
  const classes = yield* partitionSteps(twins.length, gradeBetween);
  const order = preferredFirst(kernels);
  const preference = invert(order);
  const classOf = kernels.map(() => 0);
  const members = classes.map((groups, number) => {
    const positions = groups.flatMap((group) => twins[group] ?? []);
    for (const at of positions) classOf[at] = number;
    return positions
      .filter((at) => input.isOnWay?.((kernels[at] as Kernel).release) ?? true)
      .sort((a, b) => (preference[a] as number) - (preference[b] as number));
  });
  const grades = classes.map(([from = 0]) => classes.map(([to = 0]) => gradeBetween(from, to)));
  const positions = new Map(kernels.map(({ release }, position) => [release, position]));
  return {
    ...input,
    kernels,
    classOf,
    members,
    preference,
    gradeOf: (outgoing, incoming) => grades[outgoing]?.[incoming] ?? 0,
    positionOf: (release) => positions.get(release),
  };
}

/** The worst rank of any profile, by position of the incoming kernel. No pair is safe where the outgoing one lacks a part. */
function ranksOf(judges: readonly RouteJudge[], outgoing: Kernel): Uint8Array {
  const isWhole = judges.every(({ judge }) => isCarrier(outgoing, [judge.profile]));
  if (!isWhole) return new Uint8Array(judges[0]?.judge.kernels.length ?? 0);
  const [first, ...others] = judges.map(({ judge }) => judge.ranks(outgoing));
  if (!first) throw new RangeError('a route needs a profile');
  for (const ranks of others) {
    for (const [at, rank] of ranks.entries()) first[at] = Math.min(first[at] as number, rank);
  }
  return first;
}

function rankAt(
  rows: readonly Uint8Array[],
  twins: readonly number[][],
  { outgoing, incoming }: { outgoing: number; incoming: number },
): number {
  return rows[outgoing]?.[twins[incoming]?.[0] ?? 0] ?? 0;
}

/** Positions in the order of preference: upstream's own releases before those that somebody changed, the newest first. */
function preferredFirst(kernels: readonly Kernel[]): number[] {
  const isChanged = kernels.map(({ release }) => Number(parseReleaseName(release)?.vendor !== null));
  return [...kernels.keys()].sort((a, b) => {
    const newest = compareReleases((kernels[b] as Kernel).release, (kernels[a] as Kernel).release);
    return (isChanged[a] as number) - (isChanged[b] as number) || newest;
  });
}

function invert(order: readonly number[]): number[] {
  const places = order.map(() => 0);
  for (const [place, position] of order.entries()) places[position] = place;
  return places;
}

/** What a pair comes to under the profile that has the worst verdict; of equals, under the first. */
export function decide({ kernels, judges }: RouteGraph, outgoing: number, incoming: number): PairDecision {
  const [from, to] = [kernels[outgoing] as Kernel, kernels[incoming] as Kernel];
  const [only] = judges;
  if (judges.length === 1 && only) return { ...only.judge.judge(from, to) };
  const ranks = judges.map(({ judge }) => judge.ranks(from)[incoming] as number);
  const { profile, judge } = judges[ranks.indexOf(Math.min(...ranks))] as RouteJudge;
  return { ...judge.judge(from, to), profile };
}

/** Whether a verdict is one that a route may use. */
export function isSafe({ verdict }: Pick<PairDecision, 'verdict'>): boolean {
  return verdict === 'compatible' || verdict === 'compatible-with-notes';
}
