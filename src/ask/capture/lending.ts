import type { Catalog } from '../../catalog/catalog.ts';
import type { Asking } from '../asking.ts';
import type { Environment, OpenCatalogOptions } from '../open-catalog.ts';
import { openCatalog } from '../open-catalog.ts';

/** The catalog that lends what a build does not show of itself; it is opened where one is asked. */
export interface LendingOptions extends Asking {
  /** Which catalog (default: the shipped one). */
  lender?: OpenCatalogOptions | undefined;
  /** Where folders are looked for that are not named. */
  env?: Environment;
}

/** Opens it for as long as something is asked of it. */
export async function inLender<T>(
  { lender, note, env }: LendingOptions,
  ask: (catalog: Catalog) => T,
): Promise<Awaited<T>> {
  const catalog = await openCatalog({ note, ...(env && { env }), ...lender });
  try {
    return await ask(catalog);
  } finally {
    catalog.close();
  }
}
