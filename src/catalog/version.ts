/** The version of catalogs that this program writes and reads: how many steps there are (`migrations.ts`). */
export const CATALOG_VERSION = 6;
