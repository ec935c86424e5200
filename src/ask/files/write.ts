import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { holdSignals } from '../../catalog/hold-signals.ts';
import { makeFolder, unwritable } from '../../catalog/make-folder.ts';
import { ToolError } from '../../errors.ts';
import { batched } from './batches.ts';

/** Writes a file whole or not at all. */
export function writeAtomically(path: string, text: string): void {
  const partial = `${path}.${randomUUID()}.partial`;
  const isWhole = holdSignals();
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial);
    throw unwritable(path, cause);
  } finally {
    isWhole();
  }
}

/** The same for a text that comes in pieces. A request to end leaves nothing of it. */
export async function streamFile(path: string, chunks: Iterable<string>): Promise<void> {
  const partial = `${path}.${randomUUID()}.partial`;
  const isWhole = holdSignals(() => rmSync(partial, { force: true }));
  try {
    const file = openSync(partial, 'wx');
    try {
      for await (const text of batched(chunks)) writeSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    throw cause instanceof ToolError ? cause : unwritable(path, cause);
  } finally {
    isWhole();
  }
}

/** Makes a folder, with those above it, where it is missing. @throws ToolError FILE_UNWRITABLE */
export const makeFolderFor: (folder: string) => void = makeFolder;

/** Makes the folder that files are put into. @throws ToolError FILE_UNWRITABLE */
export function makeOutputFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}
