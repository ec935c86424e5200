import type { Catalog } from './catalog.ts';
import type { CatalogContent } from './documents.ts';

/** All that a catalog holds, in the form that another one is built from. */
export function contentOf(catalog: Catalog): Required<CatalogContent> {
  const overlays = catalog.overlays();
  const resolved = new Set(overlays.map(({ release }) => release));
  return {
    documents: catalog
      .kernels()
      .flatMap(({ release }) => (resolved.has(release) ? [] : (catalog.document(release) ?? []))),
    overlays,
    errata: catalog.errata(),
    reviews: catalog.reviews(),
    evidence: catalog.evidence(),
    commits: catalog.commits(),
    stamp: catalog.madeFrom(),
  };
}
