import { ToolError } from '../../errors.ts';
import type { Target } from '../../model/target.ts';
import { sharedTargets, TARGETS } from '../../model/target.ts';

/** What is asked of a kernel here: without `targets` it is known for all of them. */
interface Built {
  release: string;
  targets?: readonly Target[];
}

/**
 * The target on which kernels are compared: the one that is asked for, else the first that all of them were captured for.
 * @throws ToolError TARGET_UNKNOWN where there is none
 */
export function sharedTarget(asked: Target | undefined, kernels: readonly Built[]): Target {
  const [shared] = sharedTargets(kernels);
  if (shared === undefined) {
    const sides = kernels.map(
      ({ release, targets = TARGETS }) => `${release} is built for ${targets.join(', ')}`,
    );
    throw new ToolError('TARGET_UNKNOWN', `${sides.join(', and ')}: nothing is carried between them`);
  }
  if (asked === undefined) return shared;
  checkTarget(asked, kernels);
  return asked;
}

/**
 * The target must be one that each of the kernels was captured for: facts of another would be missing, not different.
 * @throws ToolError TARGET_UNKNOWN
 */
export function checkTarget(target: Target, kernels: readonly Built[]): void {
  const without = kernels.find(({ targets }) => targets !== undefined && !targets.includes(target));
  if (without === undefined) return;
  const known = without.targets?.join(', ') ?? 'none';
  throw new ToolError('TARGET_UNKNOWN', `${target}: ${without.release} was captured for ${known} only`);
}
