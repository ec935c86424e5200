import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { openKernelSource } from '../../capture/open.ts';
import type { TreeEvidence } from '../../sources/index.ts';
import { isUnpacked } from '../../sources/unpacking.ts';
import { together } from '../../work.ts';

/** A kernel that is to be booted, on its way: another process unpacks an image while the rest is loaded and looked at. */
export interface Staged {
  locators: readonly string[];
  /** Its builds, where it is a file: an image, packages of one build. Undefined for a capture document or a release. */
  builds: Promise<TreeEvidence[]> | undefined;
  /** Settles when another process is at work, or nothing is left to do. */
  begun: Promise<unknown>;
}

/** Begins to open the kernel that is to be booted. What goes wrong is told to who awaits the builds. */
export function stage(locators: readonly string[]): Staged {
  const builds = opening(locators);
  return { locators, builds, begun: isUnpacked(builds ?? Promise.resolve()) };
}

function opening(locators: readonly string[]): Promise<TreeEvidence[]> | undefined {
  const [only = ''] = locators;
  if (locators.length === 1 && (!existsSync(only) || only.endsWith('.json'))) return undefined;
  const paths = locators.length === 1 ? [only, ...configBeside(only)] : locators;
  return together(paths.map((path) => openKernelSource(path)));
}

/** The configuration that distributions install beside an image. */
function configBeside(image: string): string[] {
  const [folder, name] = [dirname(image), basename(image)];
  const candidates = [
    join(folder, name.replace(/^(?:vmlinuz|bzImage|Image)/, 'config')),
    join(folder, 'config'),
  ];
  return candidates.filter((path) => path !== image && existsSync(path)).slice(0, 1);
}
