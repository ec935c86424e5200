import { COMPONENTS } from '../components/index.ts';
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
  'include/linux/',
  'include/linux/kho/abi/',
  'include/uapi/asm-generic/',
  'include/uapi/linux/',
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
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return path.endsWith('.h') && (HEADER_FOLDERS as readonly string[]).includes(folder);
}

/** The folder whose every declaration a component must cover. */
export const ABI_FOLDER = 'include/linux/kho/abi';

/** A file that every source tree with code has; without it only headers are at hand. */
export const CODE_WITNESS = 'mm/memblock.c';
