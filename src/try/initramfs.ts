import type { CpioEntry } from '../formats/cpio-encode.ts';
import { encodeCpio } from '../formats/cpio-encode.ts';

/** A kernel that is gone into by kexec. */
export interface NextKernel {
  image: Uint8Array;
  commandLine: string;
}

/**
 * The first root folder of a kernel: the guest program, the payload, and the kernel that comes next with a root folder of
 * its own, and so on.
 */
export function initramfs(
  guest: Uint8Array,
  payload: string,
  [next, ...later]: readonly NextKernel[],
): Buffer {
  const entries: CpioEntry[] = [
    ...['dev', 'proc', 'sys', 'next'].map((path): CpioEntry => ({ kind: 'folder', path })),
    { kind: 'device', path: 'dev/console', major: 5, minor: 1 },
    { kind: 'file', path: 'init', bytes: guest, isExecutable: true },
    { kind: 'file', path: 'payload', bytes: Buffer.from(payload, 'utf8') },
  ];
  if (next) {
    entries.push(
      { kind: 'file', path: 'next/kernel', bytes: next.image },
      { kind: 'file', path: 'next/cmdline', bytes: Buffer.from(next.commandLine, 'utf8') },
      { kind: 'file', path: 'next/initramfs', bytes: initramfs(guest, payload, later) },
    );
  }
  return Buffer.concat(encodeCpio(entries));
}
