import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StagedFiles } from '../../ask/files/staged.ts';
import { Catalog } from '../../catalog/catalog.ts';
import { makeFolder } from '../../catalog/make-folder.ts';
import { openShippedUnwritten } from '../../catalog/shipped.ts';
import type { SiteFile } from '../../report/site/files.ts';
import { defaultCatalogPath } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import { defineCommand } from '../command.ts';

export const command = defineCommand({
  usage: 'report',
  summary: 'The page with the matrix, and the matrices, findings, classes and markers as files beside it.',
  example: 'luo-abi report --out reports',
  options: [
    { flags: '--out <dir>', summary: 'where the files go; made where it is missing (default: reports)' },
    {
      flags: '--check',
      summary: 'write nothing; exit 1 where the files there are not what would be written',
    },
    {
      flags: '--catalog <file>',
      summary:
        'the catalog to use (default: the documents that ship with luo-abi, without your own records of tests)',
    },
  ],
  async run(_operands, options, io) {
    const folder = typeof options.out === 'string' ? options.out : 'reports';
    const catalog = await openFor(options, io);
    const files = await filesOf(catalog).finally(() => catalog.close());
    return options.check === true ? checkFiles(folder, files, io) : writeFiles(folder, files, io);
  },
});

/** Two machines make the same report: what their users tested by themselves is in it only with a catalog of theirs. */
async function openFor({ catalog }: OptionValues, io: Io): Promise<Catalog> {
  if (typeof catalog === 'string') return Catalog.open(catalog);
  return openShippedUnwritten({ path: defaultCatalogPath(io.env), evidence: undefined });
}

type Files = readonly SiteFile[];

async function filesOf(catalog: Catalog): Promise<Files> {
  const { catalogPageData } = await import('../../page/data/catalog-page.ts');
  const { siteData } = await import('../../page/data/site-data.ts');
  const { pageTemplate } = await import('../../page/template.ts');
  const { siteFiles } = await import('../../report/site/files.ts');
  return siteFiles(siteData(await catalogPageData(catalog)), await pageTemplate());
}

/** All files are written beside those that are there, and take their place together. */
async function writeFiles(folder: string, files: Files, io: Io): Promise<number> {
  makeFolder(folder);
  const staged = new StagedFiles(folder);
  for (const [name, text] of files) await staged.write(name, text());
  staged.publish();
  for (const name of leftOver(folder, files)) rmSync(join(folder, name));
  io.note(`luo-abi: ${files.length} files written to ${folder}`);
  return 0;
}

/** Matrices of profiles or targets that are no more. */
function leftOver(folder: string, files: Files): string[] {
  const known = new Set(files.map(([name]) => name));
  const own = /^matrix-.+\.(csv|json|md|svg)$/;
  return existsSync(folder) ? readdirSync(folder).filter((name) => own.test(name) && !known.has(name)) : [];
}

function checkFiles(folder: string, files: Files, io: Io): number {
  const stale = files.flatMap(([name, text]) => (textOf(join(folder, name)) === text() ? [] : [name]));
  const wrong = [...stale, ...leftOver(folder, files)];
  for (const name of wrong) io.note(`stale: ${join(folder, name)}`);
  return wrong.length > 0 ? 1 : 0;
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
