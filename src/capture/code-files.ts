import { byCodeUnit } from '../model/canonical.ts';
import type { SourceFiles } from './reader.ts';
import { CODE_FOLDERS, COMPONENT_CODE, isWanted, NAMED_CODE } from './wanted.ts';

/** The files of a kernel in which live-update code is looked for, those first that are its place by custom. */
export function codeFilesOf(files: SourceFiles): string[] {
  const listed = CODE_FOLDERS.flatMap((folder) => files.list?.(folder.replace(/\/$/, '')) ?? []);
  const found = listed.filter((path) => /\.[ch]$/.test(path) && isWanted(path));
  return [...new Set([...NAMED_CODE, ...found.sort(byCodeUnit), ...COMPONENT_CODE])];
}
