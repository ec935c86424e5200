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
  options: LendingOptions,
  ask: (catalog: Catalog) => T,
): Promise<Awaited<T>> {
  const lender = new Lender(options);
  try {
    return await lender.ask(ask);
  } finally {
    await lender.close();
  }
}

/** The same for who may ask later, or not at all. */
export class Lender {
  readonly #options: LendingOptions;
  #opening: Promise<Catalog> | undefined;

  constructor(options: LendingOptions) {
    this.#options = options;
  }

  /** Opens it while there is time; what goes wrong is told to who asks. */
  ahead(): void {
    this.#open().catch(() => undefined);
  }

  async ask<T>(question: (catalog: Catalog) => T): Promise<Awaited<T>> {
    return await question(await this.#open());
  }

  async close(): Promise<void> {
    const catalog = await this.#opening?.catch(() => undefined);
    catalog?.close();
  }

  #open(): Promise<Catalog> {
    const { lender, note, env } = this.#options;
    this.#opening ??= openCatalog({ note, ...(env && { env }), ...lender });
    return this.#opening;
  }
}
