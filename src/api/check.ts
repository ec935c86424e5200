import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { evidenceAbout } from '../catalog/own-kernel.ts';
import type { CheckOutput } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { sharedTargets, TARGETS } from '../model/target.ts';
import { agreementOf } from '../verdict/agreement.ts';
import { withComparedLayouts } from '../verdict/compared-layouts.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import type { KernelInput } from './kernels.ts';
import { checkCovered, kernelFrom, profileFrom, strangersAmong } from './kernels.ts';

export interface CheckOptions {
  catalog: Catalog;
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Default: `x86_64-4k`. */
  target?: Target;
  /** Judge the rollback as well. */
  both?: boolean;
}

/**
 * The verdict of an ordered pair: can a machine that runs `outgoing` be live-updated to `incoming` without losing or corrupting
 * the state of the profile? What `luo-abi check --format json` prints.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, PROFILE_UNKNOWN, TARGET_UNKNOWN
 */
export async function check(
  outgoing: KernelInput,
  incoming: KernelInput,
  options: CheckOptions,
): Promise<CheckOutput> {
  const { catalog, both = false } = options;
  const profile = profileFrom(options.profile);
  const kernels = [kernelFrom(outgoing, catalog), kernelFrom(incoming, catalog)] as const;
  const target = options.target ?? sharedTargets(kernels)[0] ?? TARGETS[0];
  checkCovered(target, kernels);
  const judging = await judgingFrom(catalog, strangersAmong(kernels, catalog));
  const judge = (from: Kernel, to: Kernel): CheckOutput => {
    const sides = { outgoing: from, incoming: to };
    const pair = judgePair({ ...judging, ...sides, acrossTargets: true, tellsKinds: true, profile, target });
    const evidence = agreementOf(pair, evidenceAbout(sides, catalog));
    return { ...withComparedLayouts(pair, sides), evidence };
  };
  const forward = judge(...kernels);
  return both ? { ...forward, rollback: judge(kernels[1], kernels[0]) } : forward;
}
