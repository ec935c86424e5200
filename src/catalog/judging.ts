import type { Erratum } from '../model/erratum.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Catalog } from './catalog.ts';

/** What verdicts take from a catalog beside the two kernels. */
export interface Judging {
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  erratumApplies(erratum: Erratum, release: string): boolean;
  kernelNamed(release: string): Kernel | undefined;
}

/**
 * Errata, reviews and named kernels out of a catalog. Release ranges are read only for kernels that the catalog does not
 * know: for its own it has the answer.
 */
export async function judgingFrom(catalog: Catalog, strangers: readonly string[] = []): Promise<Judging> {
  const errata = catalog.errata();
  const { appliesTo } =
    strangers.length > 0 ? await import('../verdict/errata.ts') : { appliesTo: () => false };
  return {
    errata,
    reviews: catalog.reviews(),
    erratumApplies: (erratum, release) =>
      catalog.hasErratum(erratum.id, release) || (strangers.includes(release) && appliesTo(erratum, release)),
    kernelNamed: (release) => catalog.kernel(release),
  };
}
