import type { Catalog } from '../catalog/catalog.ts';

export interface PageOptions {
  catalog: Catalog;
}

/** The report's page about the kernels of a catalog, as one HTML file; seconds during which nothing else happens. */
export async function page({ catalog }: PageOptions): Promise<string> {
  const { catalogPageData } = await import('../page/data/catalog-page.ts');
  const { pageTemplate } = await import('../page/template.ts');
  const { renderPage } = await import('../report/site/page-html.ts');
  return renderPage(await catalogPageData(catalog), await pageTemplate());
}
