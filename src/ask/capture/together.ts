import { existsSync } from 'node:fs';
import type { CaptureOptions } from '../../capture/capture.ts';
import type { Evidence } from '../../capture/together.ts';
import { ToolError } from '../../errors.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import { resolveKernel } from '../kernels/resolve.ts';
import { explainLocator } from './explain-locator.ts';
import type { LendingOptions } from './lending.ts';
import { inLender, Lender } from './lending.ts';

/**
 * What some locators are captured as: one document for each kernel. A build and whatever else is of the same upstream
 * release are one kernel; beside a build a locator may also be a capture document or a release of the catalog.
 */
export async function captureLocators(
  locators: readonly string[],
  given: CaptureOptions,
  lending: LendingOptions,
): Promise<CaptureDocument[]> {
  const lender = new Lender(lending);
  const settings = {
    ...given,
    lend: (release: string) => lender.ask((catalog) => catalog.document(release)),
    ahead: () => lender.ahead(),
  };
  try {
    return await captureWith(locators, settings, lending);
  } finally {
    await lender.close();
  }
}

async function captureWith(
  locators: readonly string[],
  settings: CaptureOptions,
  lending: LendingOptions,
): Promise<CaptureDocument[]> {
  const [only = ''] = locators;
  if (locators.length < 2) {
    const { capture } = await import('../../capture/capture.ts');
    return [await explainLocator(only, capture(only, settings))];
  }
  const { captureTogether, groupEvidence } = await import('../../capture/together.ts');
  const evidence: Evidence[] = [];
  for (const locator of locators) {
    evidence.push(await explainLocator(locator, openEvidence(locator, settings, lending)));
  }
  const groups = groupEvidence(evidence);
  if (groups.length > 1 && settings.release !== undefined) {
    throw new ToolError('USAGE', `\`release\` names one kernel, and these are ${groups.length}`);
  }
  const documents: CaptureDocument[] = [];
  for (const group of groups) documents.push(await captureTogether(group, settings));
  return documents;
}

async function openEvidence(
  locator: string,
  settings: CaptureOptions,
  lending: LendingOptions,
): Promise<Evidence> {
  if (existsSync(locator) && !locator.endsWith('.json')) {
    const { openKernelSource } = await import('../../capture/open.ts');
    return openKernelSource(locator, settings);
  }
  return inLender(lending, async (catalog) =>
    (await resolveKernel({ locator }, { ...lending, catalog })).document(),
  );
}
