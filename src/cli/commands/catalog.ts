import { buildCatalogFile, exportCatalog, importKernels, verifyCatalog } from '../../ask/catalog.ts';
import { defaultCatalogPath, evidenceFolder } from '../../ask/open-catalog.ts';
import { ToolError } from '../../errors.ts';
import { renderFacts } from '../../report/facts-terminal.ts';
import { askingOf, withCatalog } from '../asking.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { textOf } from '../options.ts';

type Action = (operands: string[], options: OptionValues, io: Io) => Promise<number>;

export const command = defineCommand({
  usage: 'catalog <action> [operands...]',
  summary:
    'build｜import FILE…｜verify｜info｜export DIR: the SQLite catalog from documents, and back, byte for byte.',
  example: 'luo-abi catalog import ./7.2.12+mine.json --catalog mine.sqlite',
  options: [
    CATALOG_OPTION,
    {
      flags: '--versions <dir>',
      summary: 'build from the documents in this folder (default: those that ship)',
    },
    FORMAT_OPTION,
  ],
  async run([action = '', ...operands], options, io) {
    const run = ACTIONS.get(action);
    if (!run) throw misuse(`known actions are ${[...ACTIONS.keys()].join(', ')}`, ` ${action}`);
    return run(operands, options, io);
  },
});

const build: Action = async (_operands, options, io) => {
  const path = textOf(options.catalog) ?? defaultCatalogPath(io.env);
  if (path === undefined) throw misuse('this user has no home; name the file with --catalog');
  const sources = { versions: textOf(options.versions), evidence: evidenceFolder(io.env) };
  const { kernels, errata } = buildCatalogFile(path, sources);
  io.out(`${path}: ${kernels} kernels, ${errata} errata\n`);
  return 0;
};

const importFiles: Action = async (files, { catalog: path }, io) => {
  if (files.length === 0) throw misuse('name at least one capture document', ' import');
  const why = 'name the catalog with --catalog; the shipped one is remade when it changes';
  if (typeof path !== 'string') throw misuse(why, ' import');
  const { kernels } = await importKernels(path, files, { ...askingOf(io), env: io.env });
  io.out(`${path}: ${kernels} kernels, ${files.length} imported\n`);
  return 0;
};

const verify: Action = (_operands, options, io) =>
  withCatalog(options, io, async (catalog) => {
    verifyCatalog({ catalog });
    const { kernels, snapshots, layouts } = catalog.info();
    io.out(`${catalog.path}: sound; ${kernels} kernels, ${snapshots} snapshots, ${layouts} layouts\n`);
    return 0;
  });

const info: Action = (_operands, options, io) =>
  withCatalog(options, io, async (catalog) => {
    const facts = catalog.info();
    printResult({ terminal: () => renderFacts(facts), json: () => facts }, options, io);
    return 0;
  });

const exportTo: Action = ([folder], options, io) => {
  if (folder === undefined) throw misuse('name a folder', ' export');
  return withCatalog(options, io, async (catalog) => {
    io.out(`${folder}: ${exportCatalog(folder, { catalog })} documents\n`);
    return 0;
  });
};

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({ build, export: exportTo, import: importFiles, info, verify }),
);

function misuse(words: string, action = ''): ToolError {
  return new ToolError('USAGE', `catalog${action}: ${words}`);
}
