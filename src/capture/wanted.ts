import { drawn } from '../components/index.ts';
import { byCodeUnit } from '../model/canonical.ts';

// Which files of a kernel tree a capture may read: those that the components name, the other headers of their folder
// (a new one must be noticed), and the headers that those include.

// Folders without those below them: what the ABI headers include lies directly in one of these.
const HEADER_FOLDERS = [
  'arch/arm64/include/asm/',
  'arch/arm64/include/uapi/asm/',
  'arch/x86/include/asm/',
  'arch/x86/include/uapi/asm/',
  'include/asm-generic/',
  'include/uapi/asm-generic/',
  'include/vdso/',
] as const;

/** With those below it: an ABI header may move to any folder of it. */
const DEEP_HEADERS = ['include/linux/', 'include/uapi/linux/'] as const;

/** Where live-update code lies beside the files that the components name. */
export const NAMED_CODE = [
  'include/linux/kho/abi/kexec_handover.h',
  'include/linux/kho/abi/luo.h',
  'include/linux/kexec_handover.h',
  'include/linux/kho_block.h',
  'include/linux/kho_radix_tree.h',
  'include/linux/liveupdate.h',
  'kernel/liveupdate/kexec_handover_internal.h',
  'kernel/liveupdate/luo_internal.h',
  'kernel/kexec_handover_internal.h',
  'drivers/of/fdt.c',
  'drivers/of/kexec.c',
  'arch/x86/kernel/kexec-bzimage64.c',
  'arch/x86/kernel/setup.c',
] as const;

/** Folders that code may have moved to: there every file counts, or those that bear a name of it. */
export const CODE_FOLDERS = ['kernel/liveupdate/', 'mm/liveupdate/'] as const;

/** Where the options of live update are declared, beside Kconfig files in the code's own folders. */
export const KCONFIG_FILES = ['init/Kconfig', 'kernel/Kconfig.kexec', 'mm/Kconfig'] as const;

/** Files beside code of live update that are of it by their names. */
const NAMED_BESIDE = /^mm\/memfd_luo\w*\.[ch]$/;

/** Where the rest of the kernel calls live update. */
export const CALLING_FILES = [
  'arch/x86/boot/compressed/kaslr.c',
  'arch/x86/kernel/e820.c',
  'arch/x86/kernel/kexec-bzimage64.c',
  'arch/x86/realmode/init.c',
  'drivers/firmware/efi/efi-init.c',
  'kernel/kexec_core.c',
  'kernel/kexec_file.c',
  'kernel/reboot.c',
  'mm/mm_init.c',
] as const;

/** Code that files are made by, which may have their handlers registered. */
export const BESIDE_HANDLERS = ['mm/memfd.c', 'mm/shmem.c'] as const;

const BUILD_FILES = [
  ...KCONFIG_FILES,
  'Kconfig',
  'arch/arm64/Kconfig',
  'arch/x86/Kconfig',
  'fs/Kconfig',
  'kernel/Makefile',
  'mm/Makefile',
];

const componentFiles = drawn((all) =>
  all.flatMap(({ anchor, eras }) => [
    ...anchor.files,
    ...eras.flatMap((era) => [...era.files, ...era.recognizedBy.flatMap(({ files }) => files)]),
  ]),
);

/** Where some component's code lies or once lay. */
export const componentCode = drawn((): readonly string[] => [
  ...new Set(componentFiles().filter((path) => path.endsWith('.c'))),
]);

const namedFiles = drawn(
  (): ReadonlySet<string> =>
    new Set([...NAMED_CODE, ...CALLING_FILES, ...BESIDE_HANDLERS, ...BUILD_FILES, ...componentFiles()]),
);

/** The folder whose every declaration a component must cover. */
export const ABI_FOLDER = 'include/linux/kho/abi';

/** Folders whose files are looked through for what moved: which there are decides what is found. */
export const listedFolders = drawn((): readonly string[] => [
  ABI_FOLDER,
  ...CODE_FOLDERS.map((folder) => folder.replace(/\/$/, '')),
  ...new Set(
    [...namedFiles()]
      .filter((path) => /^arch\/.*\.h$/.test(path))
      .map((path) => path.replace(/\/[^/]*$/, '')),
  ),
]);

/** Prefixes of every path that {@link isWanted} accepts, sorted. */
export const wantedFolders = drawn((): readonly string[] =>
  ['Makefile', ...HEADER_FOLDERS, ...DEEP_HEADERS, ...CODE_FOLDERS, 'mm/memfd_luo', ...namedFiles()].sort(
    byCodeUnit,
  ),
);

/** Whether a file lies where nothing but the code of KHO and LUO lies. */
export function isLiveUpdateCode(path: string): boolean {
  return CODE_FOLDERS.some((start) => path.startsWith(start));
}

/** Whether a capture may read this path of a kernel tree. */
export function isWanted(path: string): boolean {
  if (path === 'Makefile' || namedFiles().has(path) || NAMED_BESIDE.test(path)) return true;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  if (/\.[ch]$|\/(?:Kconfig|Makefile)$/.test(path) && isLiveUpdateCode(path)) return true;
  const isHeader = path.endsWith('.h');
  return (
    isHeader &&
    (DEEP_HEADERS.some((start) => path.startsWith(start)) ||
      (HEADER_FOLDERS as readonly string[]).includes(folder))
  );
}

/** A file that every source tree with code has; without it only headers are at hand. */
export const CODE_WITNESS = 'mm/memblock.c';

/** Files that are about live update alone: a name that stands in one of them is no other thing's. */
export const MAY_DECLARE =
  /^include\/linux\/kho\/|\/liveupdate\/|\/(?:kho_|kexec_handover|liveupdate|memfd_luo)/;
