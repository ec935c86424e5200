import { initParser } from '../cdecl/index.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { CaptureOptions } from './from-source.ts';
import { captureSource } from './from-source.ts';
import { openKernelSource } from './open.ts';

export type { CaptureOptions } from './from-source.ts';
export { captureEvidence } from './from-source.ts';
export { openKernelSource } from './open.ts';

/** Captures the kernel that a locator names: a tree, a release tarball, a package, an image. */
export async function capture(locator: string, options: CaptureOptions = {}): Promise<CaptureDocument> {
  const open = openKernelSource(locator, options);
  // Both take their time; without a cache the parser will be needed.
  if (!options.cache) await Promise.all([open, initParser()]);
  const evidence = await open;
  if (!evidence.build) return captureSource(evidence, options);
  const { captureTogether } = await import('./together.ts');
  return captureTogether([evidence], options);
}
