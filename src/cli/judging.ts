import type { Catalog } from '../catalog/catalog.ts';
import type { Erratum } from '../model/erratum.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Kernel } from '../verdict/kernel.ts';

/** What verdicts take from a catalog beside the two kernels. */
export interface Judging {
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  erratumApplies(erratum: Erratum, release: string): boolean;
  kernelNamed(release: string): Kernel | undefined;
}

/** Errata and named kernels out of a catalog. Release ranges are read only where there are errata. */
export async function judgingFrom(catalog: Catalog): Promise<Judging> {
  const errata = catalog.errata();
  const { appliesTo } = errata.length > 0 ? await import('../verdict/errata.ts') : { appliesTo: () => false };
  return {
    errata,
    reviews: catalog.reviews(),
    erratumApplies: appliesTo,
    kernelNamed: (release) => catalog.kernel(release),
  };
}
