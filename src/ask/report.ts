import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { makeFolder } from '../catalog/make-folder.ts';
import type { SiteFile } from '../report/site/files.ts';
import type { Asking } from './asking.ts';
import { checkNotStopped } from './asking.ts';
import { StagedFiles } from './files/staged.ts';

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
export async function report({ catalog }: ReportOptions): Promise<readonly SiteFile[]> {
  const { catalogPageData } = await import('../page/data/catalog-page.ts');
  const { siteData } = await import('../page/data/site-data.ts');
  const { pageTemplate } = await import('../page/template.ts');
  const { siteFiles } = await import('../report/site/files.ts');
  return siteFiles(siteData(await catalogPageData(catalog)), await pageTemplate());
}

/**
 * Writes a report into a folder: all files beside those that are there, then all of them into place. The names.
 * @throws ToolError FILE_UNWRITABLE, STOPPED
 */
export async function writeReport(folder: string, options: ReportOptions): Promise<string[]> {
  const files = await report(options);
  checkNotStopped(options, 'report');
  makeFolder(folder);
  const staged = new StagedFiles(folder);
  for (const [name, text] of files) await staged.write(name, text());
  staged.publish();
  for (const name of leftOver(folder, files)) rmSync(join(folder, name));
  return files.map(([name]) => name);
}

/** The files of a folder that are not what would be written now. */
export async function staleReport(folder: string, options: ReportOptions): Promise<string[]> {
  const files = await report(options);
  const stale = files.flatMap(([name, text]) => (textOf(join(folder, name)) === text() ? [] : [name]));
  return [...stale, ...leftOver(folder, files)];
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
