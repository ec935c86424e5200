import type { Catalog } from './catalog.ts';

/** The dates of a catalog's kernels by release, YYYY-MM-DD; null where a document has none. */
export function dateLookup(catalog: Catalog): (release: string) => string | null {
  const dates = new Map(catalog.kernels().map(({ release, date }) => [release, date]));
  return (release) => dates.get(release) ?? null;
}
