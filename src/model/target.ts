/**
 * The four data models that kernels with KHO are built for. All are LP64 and little endian; they differ in
 * PAGE_SIZE alone, which is what the kernel's own headers derive array lengths and tree depths from
 * (arch/x86/include/asm/page_types.h, arch/arm64/Kconfig: ARM64_PAGE_SHIFT).
 */
export const TARGETS = ['x86_64-4k', 'arm64-4k', 'arm64-16k', 'arm64-64k'] as const;

export type Target = (typeof TARGETS)[number];

/** log2 of PAGE_SIZE in bytes. */
export const PAGE_SHIFT: Record<Target, number> = {
  'x86_64-4k': 12,
  'arm64-4k': 12,
  'arm64-16k': 14,
  'arm64-64k': 16,
};

export function isTarget(name: string): name is Target {
  return (TARGETS as readonly string[]).includes(name);
}

/**
 * A fact that depends on the target. `all` where it is the same on every target that was looked at; otherwise one
 * entry a target. A target that has neither entry is unknown.
 */
export interface PerTarget<T> {
  all?: T;
  'x86_64-4k'?: T;
  'arm64-4k'?: T;
  'arm64-16k'?: T;
  'arm64-64k'?: T;
}

/** The value for a target, or undefined where it is not known. */
export function forTarget<T>(fact: PerTarget<T>, target: Target): T | undefined {
  return fact[target] ?? fact.all;
}

/** The targets that all of some kernels were captured for, in the order of TARGETS; one that does not say counts for all. */
export function sharedTargets(kernels: readonly { targets?: readonly Target[] }[]): Target[] {
  return TARGETS.filter((target) => kernels.every(({ targets }) => targets?.includes(target) ?? true));
}

/** Folds one value a target into the stored form: a single `all` where every target has an equal value. */
export function foldTargets<T>(values: ReadonlyMap<Target, T>): PerTarget<T> {
  const distinct = new Set(values.values());
  const [first] = distinct;
  const isSame = () => new Set([...distinct].map((value) => JSON.stringify(value))).size === 1;
  if (values.size === TARGETS.length && first !== undefined && (distinct.size === 1 || isSame()))
    return { all: first };
  const folded: PerTarget<T> = {};
  for (const target of TARGETS) {
    const value = values.get(target);
    if (value !== undefined) folded[target] = value;
  }
  return folded;
}
