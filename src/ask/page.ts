import type { Catalog } from '../catalog/catalog.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';

export interface PageOptions extends Asking {
  catalog: Catalog;
}

/** The report's page about the kernels of a catalog, as one HTML file; seconds during which nothing else happens. */
export function page(options: PageOptions): Promise<string> {
  return working(options, async () => {
    const { catalogPageData } = await import('../page/data/catalog-page.ts');
    const { pageTemplate } = await import('../page/template.ts');
    const { renderPage } = await import('../report/site/page-html.ts');
    return renderPage(await catalogPageData(options.catalog), await pageTemplate());
  });
}
