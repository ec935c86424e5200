import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { openSource } from '../../src/sources/index.ts';
import { kernelEntries } from '../formats/archives.ts';

/** What the tests want of the made-up kernel: little of it. */
export const WANTED = {
  wanted: (path: string) => /^(arch\/x86\/include|include\/linux|kernel\/liveupdate)\//.test(path),
  folders: ['arch/x86/include/', 'include/linux/', 'kernel/liveupdate/'],
};

/** The wanted paths of the made-up kernel, sorted. */
export const WANTED_PATHS = kernelEntries('')
  .map((entry) => entry.path)
  .filter(WANTED.wanted);

/** A folder that goes away with the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'luo-abi-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file below a temporary folder, and its folders; gives its path. */
export function writeBelow(folder: string, path: string, bytes: string | Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return full;
}

/** Opens bytes as a file of that name. */
export function openBytes(
  context: TestContext,
  name: string,
  bytes: Uint8Array,
  options: Parameters<typeof openSource>[1] = WANTED,
) {
  return openSource(writeBelow(temporaryFolder(context), name, bytes), options);
}
