// A repository with a small kernel: what the build runs an update of the documents with, so that its code is compiled.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';

/** Makes it in a folder: the commands of such an update. None in a copy of the project without its tests, or without git. */
export async function updateOfSample(folder) {
  if (!existsSync('test/bench/new-kernel.ts')) return [];
  const { repositoryOfOne, updateArgs } = await tsImport('../../test/bench/new-kernel.ts', import.meta.url);
  const { hasProgram } = await tsImport('../../test/formats/kernel-image-fixture.ts', import.meta.url);
  if (!hasProgram('git')) return [];
  return [updateArgs(repositoryOfOne(folder), { versions: 'versions', into: join(folder, 'versions') })];
}
