import type { Target } from './target.ts';
import { PAGE_SHIFT, TARGETS } from './target.ts';

// The options that a target settles, whatever else a configuration says. From arch/Kconfig (PAGE_SIZE_…, PAGE_SHIFT,
// HAVE_PAGE_SIZE_…), arch/x86/Kconfig (X86…, 64BIT), arch/arm64/Kconfig (ARM64…), mm/Kconfig (MMU and the widths of
// addresses). What is listed for one target alone is not set on the others.

/** Set on all targets. */
const ALWAYS: readonly string[] = [
  '64BIT',
  'ARCH_DMA_ADDR_T_64BIT',
  'MMU',
  'PAGE_SIZE_LESS_THAN_256KB',
  'PHYS_ADDR_T_64BIT',
];

const BY_ARCH = {
  x86: ['X86', 'X86_64'],
  arm64: ['ARM64', 'CPU_LITTLE_ENDIAN'],
} as const;

/** By log2 of the page size. */
const BY_PAGE: Readonly<Record<number, readonly string[]>> = {
  12: ['PAGE_SIZE_4KB', 'HAVE_PAGE_SIZE_4KB', 'PAGE_SIZE_LESS_THAN_64KB'],
  14: ['PAGE_SIZE_16KB', 'HAVE_PAGE_SIZE_16KB', 'PAGE_SIZE_LESS_THAN_64KB'],
  16: ['PAGE_SIZE_64KB', 'HAVE_PAGE_SIZE_64KB'],
};

/** The page size as arm64 asks for it. */
const ARM64_PAGES: Readonly<Record<number, string>> = {
  12: 'ARM64_4K_PAGES',
  14: 'ARM64_16K_PAGES',
  16: 'ARM64_64K_PAGES',
};

/** Options of page sizes and machines that no target has. */
const NEVER: readonly string[] = [
  '32BIT',
  'ALPHA',
  'ARC',
  'ARM',
  'CPU_BIG_ENDIAN',
  'HEXAGON',
  'HIGHMEM',
  'LOONGARCH',
  'M68K',
  'MIPS',
  'PAGE_SIZE_256KB',
  'PAGE_SIZE_32KB',
  'PAGE_SIZE_8KB',
  'PARISC',
  'PPC',
  'PPC64',
  'RISCV',
  'S390',
  'SPARC',
  'SPARC64',
  'UML',
  'X86_32',
  'X86_PAE',
  'X86_X32_ABI',
];

export function isX86(target: Target): boolean {
  return target.startsWith('x86');
}

/** The options that are set on a target, without `CONFIG_`. */
export function optionsOfTarget(target: Target): string[] {
  const shift = PAGE_SHIFT[target];
  const own = isX86(target)
    ? BY_ARCH.x86
    : [...BY_ARCH.arm64, ...(ARM64_PAGES[shift] ? [ARM64_PAGES[shift]] : [])];
  return [...ALWAYS, ...own, ...(BY_PAGE[shift] ?? [])];
}

/** Options that differ between architectures, and between page sizes; with `CONFIG_`. */
export const ARCH_OPTIONS: ReadonlySet<string> = withPrefix([
  ...BY_ARCH.x86,
  ...BY_ARCH.arm64,
  ...Object.values(ARM64_PAGES),
]);
export const PAGE_OPTIONS: ReadonlySet<string> = withPrefix([
  ...Object.values(ARM64_PAGES),
  ...Object.values(BY_PAGE).flat(),
]);

const SETTLED: ReadonlySet<string> = new Set([
  ...withPrefix([...ALWAYS, ...NEVER]),
  ...ARCH_OPTIONS,
  ...PAGE_OPTIONS,
  'CONFIG_PAGE_SHIFT',
  'CONFIG_ARM64_PAGE_SHIFT',
]);

function withPrefix(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => `CONFIG_${name}`));
}

/** Whether every target settles an option, on or off. */
export function isSettledByTarget(option: string): boolean {
  return SETTLED.has(option);
}

/** The targets that a configuration can be of: it has set what tells them apart; all where it says nothing of it. */
export function targetsOfConfig(config: ReadonlyMap<string, string>): Target[] {
  const isOn = (name: string): boolean => config.get(`CONFIG_${name}`) === 'y';
  if (isOn('X86_64')) return TARGETS.filter(isX86);
  const arm = TARGETS.filter((target) => !isX86(target));
  const page = arm.filter((target) => isOn(ARM64_PAGES[PAGE_SHIFT[target]] ?? ''));
  if (page.length > 0) return page;
  return isOn('ARM64') ? arm : [...TARGETS];
}
