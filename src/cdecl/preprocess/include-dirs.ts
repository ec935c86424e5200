import type { Target } from '../../model/target.ts';

/**
 * The search path of a kernel's own files (Makefile: LINUXINCLUDE). `…/asm-generic` stands for the wrappers that a
 * build generates for `asm/` headers which the architecture lacks (scripts/Makefile.asm-headers).
 */
export function kernelIncludeDirs(target: Target): string[] {
  const arch = target.startsWith('x86') ? 'x86' : 'arm64';
  return [
    `arch/${arch}/include`,
    'include',
    `arch/${arch}/include/uapi`,
    'include/uapi',
    'include/asm-generic',
    'include/uapi/asm-generic',
  ];
}
