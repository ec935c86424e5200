import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ComponentDefinition } from '../model/component-definition.ts';
import { readComponentFile } from './component-file.ts';
import { packageRoot } from './package-root.ts';
import { readTextFile } from './validate.ts';

const FOLDER = join(packageRoot(), 'src/components');

/**
 * The components that come with the program, sorted by id. In dist/ another module stands in this one's place
 * (src/dev/bundle-components.mjs), which reads what this one gives from one file: no program that a user runs reads these.
 */
export function readBuiltIn(): ComponentDefinition[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => {
      const path = join(FOLDER, name);
      return readComponentFile(readTextFile(path), path);
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
