import { byCodeUnit } from '../model/canonical.ts';
import type { SourceFiles } from './reading.ts';
import { CODE_FOLDERS, componentCode, isWanted, NAMED_CODE } from './wanted.ts';

/** The files of a kernel in which live-update code is looked for, those first that are its place by custom. */
export function codeFilesOf(files: SourceFiles): string[] {
  const listed = CODE_FOLDERS.flatMap((folder) => files.list?.(folder.replace(/\/$/, '')) ?? []);
  const found = listed.filter((path) => /\.[ch]$/.test(path) && isWanted(path));
  return [...new Set([...NAMED_CODE, ...found.sort(byCodeUnit), ...componentCode()])];
}

/** Files of which only a part is about live update, and what that part is called. */
const SHARED_FILES = /^(?:mm\/memblock\.c|drivers\/of\/|arch\/)/;
const SHARED_NAMES = /kho|reserved?_mem|addr_size/;

/** Whether a function of a file is about live update: of some files only a part is. */
export function isLiveUpdateCode(file: string, name: string): boolean {
  return !SHARED_FILES.test(file) || SHARED_NAMES.test(name);
}
