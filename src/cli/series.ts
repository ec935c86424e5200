import { existsSync } from 'node:fs';
import { writeAtomically } from '../ask/files/write.ts';
import type { CaptureOptions } from '../capture/capture.ts';
import type { SeriesCapture } from '../capture/overlay-from.ts';
import { ToolError, withContext } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { validate } from '../schema/validate.ts';
import type { PatchSeries } from '../sources/patch-series.ts';
import { askingOf } from './asking.ts';
import type { Io, OptionValues } from './command.ts';

// `capture SERIES --on LOCATOR`: the overlay that a patch series makes of a kernel.

export interface SeriesRequest extends CaptureOptions {
  /** What the series applies to: a path of a source, or what names a kernel of the catalog. */
  on: string;
  options: OptionValues;
  io: Io;
}

/** Writes or prints the overlay of one series; the exit code. */
export async function captureSeries(locators: readonly string[], request: SeriesRequest): Promise<number> {
  const [locator = '', other] = locators;
  if (other !== undefined) throw new ToolError('USAGE', '--on takes one patch series; give one locator');
  const { readPatchSeries } = await import('../sources/patch-series.ts');
  const series = await readPatchSeries(locator);
  const captured = await captureOn(series, request).catch((error: unknown) => {
    throw withContext(series.name, error);
  });
  const { overlay } = captured;
  validate<OverlayDocument>('overlay', overlay, overlay.release);
  const { output } = request.options;
  if (typeof output === 'string') writeAtomically(output, canonicalJson(overlay));
  else request.io.out(canonicalJson(overlay));
  tell(series, captured, request.io);
  return 0;
}

/** A source gives files; a document or a release of the catalog gives facts alone. */
async function captureOn(series: PatchSeries, request: SeriesRequest): Promise<SeriesCapture> {
  const { on, options, io, ...settings } = request;
  const { captureSeriesOnFacts, captureSeriesOnFiles } = await import('../capture/overlay-from.ts');
  if (existsSync(on) && !on.endsWith('.json')) return captureSeriesOnFiles(series, on, settings);
  const { openCatalog } = await import('./catalog-file.ts');
  const { resolveKernel } = await import('../ask/kernels/resolve.ts');
  const catalog = await openCatalog(options, io);
  try {
    const { document } = await resolveKernel({ locator: on }, { catalog, ...askingOf(io) });
    return await captureSeriesOnFacts(series, document(), settings);
  } finally {
    catalog.close();
  }
}

function tell(series: PatchSeries, { overlay, findings, passedOver }: SeriesCapture, io: Io): void {
  const count = series.patches.length;
  const what = `${count} ${count === 1 ? 'patch' : 'patches'} on ${overlay.base}`;
  io.note(`luo-abi: ${overlay.release}: ${what}: ${effectOf(series, overlay)}`);
  for (const path of passedOver) {
    io.note(
      `luo-abi: ${path}: not in ${overlay.base}, which holds headers alone; what the series does to it is left out`,
    );
  }
  for (const { code, message, where } of findings) {
    io.note(`luo-abi: ${code}: ${message}${where === undefined ? '' : ` (${where})`}`);
  }
}

function effectOf(
  { patches }: PatchSeries,
  { components = {}, removed = [], provenance }: OverlayDocument,
): string {
  const changed = Object.keys(components);
  const parts = [
    ...(changed.length > 0 ? [`changes ${changed.join(', ')}`] : []),
    ...(removed.length > 0 ? [`removes ${removed.join(', ')}`] : []),
  ];
  if (parts.length > 0) return parts.join('; ');
  const files = new Set(patches.flatMap((patch) => patch.files.map(({ path }) => path)));
  const isRead =
    provenance.files.length > 0 ? '' : `; none of its ${files.size} files is one that a capture reads`;
  return `changes no component${isRead}`;
}

/** What a capture gives; where it fails on a patch series, the error says what such a one needs. */
export async function explainLocator<T>(locator: string, captured: Promise<T>): Promise<T> {
  try {
    return await captured;
  } catch (error) {
    const isStrange = error instanceof ToolError && ['NOT_A_KERNEL', 'SOURCE_UNKNOWN'].includes(error.code);
    if (!isStrange) throw error;
    const { isPatchSeries } = await import('../sources/patch-series.ts');
    if (!(await isPatchSeries(locator))) throw error;
    throw new ToolError('USAGE', `${locator}: a patch series; name the kernel that it applies to with --on`);
  }
}
