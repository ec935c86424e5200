import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../errors.ts';

let found: string | undefined;

/** The folder that holds this package's schemas/ and versions/, from sources and from a build alike. */
export function packageRoot(): string {
  found ??= findRoot(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'schemas'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new ToolError('INTERNAL', 'the folder of luo-abi with schemas/ cannot be found');
  return findRoot(parent);
}

/** This package's own version. */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
