import type { Catalog } from '../../catalog/catalog.ts';
import { judgingFrom } from '../../catalog/judging.ts';
import { ownEvidence } from '../../catalog/own-kernel.ts';
import { RULES } from '../../diff/rules/index.ts';
import type { PageDocument } from '../../model/page.ts';
import { inSteps } from '../../work.ts';
import type { PageSource } from './page-data.ts';
import { pageSteps } from './page-data.ts';

/** All kernels of a catalog as the page is made from them. A transcribed overlay counts as a series that was posted. */
export async function pageSource(catalog: Catalog): Promise<PageSource> {
  const overlays = catalog.overlays().filter(({ origin }) => origin === 'transcribed');
  return {
    ...(await judgingFrom(catalog)),
    heads: catalog.heads(),
    kernels: catalog.allKernels(),
    series: new Set(overlays.map(({ release }) => release)),
    evidence: ownEvidence(catalog.evidence(), catalog),
    commits: catalog.commits().flatMap(({ commits }) => commits),
    rules: RULES.map(({ id, impact, level, summary }) => ({ id, impact, level, summary })),
  };
}

/** The data of the page for a catalog, as `serve` and `report` embed it. */
export async function catalogPageData(catalog: Catalog): Promise<PageDocument> {
  const source = await pageSource(catalog);
  return inSteps('matrices', 0, pageSteps(source));
}
