import { COMPONENTS } from '../components/index.ts';
import { byCodeUnit } from '../model/canonical.ts';

// Which files of a kernel tree a capture may read: those that the components name, the other headers of their folder
// (a new one must be noticed), and the headers that those include.

const HEADER_FOLDERS = [
  'arch/arm64/include/',
  'arch/x86/include/',
  'include/asm-generic/',
  'include/linux/',
  'include/uapi/',
  'include/vdso/',
] as const;

const NAMED_FILES = [
  ...new Set(
    COMPONENTS.flatMap(({ anchor, eras }) => [
      ...anchor.files,
      ...eras.flatMap((era) => [...era.files, ...era.recognizedBy.flatMap(({ files }) => files)]),
    ]),
  ),
];

/** Prefixes of every path that {@link isWanted} accepts, sorted. */
export const WANTED_FOLDERS: readonly string[] = ['Makefile', ...HEADER_FOLDERS, ...NAMED_FILES].sort(
  byCodeUnit,
);

const NAMED = new Set<string>(NAMED_FILES);

/** Whether a capture may read this path of a kernel tree. */
export function isWanted(path: string): boolean {
  if (path === 'Makefile' || NAMED.has(path)) return true;
  return path.endsWith('.h') && HEADER_FOLDERS.some((folder) => path.startsWith(folder));
}

/** The folder whose every declaration a component must cover. */
export const ABI_FOLDER = 'include/linux/kho/abi';

/** A file that every source tree with code has; without it only headers are at hand. */
export const CODE_WITNESS = 'mm/memblock.c';
