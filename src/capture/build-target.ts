import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { isX86, targetsOfConfig } from '../model/target-options.ts';
import type { BuildFacts } from '../sources/build-facts.ts';

/**
 * The targets that a build may be: one, where its machine and configuration say it; every one of the architecture, or
 * all, where they do not. Empty for a machine that KHO is not built for.
 */
export function targetsOfBuild({ machine, config }: Pick<BuildFacts, 'config' | 'machine'>): Target[] {
  const possible = config ? targetsOfConfig(config.values) : [...TARGETS];
  if (machine === undefined) return possible;
  if (machine === 'x86_64') return TARGETS.filter(isX86);
  if (machine !== 'aarch64') return [];
  const arm = possible.filter((target) => !isX86(target));
  return arm.length > 0 ? arm : TARGETS.filter((target) => !isX86(target));
}
