import { ToolError } from '../errors.ts';
import type { Target } from '../model/target.ts';

/** An emulated machine that a target's kernels are booted on. */
export interface Machine {
  /** As uname names it, and as the guest program is named for it. */
  uname: string;
  program: string;
  /** The Debian package that has the program. */
  package: string;
  /** What is emulated; the plain machine that every kernel has drivers for. */
  options: readonly string[];
  /** The processor that TCG emulates. */
  cpu: string;
  /** The console, from the first line on where the kernel can. */
  console: string;
  /**
   * What else a kernel is told: a machine that has to share its processor fails tests of its timer, and to measure the APIC's
   * takes it a fifth of a second each boot, the length of a delay another twentieth.
   */
  parameters: string;
  /** The driver of that console. */
  consoleOption: string;
}

const MACHINES: Readonly<Record<'arm64' | 'x86_64', Machine>> = {
  x86_64: {
    uname: 'x86_64',
    program: 'qemu-system-x86_64',
    package: 'qemu-system-x86',
    options: ['-machine', 'pc'],
    // With the first two a kernel clears and copies pages by single bytes, which TCG really does one by one; with the others
    // it has a fifth table for each address, and leaves translated code for each copy from or to a process.
    cpu: 'max,-erms,-fsrm,-la57,-smap',
    console: 'console=ttyS0 earlyprintk=ttyS0,115200',
    parameters: 'no_timer_check nolapic_timer lpj=700000',
    consoleOption: 'CONFIG_SERIAL_8250_CONSOLE',
  },
  arm64: {
    uname: 'aarch64',
    program: 'qemu-system-aarch64',
    package: 'qemu-system-arm',
    options: ['-machine', 'virt'],
    cpu: 'max',
    console: 'console=ttyAMA0 earlycon=pl011,0x9000000',
    parameters: '',
    consoleOption: 'CONFIG_SERIAL_AMBA_PL011_CONSOLE',
  },
};

/** The machine of a target. */
export function machineOf(target: Target): Machine {
  return target.startsWith('arm64') ? MACHINES.arm64 : MACHINES.x86_64;
}

/** The target that an image is tried as: its machine's, with the pages that its configuration names. */
export function targetOfImage(
  uname: string | undefined,
  config: ReadonlyMap<string, string> | undefined,
  path: string,
): Target {
  if (uname === 'x86_64') return 'x86_64-4k';
  if (uname === 'aarch64') {
    if (config?.get('CONFIG_ARM64_64K_PAGES') === 'y') return 'arm64-64k';
    return config?.get('CONFIG_ARM64_16K_PAGES') === 'y' ? 'arm64-16k' : 'arm64-4k';
  }
  const what = uname ?? 'a machine that the image does not name';
  throw new ToolError('NOT_A_KERNEL', `${path}: built for ${what}; only x86_64 and arm64 can be tried`);
}
