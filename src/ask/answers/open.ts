import type { Catalog } from '../../catalog/catalog.ts';
import { judgingFrom } from '../../catalog/judging.ts';
import { ownEvidence } from '../../catalog/own-kernel.ts';
import { KnownKernels } from './known-kernels.ts';
import { PairAnswers } from './pair-answers.ts';

/** What answers the same questions again and again over one catalog: each kernel is read once, each distinct pair judged once. */
export interface KeptAnswers {
  kernels: KnownKernels;
  pairs: PairAnswers;
}

/** Opens them over a catalog, which must not change meanwhile. */
export async function openAnswers(catalog: Catalog): Promise<KeptAnswers> {
  const judging = await judgingFrom(catalog);
  const kernels = new KnownKernels(catalog, judging);
  return { kernels, pairs: new PairAnswers(kernels, judging, ownEvidence(catalog.evidence(), catalog)) };
}
