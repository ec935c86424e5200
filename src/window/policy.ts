import { levelOf } from '../matrix/gate-rules.ts';
import type { KnownKernels, SelectedPair } from '../matrix/gate-selection.ts';
import { selectedReleases, selectPairs } from '../matrix/gate-selection.ts';
import { PAIR_CLASSES } from '../matrix/pair-classes.ts';
import type { GateProblem } from '../model/gate.ts';
import type { PairClass } from '../model/outputs.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Profile } from '../model/profile.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import { TARGETS } from '../model/target.ts';
import type { DemandedFormat, TargetWindow } from '../model/window.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Judging } from './formats.ts';
import type { Demand } from './reach.ts';
import { demandsOn } from './reach.ts';
import type { WindowInput } from './window.ts';
import { Window } from './window.ts';

// The window of a policy: that of its key `window`, or without one the pairs that it checks.

export interface PolicyWindowInput {
  policy: PolicyDocument;
  /** The policy's profiles, in its order. */
  profiles: readonly Profile[];
  known: KnownKernels;
  kernelOf(release: string): Kernel | undefined;
  judging: Judging;
  dateOf(release: string): string | null;
  hosts?: ReadonlyMap<string, number> | null;
}

/** What each kernel of a policy must read, on each of its targets. */
export function policyWindows(input: PolicyWindowInput): TargetWindow[] {
  const { policy, known } = input;
  return policy.window ? keyedWindows(input) : pairWindows(input, selectPairs(policy, known).pairs);
}

/** The class of the policy's window; null where its pairs are the window. */
export function policyReach({ window }: PolicyDocument): PairClass | null {
  return window?.class ?? null;
}

function keyedWindows(input: PolicyWindowInput): TargetWindow[] {
  const { policy, known } = input;
  const { class: reach, both = false } = policy.window as NonNullable<PolicyDocument['window']>;
  const readers = heldReleases(policy, known);
  const chosen = selectedReleases(policy, known);
  const upstream = known.releases.filter((release) => parseReleaseName(release)?.vendor === null);
  const writers = [...new Set([...(chosen.length > 0 ? chosen : upstream), ...readers])];
  return windowsOf(input, {
    readers,
    others: [...writers, ...upstream],
    reach,
    demandsOn: (release) => demandsOn(release, writers, { class: reach, both }),
  });
}

/**
 * The kernels that the key `window` holds to it: those that it names, else the files of the policy, else the newest release
 * that is known.
 */
export function heldReleases(policy: PolicyDocument, known: KnownKernels): string[] {
  const named = policy.window?.kernels ?? policy.kernels?.files ?? [];
  const releases = named.flatMap((name) => known.named.get(name) ?? []);
  if (named.length > 0) return [...new Set(releases)];
  const upstream = known.releases.filter((release) => parseReleaseName(release)?.vendor === null);
  return [...upstream].sort(compareReleases).slice(-1);
}

function pairWindows(input: PolicyWindowInput, pairs: readonly SelectedPair[]): TargetWindow[] {
  const classes = input.policy.pairs.classes ?? [];
  const readers = [...new Set(pairs.map(({ incoming }) => incoming))].sort(compareReleases);
  return windowsOf(input, {
    readers,
    others: pairs.map(({ outgoing }) => outgoing),
    reach: PAIR_CLASSES.findLast((name) => classes.includes(name)) ?? null,
    demandsOn: (release) =>
      pairs.flatMap(({ outgoing, incoming, ...rest }): Demand[] =>
        incoming === release && outgoing !== release ? [{ outgoing, ...rest }] : [],
      ),
  });
}

interface Selection extends Pick<WindowInput, 'demandsOn' | 'reach'> {
  readers: readonly string[];
  /** Kernels beside the readers. */
  others: readonly string[];
}

