import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { SiteFile } from '../report/site/files.ts';
import { each, working } from '../work.ts';
import type { Asking } from './asking.ts';
import { writeTogether } from './files/staged.ts';

export interface ReportOptions extends Asking {
  /**
   * Two machines make the same report of the shipped documents: open it with `evidence: null`, so that what their users tested
   * by themselves is not in it.
   */
  catalog: Catalog;
}

/**
 * The page with the matrix, and the matrices, findings, classes and markers as files beside it, as `luo-abi report` writes
 * them: their names, and their texts, which are made when they are asked for.
 */
export function report(options: ReportOptions): Promise<readonly SiteFile[]> {
  return working(options, async () => {
    const { catalogPageData } = await import('../page/data/catalog-page.ts');
    const { siteData } = await import('../page/data/site-data.ts');
    const { pageTemplate } = await import('../page/template.ts');
    const { siteFiles } = await import('../report/site/files.ts');
    return siteFiles(siteData(await catalogPageData(options.catalog)), await pageTemplate());
  });
}

/**
 * Writes a report into a folder: all files beside those that are there, then all of them into place. The names.
 * @throws ToolError FILE_UNWRITABLE
 */
export function writeReport(folder: string, options: ReportOptions): Promise<string[]> {
  return working(options, async () => {
    const files = await report(options);
    await writeTogether(folder, files);
    for (const name of leftOver(folder, files)) rmSync(join(folder, name));
    return files.map(([name]) => name);
  });
}

/** The files of a folder that are not what would be written now. */
export function staleReport(folder: string, options: ReportOptions): Promise<string[]> {
  return working(options, async () => {
    const files = await report(options);
    const stale: string[] = [];
    for await (const [name, text] of each('comparing files', files)) {
      if (textOf(join(folder, name)) !== text()) stale.push(name);
    }
    return [...stale, ...leftOver(folder, files)];
  });
}

/** Matrices of profiles or targets that are no more. */
function leftOver(folder: string, files: readonly SiteFile[]): string[] {
  const known = new Set(files.map(([name]) => name));
  const own = /^matrix-.+\.(csv|json|md|svg)$/;
  return existsSync(folder) ? readdirSync(folder).filter((name) => own.test(name) && !known.has(name)) : [];
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
