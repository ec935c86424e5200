import { spawnSync } from 'node:child_process';
import { ToolError } from '../errors.ts';
import type { Target } from '../model/target.ts';

/** What a kernel of a target is built with. */
export interface Toolchain {
  /** The architecture as the kernel's Makefile names it. */
  arch: 'arm64' | 'x86';
  /** What is made, in arch/ARCH/boot. */
  image: 'Image' | 'bzImage';
  /** CROSS_COMPILE: what the names of the compiler and of its like begin with; empty for the machine that this is. */
  prefix: string;
  /** Lines of the configuration by which the kernel has the pages of the target. */
  options: readonly string[];
}

/** The target of this machine's own kernels. */
export function ownTarget(): Target {
  return process.arch === 'arm64' ? 'arm64-4k' : 'x86_64-4k';
}

/** Debian's names of a compiler for another machine than its own, and of the tools beside it. */
const CROSS = {
  arm64: { prefix: 'aarch64-linux-gnu-', package: 'aarch64-linux-gnu' },
  x86: { prefix: 'x86_64-linux-gnu-', package: 'x86-64-linux-gnu' },
};

const PAGES: Readonly<Record<Target, readonly string[]>> = {
  'x86_64-4k': [],
  'arm64-4k': [],
  'arm64-16k': ['# CONFIG_ARM64_4K_PAGES is not set', 'CONFIG_ARM64_16K_PAGES=y'],
  'arm64-64k': ['# CONFIG_ARM64_4K_PAGES is not set', 'CONFIG_ARM64_64K_PAGES=y'],
};

export function toolchainOf(target: Target): Toolchain {
  const arch = archOf(target);
  const prefix = arch === archOf(ownTarget()) ? '' : CROSS[arch].prefix;
  return { arch, image: arch === 'arm64' ? 'Image' : 'bzImage', prefix, options: PAGES[target] };
}

function archOf(target: Target): Toolchain['arch'] {
  return target.startsWith('arm64') ? 'arm64' : 'x86';
}

/** The kernel's own tools are built with gcc whatever the kernel is for. */
const TOOLS: readonly (readonly [program: string, debian: string])[] = [
  ['make', 'make'],
  ['gcc', 'gcc'],
  ['ld', 'binutils'],
  ['flex', 'flex'],
  ['bison', 'bison'],
  ['bc', 'bc'],
  ['setsid', 'util-linux'],
];

/** @throws ToolError BUILD_TOOLS_MISSING, with the packages that have what is missing */
export function checkTools({ arch, prefix }: Toolchain): void {
  const cross = CROSS[arch].package;
  const compiler: typeof TOOLS =
    prefix === ''
      ? []
      : [
          [`${prefix}gcc`, `gcc-${cross}`],
          [`${prefix}ld`, `binutils-${cross}`],
        ];
  // An Image is not packed, a bzImage is.
  const packer: typeof TOOLS = arch === 'x86' ? [['lz4', 'lz4']] : [];
  const missing = [...TOOLS, ...packer, ...compiler].filter(
    ([program]) => spawnSync(program, ['--version']).error !== undefined,
  );
  if (missing.length === 0) return;
  const names = missing.map(([program]) => program).join(', ');
  const packages = missing.map(([, debian]) => debian).join(' ');
  throw new ToolError(
    'BUILD_TOOLS_MISSING',
    `no ${names}; apt-get install ${packages} libelf-dev libssl-dev dwarves`,
  );
}
