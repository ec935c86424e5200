import { driftOf } from '../diff/drift.ts';
import type { DriftOutput } from '../model/outputs.ts';
import type { DiffOptions } from './diff.ts';
import { diff } from './diff.ts';
import type { KernelInput } from './kernels/resolve.ts';

/**
 * What a build made of its base: switched off, changed, not compared; what `luo-abi diff --drift --format json` prints.
 * @throws ToolError as `diff`
 */
export async function drift(
  base: KernelInput,
  build: KernelInput,
  options: DiffOptions,
): Promise<DriftOutput> {
  return driftOf(await diff(base, build, options));
}
