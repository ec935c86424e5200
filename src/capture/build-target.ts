import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { BuildFacts } from '../sources/build-facts.ts';

/** Page size options of arch/arm64/Kconfig. */
const ARM64_PAGES: readonly (readonly [option: string, target: Target])[] = [
  ['CONFIG_ARM64_4K_PAGES', 'arm64-4k'],
  ['CONFIG_ARM64_16K_PAGES', 'arm64-16k'],
  ['CONFIG_ARM64_64K_PAGES', 'arm64-64k'],
];

/**
 * The targets that a build may be: one, where its machine and configuration say it; every one of the architecture, or
 * all, where they do not. Empty for a machine that KHO is not built for.
 */
export function targetsOfBuild({ machine, config }: Pick<BuildFacts, 'config' | 'machine'>): Target[] {
  const values = config?.values;
  const isArm = machine === 'aarch64' || (machine === undefined && values?.get('CONFIG_ARM64') === 'y');
  const isX86 = machine === 'x86_64' || (machine === undefined && values?.get('CONFIG_X86_64') === 'y');
  if (isX86) return ['x86_64-4k'];
  if (!isArm) return machine === undefined ? [...TARGETS] : [];
  const set = ARM64_PAGES.find(([option]) => values?.get(option) === 'y');
  return set ? [set[1]] : ARM64_PAGES.map(([, target]) => target);
}
