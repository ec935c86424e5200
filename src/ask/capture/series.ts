import { existsSync } from 'node:fs';
import type { CaptureOptions } from '../../capture/capture.ts';
import type { SeriesCapture } from '../../capture/overlay-from.ts';
import { withContext } from '../../errors.ts';
import type { OverlayDocument } from '../../model/overlay.ts';
import { validate } from '../../schema/validate.ts';
import type { PatchSeries } from '../../sources/patch-series.ts';
import { resolveKernel } from '../kernels/resolve.ts';
import type { LendingOptions } from './lending.ts';
import { inLender } from './lending.ts';

// The overlay that a patch series makes of a kernel.

/** The overlay of one series, with remarks on what it does and what was left out. */
export async function overlayOfSeries(
  locator: string,
  on: string,
  { settings, lending }: { settings: CaptureOptions; lending: LendingOptions },
): Promise<{ overlay: OverlayDocument; notes: string[] }> {
  const { readPatchSeries } = await import('../../sources/patch-series.ts');
  const series = await readPatchSeries(locator);
  const captured = await captureOn(series, on, settings, lending).catch((error: unknown) => {
    throw withContext(series.name, error);
  });
  const { overlay } = captured;
  validate<OverlayDocument>('overlay', overlay, overlay.release);
  return { overlay, notes: notesOf(series, captured) };
}

/** A source gives files; a document or a release of the catalog gives facts alone. */
async function captureOn(
  series: PatchSeries,
  on: string,
  settings: CaptureOptions,
  lending: LendingOptions,
): Promise<SeriesCapture> {
  const { captureSeriesOnFacts, captureSeriesOnFiles } = await import('../../capture/overlay-from.ts');
  if (existsSync(on) && !on.endsWith('.json')) return captureSeriesOnFiles(series, on, settings);
  return inLender(lending, async (catalog) => {
    const { document } = await resolveKernel({ locator: on }, { ...lending, catalog });
    return captureSeriesOnFacts(series, document(), settings);
  });
}

function notesOf(series: PatchSeries, { overlay, findings, passedOver }: SeriesCapture): string[] {
  const count = series.patches.length;
  const what = `${count} ${count === 1 ? 'patch' : 'patches'} on ${overlay.base}`;
  return [
    `${overlay.release}: ${what}: ${effectOf(series, overlay)}`,
    ...passedOver.map(
      (path) =>
        `${path}: not in ${overlay.base}, which holds headers alone; what the series does to it is left out`,
    ),
    ...findings.map(
      ({ code, message, where }) => `${code}: ${message}${where === undefined ? '' : ` (${where})`}`,
    ),
  ];
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
