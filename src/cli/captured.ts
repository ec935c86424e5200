import { existsSync } from 'node:fs';
import type { CaptureOptions } from '../capture/capture.ts';
import type { Evidence } from '../capture/together.ts';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { askingOf } from './asking.ts';
import type { Io, OptionValues } from './command.ts';
import { explainLocator } from './series.ts';

/**
 * What some locators are captured as: one document for each kernel. A build and whatever else is of the same upstream
 * release are one kernel; beside a build a locator may also be a capture document or a release of the catalog.
 */
export async function captureLocators(
  locators: readonly string[],
  given: CaptureOptions,
  { options, io }: { options: OptionValues; io: Io },
): Promise<CaptureDocument[]> {
  const settings = { ...given, lend: (release: string) => lent(release, { options, io }) };
  const [only = ''] = locators;
  if (locators.length < 2) {
    const { capture } = await import('../capture/capture.ts');
    return [await explainLocator(only, capture(only, settings))];
  }
  const { captureTogether, groupEvidence } = await import('../capture/together.ts');
  const evidence: Evidence[] = [];
  for (const locator of locators) {
    evidence.push(await explainLocator(locator, openEvidence(locator, settings, { options, io })));
  }
  const groups = groupEvidence(evidence);
  if (groups.length > 1 && settings.release !== undefined) {
    throw new ToolError('USAGE', `--release names one kernel, and these are ${groups.length}`);
  }
  const documents: CaptureDocument[] = [];
  for (const group of groups) documents.push(await captureTogether(group, settings));
  return documents;
}

/** The catalog's capture of a release, for a build that comes without its source. */
async function lent(
  release: string,
  { options, io }: { options: OptionValues; io: Io },
): Promise<CaptureDocument | undefined> {
  const { openCatalog } = await import('./catalog-file.ts');
  const catalog = await openCatalog(options, io);
  try {
    return catalog.document(release);
  } finally {
    catalog.close();
  }
}

async function openEvidence(
  locator: string,
  settings: CaptureOptions,
  { options, io }: { options: OptionValues; io: Io },
): Promise<Evidence> {
  if (existsSync(locator) && !locator.endsWith('.json')) {
    const { openKernelSource } = await import('../capture/open.ts');
    return openKernelSource(locator, settings);
  }
  const { openCatalog } = await import('./catalog-file.ts');
  const { resolveKernel } = await import('../ask/kernels/resolve.ts');
  const catalog = await openCatalog(options, io);
  try {
    return (await resolveKernel({ locator }, { catalog, ...askingOf(io) })).document();
  } finally {
    catalog.close();
  }
}
