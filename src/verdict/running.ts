import type { Booted } from '../model/boot-switch.ts';
import { bootSwitch } from '../model/boot-switch.ts';
import type { Kernel } from './kernel.ts';

// What a machine runs with, whatever a profile needs: LUO hands over data whenever it runs, and a reader that panics on it ends
// the boot of a machine that holds no session.

/** The boot parameters of all that a kernel has and that is not known to be switched off (capture/booted.ts takes that out). */
export function mayRunWith({ components }: Kernel): string[] {
  const there = [...components.values()].filter(({ facts }) => facts.available !== 'no');
  return [...new Set(there.flatMap(({ facts }) => facts.boot ?? []))].sort();
}

/** The boot parameters that a command line surely gives. */
export function runsWith(kernel: Kernel, booted: Booted): string[] {
  const known = { ...booted, khoByDefault: kernel.khoByDefault };
  return mayRunWith(kernel).filter((boot) => bootSwitch(boot, known)?.state === 'on');
}
