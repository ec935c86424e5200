import { computeReach } from '../matrix/reach.ts';
import { judgesFor, routeGraphSteps } from '../matrix/route-graph.ts';
import type { Profile } from '../model/profile.ts';
import type { ReachOutput } from '../model/route.ts';
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

export interface ReachOptions extends WayOptions {
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Default: `x86_64-4k`. */
  target?: Target;
}

/**
 * All that can be reached from a kernel by safe pairs, and all from which one can go back to it: what
 * `luo-abi reach --format json` prints.
 * @throws ToolError as `route`
 */
export function reach(from: KernelInput, options: ReachOptions): Promise<ReachOutput> {
  return working(options, async () => {
    const { target = TARGETS[0] } = options;
    const profile = profileFrom(options.profile);
    const choice = await chooseKernels([from], options);
    const [{ release }] = choice.named as [Kernel];
    checkTarget(target, choice.named);
    const kernels = carriersOn(choice, target, [profile]);
    checkProfile(profile, componentIdsOf(choice.kernels));
    const judges = judgesFor(kernels, [profile], { ...choice.judging, target });
    const graph = await inSteps('ways', kernels.length, routeGraphSteps({ judges, rollback: false }));
    return computeReach(graph, { release, profile: profile.name, target, ...limitOf(options) });
  });
}
