import { findRoute } from '../matrix/route.ts';
import { judgesFor, routeGraphSteps } from '../matrix/route-graph.ts';
import { findShimmedRoute } from '../matrix/route-shims.ts';
import type { Profile } from '../model/profile.ts';
import type { RouteOutput } from '../model/route.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { componentIdsOf } from '../verdict/kernel.ts';
import { inSteps, working } from '../work.ts';
import { checkProfile, profileFrom } from './kernels/profiles.ts';
import type { KernelInput } from './kernels/resolve.ts';
import { checkTarget } from './kernels/targets.ts';
import type { WayOptions } from './ways/choice.ts';
import { carriersOn, chooseKernels, limitOf } from './ways/choice.ts';
import { shimsBetween } from './ways/shims.ts';

export interface RouteOptions extends WayOptions {
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** Every hop must be safe backwards as well. */
  rollback?: boolean;
  /** Hops that so many shims in all would make safe count as well. */
  shims?: number | undefined;
}

/**
 * The live updates that lead from one kernel to another by safe pairs alone: fewest hops, then best verdicts, then newest
 * releases. `hops` is null where there is no such way; then `ends` says how far each end gets and what stands between.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, PROFILE_UNKNOWN, COMPONENT_UNKNOWN, RELEASE_TAKEN, TARGET_UNKNOWN,
 *   USAGE for a bad range, TOO_MANY where more kernels are told apart than a graph holds
 */
export function route(from: KernelInput, to: KernelInput, options: RouteOptions): Promise<RouteOutput> {
  return working(options, async () => {
    const { target = TARGETS[0], rollback = false, shims } = options;
    const profile = profileFrom(options.profile);
    const choice = await chooseKernels([from, to], options);
    const [start, goal] = choice.named as [Kernel, Kernel];
    checkTarget(target, [start, goal]);
    const kernels = carriersOn(choice, target, [profile]);
    checkProfile(profile, componentIdsOf(choice.kernels));
    const judges = judgesFor(kernels, [profile], { ...choice.judging, target });
    const graph = await inSteps('ways', kernels.length, routeGraphSteps({ judges, rollback }));
    const ends = { from: start.release, to: goal.release };
    const request = { ...ends, profile: profile.name, target, ...limitOf(options) };
    if (shims === undefined) return findRoute(graph, request);
    const needs = shimsBetween(profile, target, choice.judging);
    return findShimmedRoute(graph, { ...request, most: shims, needs });
  });
}
