import type { CaptureDocument } from '../model/capture.ts';
import { isUnpacked } from '../sources/unpacking.ts';
import type { CaptureOptions } from './from-source.ts';
import { openKernelSource } from './open.ts';

export type { CaptureOptions } from './from-source.ts';

/** Captures the kernel that a locator names: a tree, a release tarball, a package, an image. */
export async function capture(locator: string, options: CaptureOptions = {}): Promise<CaptureDocument> {
  // What reads C is not loaded for an image, and what reads images not for a tree.
  const opening = openKernelSource(locator, options);
  if (await isUnpacked(opening)) {
    void forBuilds();
    options.ahead?.();
  }
  const evidence = await opening;
  if (!evidence.build) return (await import('./from-source.ts')).captureSource(evidence, options);
  return (await forBuilds()).captureTogether([evidence], options);
}

const forBuilds = () => import('./together.ts');
