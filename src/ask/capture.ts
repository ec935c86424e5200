import type { CaptureOptions } from '../capture/capture.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import type { SourceKind } from '../sources/index.ts';
import type { Asker } from '../work.ts';
import { working } from '../work.ts';
import { checkedText } from './capture/checked-text.ts';
import { configFrom } from './capture/config.ts';
import type { LendingOptions } from './capture/lending.ts';
import { remarksOn } from './capture/remarks.ts';
import { openParseCache } from './files/parse-cache.ts';
import { showReading } from './files/reading.ts';

export type { CaptureOptions } from '../capture/capture.ts';

/** How kernels are captured. */
export interface CaptureRequest extends LendingOptions {
  /** The kernel's name, where the source does not say it. */
  release?: string | undefined;
  /** The path of the build's configuration; without it, what can be built is told. */
  config?: string | undefined;
  /** What the locators are (default: recognized). */
  source?: SourceKind | undefined;
  /** Parses everything, whatever earlier captures left in the cache. */
  noCache?: boolean;
}

/** A captured kernel. */
export interface CapturedKernel {
  document: CaptureDocument;
  /** The document's file. */
  text: string;
  /** What its readers must know. */
  remarks: string[];
}

/**
 * The document of a kernel: a tree, a tarball, a package, an image, BTF, a configuration, `REPO#REV`, `host`. Nothing is
 * kept, and nothing is asked but the source.
 * @throws ToolError NOT_A_KERNEL, SOURCE_UNKNOWN, and as the sources
 */
export function capture(
  locator: string,
  { progress, signal, ...settings }: CaptureOptions & Asker = {},
): Promise<CaptureDocument> {
  return working({ progress, signal }, async () => {
    const { capture: captureOne } = await import('../capture/capture.ts');
    return showReading(progress, () => captureOne(locator, settings));
  });
}

/**
 * The documents of kernels: what is given of one kernel together becomes one, several kernels become several. What
 * `luo-abi capture` prints.
 *
 * @param locators trees, tarballs, packages, images, BTF, configurations, `REPO#REV`, `host`; beside a build also a capture
 *   document or a release of the catalog
 * @throws ToolError NOT_A_KERNEL, SOURCE_UNKNOWN, USAGE for one name of several kernels, and as the sources
 */
export function captureKernels(
  locators: readonly string[],
  request: CaptureRequest = {},
): Promise<CapturedKernel[]> {
  return working(request, async () => {
    const settings = settingsOf(request);
    const { captureLocators } = await import('./capture/together.ts');
    const documents = await showReading(request.progress, () => captureLocators(locators, settings, request));
    return documents.map((document) => ({
      document,
      text: checkedText(document, settings.cache),
      remarks: remarksOn(document),
    }));
  });
}

/**
 * The overlay that a patch series makes of a kernel: what `luo-abi capture --on` prints.
 *
 * @param locator an mbox or a folder of patches
 * @param on what it applies to: a source, or a release of the catalog where the series creates new files alone
 * @throws ToolError PATCH_CONFLICT, NOT_A_KERNEL, and as the sources
 */
export function captureSeries(
  locator: string,
  on: string,
  request: CaptureRequest = {},
): Promise<{ overlay: OverlayDocument; notes: string[] }> {
  return working(request, async () => {
    const { overlayOfSeries } = await import('./capture/series.ts');
    return overlayOfSeries(locator, on, { settings: settingsOf(request), lending: request });
  });
}

/** What captures take, with the cache of this build of the program. */
export function settingsOf(request: CaptureRequest): CaptureOptions {
  const { release, config, source, noCache = false, env = {} } = request;
  const cache = noCache ? undefined : openParseCache(env, import.meta.url);
  return {
    ...(release !== undefined && { release }),
    ...(config !== undefined && { config: configFrom(config) }),
    ...(source !== undefined && { source }),
    ...(cache && { cache }),
  };
}
