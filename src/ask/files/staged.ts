import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { holdSignals } from '../../catalog/hold-signals.ts';
import { makeFolder, unwritable } from '../../catalog/make-folder.ts';
import { each } from '../../work.ts';

/** A file by its name, with its text, which is made when it is asked for. */
type LateFile = readonly [name: string, text: () => string];

/**
 * Writes files of a folder beside those that are there; then they take their place, all of them or none. A request to end
 * is heard between two of them.
 * @throws ToolError FILE_UNWRITABLE
 */
export async function writeTogether(folder: string, files: readonly LateFile[]): Promise<void> {
  const isNew = !existsSync(folder);
  makeFolder(folder);
  const suffix = `.${randomUUID()}.partial`;
  const partial = (name: string): string => join(folder, name) + suffix;
  const undo = (): void => {
    for (const [name] of files) rmSync(partial(name), { force: true });
    if (isNew) rmSync(folder, { recursive: true, force: true });
  };
  const release = holdSignals(undo);
  try {
    for await (const [name, text] of each('writing files', files)) {
      const made = text();
      step(join(folder, name), () => writeFileSync(partial(name), made));
      await setImmediate();
    }
    for (const [name] of files) step(join(folder, name), () => renameSync(partial(name), join(folder, name)));
  } catch (error) {
    undo();
    throw error;
  } finally {
    release();
  }
}

function step(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
