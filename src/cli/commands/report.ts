import { join } from 'node:path';
import { staleReport, writeReport } from '../../ask/report.ts';
import { askingOf, withCatalog } from '../asking.ts';
import { defineCommand } from '../command.ts';
import { textOf } from '../options.ts';

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
    const folder = textOf(options.out) ?? 'reports';
    const asked = askingOf(io);
    const shipped = { unwritten: true, evidence: null };
    return withCatalog(
      options,
      io,
      async (catalog) => {
        if (options.check === true) {
          const wrong = await staleReport(folder, { ...asked, catalog });
          for (const name of wrong) io.note(`stale: ${join(folder, name)}`);
          return wrong.length > 0 ? 1 : 0;
        }
        const files = await writeReport(folder, { ...asked, catalog });
        asked.note(`${files.length} files written to ${folder}`);
        return 0;
      },
      shipped,
    );
  },
});