function windowsOf(input: PolicyWindowInput, { readers, others, ...rest }: Selection): TargetWindow[] {
  const { policy, profiles, kernelOf, judging, dateOf, hosts = null } = input;
  const releases = [...new Set([...readers, ...others])].sort(compareReleases);
  return (policy.targets ?? [TARGETS[0]]).map((target): TargetWindow => {
    const kernels = releases.flatMap((release) => {
      const kernel = kernelOf(release);
      return kernel && (kernel.targets?.includes(target) ?? true) ? [kernel] : [];
    });
    const window = new Window({
      ...rest,
      kernels,
      profiles,
      target,
      judging,
      dateOf,
      hosts,
      isTold: () => true,
    });
    const there = readers.filter((reader) => kernels.some(({ release }) => release === reader));
    return { target, releases: there.map((release) => window.of(release)) };
  });
}

/**
 * What the gate says of the key `window`: an error for each format that a kernel drops although it is inside the window, a
 * warning for one that was missing before. None without the key.
 */
export function windowProblems(input: PolicyWindowInput): GateProblem[] {
  const { policy, known } = input;
  if (!policy.window) return [];
  const used = new Set<number>();
  const windows = policyWindows(input);
  const found = windows.flatMap(({ target, releases }) =>
    releases.flatMap(({ release, mustRead }) =>
      mustRead
        .filter((format) => format.state !== 'read' && !isGivenUp(policy, format, used))
        .map((format) => problemOf(policy, { format, place: `${release} on ${target}`, release })),
    ),
  );
  const unresolved = (policy.window.kernels ?? []).filter((name) => known.named.get(name) === undefined);
  return [
    ...unresolved.map((name) =>
      problem('capture-missing', `window.kernels: ${name}: no capture of this kernel is known`),
    ),
    ...windows.flatMap((window) => notHeld(input, window)),
    ...found,
    ...unusedDrops(policy, used),
  ];
}

/** Kernels that the key holds to the window and that nothing could be held against: never a shorter list. */
function notHeld({ policy, known }: PolicyWindowInput, { target, releases }: TargetWindow): GateProblem[] {
  return heldReleases(policy, known).flatMap((release) => {
    const own = releases.find((window) => window.release === release);
    if (!own) return [problem('capture-missing', `window: ${release} is not captured for ${target}`)];
    if (own.demands > 0) return [];
    const words = `window: no kernel is known that ${release} must read; is its name that of a release?`;
    return [problem('selection-empty', words)];
  });
}

function problemOf(
  policy: PolicyDocument,
  { format, place, release }: { format: DemandedFormat; place: string; release: string },
): GateProblem {
  const { id, state, counts, droppedBy, writers, fallsOut, why } = format;
  const isUnknown = state === 'unknown';
  const isFailing = counts && (isUnknown ? policy.unknown !== 'allow' : droppedBy === release);
  const verb = isUnknown ? 'is not known to read' : droppedBy === release ? 'drops' : 'does not read';
  const since = droppedBy !== null && droppedBy !== release ? ` (since ${droppedBy})` : '';
  const users = `written by ${writers.slice(-3).join(', ')}${writers.length > 3 ? ' and older ones' : ''}`;
  const message = `${place} ${verb} ${id}, which is inside the window${since}: ${users}; ${fallsOut.words}${why === null ? '' : `; ${why}`}`;
  return problem(isFailing ? 'format-dropped' : 'format-missing', message);
}

function isGivenUp(
  { window }: PolicyDocument,
  { component, marker }: DemandedFormat,
  used: Set<number>,
): boolean {
  const at = (window?.drops ?? []).findIndex(
    (drop) => drop.component === component && drop.marker === marker,
  );
  if (at >= 0) used.add(at);
  return at >= 0;
}

function unusedDrops(
  { window, unusedWaivers = 'warn' }: PolicyDocument,
  used: ReadonlySet<number>,
): GateProblem[] {
  return (window?.drops ?? []).flatMap(({ component, marker }, at) => {
    if (used.has(at)) return [];
    const message = `window.drops.${at}: ${component} ${marker} is read, or is not inside the window`;
    const level = unusedWaivers === 'fail' ? ('error' as const) : levelOf('waiver-unused');
    return [{ ...problem('waiver-unused', message), level }];
  });
}

function problem(rule: Parameters<typeof levelOf>[0], message: string): GateProblem {
  return { rule, level: levelOf(rule), message, line: null };
}
