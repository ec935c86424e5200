import { execFile } from 'node:child_process';
import type { Catalog } from '../catalog/catalog.ts';

/** Bytes of a page that are taken from another process. */
const PAGE_LIMIT = 256 << 20;

/** The report's page about the kernels of a catalog, made here and now: seconds during which nothing else happens. */
export async function pageOf(catalog: Catalog): Promise<string> {
  const { catalogPageData } = await import('../page/data/catalog-page.ts');
  const { pageTemplate } = await import('../page/template.ts');
  const { renderPage } = await import('../report/site/page-html.ts');
  return renderPage(await catalogPageData(catalog), await pageTemplate());
}

/** Another process that makes a page. */
export interface Aside {
  /** How this program is run: node, its options, the file. */
  program: readonly string[];
  /** Ends it. */
  signal: AbortSignal;
}

/** The same, made by a process of its own, so that a server answers meanwhile; here where that one fails. */
export async function pageMadeAside(catalog: Catalog, { program, signal }: Aside): Promise<string> {
  const [node = '', ...args] = program;
  const command = [...args, 'serve', '--page', '--catalog', catalog.path];
  const html = await new Promise<string | undefined>((resolve) => {
    execFile(node, command, { maxBuffer: PAGE_LIMIT, encoding: 'utf8', signal }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
  signal.throwIfAborted();
  return html ?? pageOf(catalog);
}
