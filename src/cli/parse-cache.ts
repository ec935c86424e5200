import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CacheOptions, TextStore } from '../capture/parse-cache.ts';
import { packageRoot, packageVersion } from '../schema/package-root.ts';
import type { Io } from './command.ts';
import { writeAtomically } from './formats.ts';

/** The folder of parsed components: below XDG_CACHE_HOME, else ~/.cache. */
export function parseCacheFolder(env: Io['env']): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'luo-abi', 'parse');
}

/**
 * The cache of this build of the program. A bundle's file name holds the hash of its content and of all that it loads;
 * where the program runs from its sources there is no such name and so no cache.
 *
 * @param moduleUrl of the module that captures
 */
export function openParseCache(env: Io['env'], moduleUrl: string): CacheOptions | undefined {
  const bundle = /\/([\w-]+-[A-Z0-9]{8}\.js)$/.exec(moduleUrl)?.[1];
  if (bundle === undefined) return undefined;
  return {
    store: folderStore(parseCacheFolder(env)),
    program: `${packageVersion()} ${bundle} ${schemaHash()}`,
  };
}

/** The documents are checked against it, and that they passed is remembered too. */
function schemaHash(): string {
  const schema = readFileSync(join(packageRoot(), 'schemas', 'capture.schema.json'));
  return createHash('sha256').update(schema).digest('hex');
}

function folderStore(folder: string): TextStore {
  return {
    read(name) {
      try {
        return readFileSync(join(folder, name), 'utf8');
      } catch {
        return undefined;
      }
    },
    write(name, text) {
      try {
        mkdirSync(folder, { recursive: true });
        writeAtomically(join(folder, name), text);
      } catch {
        // A cache that cannot be written costs time and nothing else.
      }
    },
  };
}
