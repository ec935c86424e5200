import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ToolError } from '../errors.ts';

/**
 * Makes a folder, with those above it, where it is missing. Step by step: Node's own `recursive` never comes back where a
 * file system answers "no such file" below a folder that is there, as /proc does.
 * @throws ToolError FILE_UNWRITABLE
 */
export function makeFolder(folder: string): void {
  try {
    makeMissing(resolve(folder));
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

function makeMissing(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeMissing(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been first.
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What a file or folder that cannot be written is told as, with the system's own reason. */
export function unwritable(path: string, cause: unknown): ToolError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new ToolError('FILE_UNWRITABLE', `${path}: cannot be written (${reason})`, { path, cause });
}
