import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheOptions, TextStore } from '../../capture/parse-cache.ts';
import { makeFolder } from '../../catalog/make-folder.ts';
import { userFolder } from '../../catalog/user-folder.ts';
import { packageRoot, packageVersion } from '../../schema/package-root.ts';
import type { Environment } from '../open-catalog.ts';
import { writeAtomically } from './write.ts';

/** The folder of parsed components: below XDG_CACHE_HOME, else ~/.cache; undefined without a home. */
export function parseCacheFolder(env: Environment): string | undefined {
  const cache = userFolder('XDG_CACHE_HOME', env);
  return cache && join(cache, 'parse');
}

/**
 * The cache of this build of the program. A bundle's file name holds the hash of its content and of all that it loads;
 * where the program runs from its sources there is no such name and so no cache.
 *
 * @param moduleUrl of the module that captures
 */
export function openParseCache(env: Environment, moduleUrl: string): CacheOptions | undefined {
  const bundle = /\/([\w-]+-[\w-]{8}\.js)$/.exec(moduleUrl)?.[1];
  const folder = parseCacheFolder(env);
  if (bundle === undefined || folder === undefined) return undefined;
  let program: string | undefined;
  return {
    store: folderStore(folder),
    /** Made when it is asked for: the hash takes as long as much of a short command. */
    get program() {
      program ??= `${packageVersion()} ${bundle} ${schemaHash()}`;
      return program;
    },
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
        makeFolder(folder);
        writeAtomically(join(folder, name), text);
      } catch {
        // A cache that cannot be written costs time and nothing else.
      }
    },
  };
}
