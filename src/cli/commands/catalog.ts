import { join } from 'node:path';
import { writeAtomically } from '../../ask/files/write.ts';
import { buildCatalog, readKernelFile, readShipped, readVersions } from '../../catalog/build.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { contentOf } from '../../catalog/content.ts';
import { evidenceFileName } from '../../catalog/evidence-id.ts';
import { makeFolder } from '../../catalog/make-folder.ts';
import { ToolError } from '../../errors.ts';
import { canonicalJson } from '../../model/canonical.ts';
import { defaultCatalogPath, evidenceFolder, openCatalog, versionsFolder } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';

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
    if (!run)
      throw new ToolError('USAGE', `catalog ${action}: known actions are ${[...ACTIONS.keys()].join(', ')}`);
    return run(operands, options, io);
  },
});

function pathOf({ catalog }: OptionValues, io: Io): string {
  const path = typeof catalog === 'string' ? catalog : defaultCatalogPath(io.env);
  if (path !== undefined) return path;
  throw new ToolError('USAGE', 'catalog: this user has no home; name the file with --catalog');
}

async function build(_operands: string[], options: OptionValues, io: Io): Promise<number> {
  const content =
    typeof options.versions === 'string'
      ? readVersions(options.versions)
      : readShipped(versionsFolder(), evidenceFolder(io.env));
  const path = pathOf(options, io);
  buildCatalog(path, content);
  const kernels = content.documents.length + (content.overlays?.length ?? 0);
  io.out(`${path}: ${kernels} kernels, ${content.errata.length} errata\n`);
  return 0;
}

/** Adds documents to a catalog, or replaces those of the same release. Needs --catalog: the shipped one is remade. */
async function importFiles(files: string[], options: OptionValues, io: Io): Promise<number> {
  if (files.length === 0) throw new ToolError('USAGE', 'catalog import: name at least one capture document');
  if (typeof options.catalog !== 'string') {
    throw new ToolError(
      'USAGE',
      'catalog import: name the catalog with --catalog; the shipped one is remade when it changes',
    );
  }
  const added = files.map(readKernelFile);
  const captures = added.flatMap((read) => ('capture' in read ? [read.capture] : []));
  const newOverlays = added.flatMap((read) => ('overlay' in read ? [read.overlay] : []));
  const catalog = await openOrShipped(options, io);
  const names = new Set([...captures, ...newOverlays].map(({ release }) => release));
  const content = contentOf(catalog);
  catalog.close();
  const isKept = ({ release }: { release: string }): boolean => !names.has(release);
  const documents = [...content.documents.filter(isKept), ...captures];
  const overlays = [...content.overlays.filter(isKept), ...newOverlays];
  buildCatalog(options.catalog, { ...content, documents, overlays, stamp: 'imported' });
  const known = documents.length + overlays.length;
  io.out(`${options.catalog}: ${known} kernels, ${added.length} imported\n`);
  return 0;
}

async function openOrShipped(options: OptionValues, io: Io): Promise<Catalog> {
  try {
    return await openCatalog(options, io);
  } catch (error) {
    if (error instanceof ToolError && error.code === 'CATALOG_MISSING') return openCatalog({}, io);
    throw error;
  }
}

async function verify(_operands: string[], options: OptionValues, io: Io): Promise<number> {
  const catalog = await openCatalog(options, io);
  try {
    const faults = catalog.verify();
    if (faults.length > 0)
      throw new ToolError('CATALOG_CORRUPT', `${catalog.path}: ${faults.slice(0, 3).join('; ')}`);
    const { kernels, snapshots, layouts } = catalog.info();
    io.out(`${catalog.path}: sound; ${kernels} kernels, ${snapshots} snapshots, ${layouts} layouts\n`);
    return 0;
  } finally {
    catalog.close();
  }
}

async function info(_operands: string[], options: OptionValues, io: Io): Promise<number> {
  const catalog = await openCatalog(options, io);
  try {
    const facts = catalog.info();
    const terminal = (): string =>
      `${Object.entries(facts)
        .map(([name, value]) => `${name.padEnd(10)} ${value}`)
        .join('\n')}\n`;
    printResult({ terminal, json: () => facts }, options, io);
    return 0;
  } finally {
    catalog.close();
  }
}

async function exportTo([folder]: string[], options: OptionValues, io: Io): Promise<number> {
  if (folder === undefined) throw new ToolError('USAGE', 'catalog export: name a folder');
  const catalog = await openCatalog(options, io);
  try {
    makeFolder(join(folder, 'errata'));
    const kernels = catalog.kernels();
    const overlays = catalog.overlays();
    const resolved = new Set(overlays.map(({ release }) => release));
    for (const { release } of kernels) {
      if (resolved.has(release)) continue;
      writeAtomically(join(folder, `${release}.json`), canonicalJson(catalog.document(release)));
    }
    makeFolder(join(folder, 'series'));
    for (const overlay of overlays) {
      writeAtomically(join(folder, 'series', `${overlay.release}.json`), canonicalJson(overlay));
    }
    for (const erratum of catalog.errata()) {
      writeAtomically(join(folder, 'errata', `${erratum.id}.json`), canonicalJson(erratum));
    }
    makeFolder(join(folder, 'reviews'));
    for (const review of catalog.reviews()) {
      writeAtomically(join(folder, 'reviews', `${review.component}.json`), canonicalJson(review));
    }
    makeFolder(join(folder, 'evidence'));
    for (const document of catalog.evidence()) {
      writeAtomically(join(folder, 'evidence', evidenceFileName(document)), canonicalJson(document));
    }
    makeFolder(join(folder, 'commits'));
    for (const document of catalog.commits()) {
      writeAtomically(join(folder, 'commits', `${document.branch}.json`), canonicalJson(document));
    }
    io.out(`${folder}: ${kernels.length} documents\n`);
    return 0;
  } finally {
    catalog.close();
  }
}

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['build', build],
  ['export', exportTo],
  ['import', importFiles],
  ['info', info],
  ['verify', verify],
]);
