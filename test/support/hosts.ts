import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/schema/package-root.ts';

const FOLDER = join(packageRoot(), 'test/fixtures/hosts');

/** Real hosts whose files are recorded, by what was updated to what. */
export const HOSTS = readdirSync(FOLDER).filter((name) => name !== 'README.md');

/** A file or folder of a recorded host: its name, its state (started, loaded, updated, finished), a path below. */
export function hostPath(...parts: string[]): string {
  return join(FOLDER, ...parts);
}
