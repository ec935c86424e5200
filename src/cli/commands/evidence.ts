import { buildCatalog } from '../../catalog/build.ts';
import { Catalog } from '../../catalog/catalog.ts';
import { contentOf } from '../../catalog/content.ts';
import { hasEvidenceFile, writeEvidenceFiles } from '../../catalog/evidence-files.ts';
import { distinctEvidence, evidenceDocument } from '../../catalog/evidence-id.ts';
import { ToolError } from '../../errors.ts';
import { importEvidence } from '../../evidence/import.ts';
import type { Fields } from '../../evidence/record.ts';
import { checkDates, OUTCOMES, recordOf } from '../../evidence/record.ts';
import { byCodeUnit } from '../../model/canonical.ts';
import type { EvidenceDocument } from '../../model/evidence.ts';
import { compareReleases } from '../../model/release-name.ts';
import { renderEvidenceList } from '../../report/evidence-terminal.ts';
import { readTextFile } from '../../schema/validate.ts';
import { openCatalog, writableEvidenceFolder } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, defineCommand, FORMAT_OPTION, PROFILE_OPTION, TARGET_OPTION } from '../command.ts';
import { withPredictions } from '../evidence-predictions.ts';
import { printResult } from '../formats.ts';

type Action = (operands: string[], options: OptionValues, io: Io) => Promise<number>;

export const command = defineCommand({
  usage: 'evidence <action> [operands...]',
  summary:
    'add OUTGOING INCOMING｜import FILE…｜list｜settle ID: what was tested, beside what is predicted. FILE is JUnit XML, TAP or JSON.',
  example:
    'luo-abi evidence add 7.2.12 7.3.4 --profile memfd --target x86_64-4k --outcome works --who lab --date 2026-11-20 --how "two servers"',
  options: [
    PROFILE_OPTION,
    { ...TARGET_OPTION, summary: 'x86_64-4k, arm64-4k, arm64-16k or arm64-64k' },
    { flags: '--outcome <name>', summary: `what was seen: ${OUTCOMES.join(', ')}` },
    { flags: '--seen <text>', summary: 'the same in words' },
    { flags: '--condition <text>', summary: 'under which it was seen', repeatable: true },
    { flags: '--who <name>', summary: 'who tested, or settles' },
    { flags: '--date <day>', summary: 'YYYY-MM-DD or YYYY-MM' },
    { flags: '--how <text>', summary: 'on what: machines, or the emulator' },
    { flags: '--log <reference>', summary: 'where the log is' },
    {
      flags: '--outgoing-image <file>',
      summary: 'add: the image that was booted; the record counts for that build alone',
    },
    { flags: '--incoming-image <file>', summary: 'the same of the other side' },
    { flags: '--reason <text>', summary: 'settle: why the record does not count against the prediction' },
    { flags: '--into <dir>', summary: "the folder for documents (default: the user's own)" },
    { flags: '--release <name>', summary: 'list: records with this kernel on either side' },
    {
      flags: '--disagreeing',
      summary: 'list: only what contradicts its prediction; exit 1 if anything does',
    },
    FORMAT_OPTION,
    CATALOG_OPTION,
  ],
  async run([action = '', ...operands], options, io) {
    const run = ACTIONS.get(action);
    if (run) return run(operands, options, io);
    const known = [...ACTIONS.keys()].join(', ');
    throw new ToolError('USAGE', `evidence ${action}: known actions are ${known}`);
  },
});

/** What the options say of a record. */
function fieldsOf(options: OptionValues): Fields {
  const names = ['profile', 'target', 'outcome', 'seen', 'who', 'date', 'how', 'log'] as const;
  const given = names.flatMap((name) => {
    const value = options[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const conditions = Array.isArray(options.condition) ? { conditions: options.condition } : {};
  return { ...Object.fromEntries(given), ...conditions };
}

async function add([outgoing, incoming, more]: string[], options: OptionValues, io: Io): Promise<number> {
  if (outgoing === undefined || incoming === undefined || more !== undefined) {
    throw new ToolError('USAGE', 'evidence add: name the outgoing and the incoming release');
  }
  const record = recordOf({ ...fieldsOf(options), outgoing, incoming }, `${outgoing} -> ${incoming}`);
  const images = await imagesOf(options);
  return store([evidenceDocument({ ...record, ...(images && { images }) })], options, io);
}

/** The digests of the images that were booted, as a capture of them has it. */
async function imagesOf({ outgoingImage, incomingImage }: OptionValues): Promise<EvidenceDocument['images']> {
  const [outgoing, incoming] = await Promise.all([outgoingImage, incomingImage].map(digestOfFile));
  if (outgoing === undefined && incoming === undefined) return undefined;
  return { ...(outgoing !== undefined && { outgoing }), ...(incoming !== undefined && { incoming }) };
}

async function digestOfFile(path: OptionValues[string]): Promise<string | undefined> {
  if (typeof path !== 'string') return undefined;
  const { openFile } = await import('../../sources/file-source.ts');
  const { digestOf } = await import('../../sources/bare-build.ts');
  const file = await openFile(path, path);
  try {
    return await digestOf(file);
  } finally {
    await file.close();
  }
}

async function importFiles(files: string[], options: OptionValues, io: Io): Promise<number> {
  if (files.length === 0) throw new ToolError('USAGE', 'evidence import: name at least one file');
  const documents: EvidenceDocument[] = [];
  const { outcome: _outcome, ...defaults } = fieldsOf(options);
  for (const file of files) {
    const { records, leftOut } = await importEvidence(readTextFile(file), file, defaults);
    if (records.length === 0) {
      throw new ToolError('DOCUMENT_INVALID', `${file}: none of ${leftOut} tests names a pair of kernels`);
    }
    if (leftOut > 0) io.note(`luo-abi: ${file}: ${leftOut} tests were skipped or name no pair; left out`);
    documents.push(...records.map(evidenceDocument));
  }
  return store(distinctEvidence(documents), options, io);
}

/** Writes what is not known yet, into the folder and into the catalog, and shows all of it. */
async function store(documents: readonly EvidenceDocument[], options: OptionValues, io: Io): Promise<number> {
  const ids = await knownIds(options, io);
  const folder = writableEvidenceFolder(options, io);
  const isOwn = typeof options.into !== 'string';
  const unwritten = documents.filter(
    (document) => !hasEvidenceFile(folder, document) && !(isOwn && ids.has(document.id)),
  );
  const unlisted = documents.filter(({ id }) => !ids.has(id));
  write(folder, unwritten, options, unlisted);
  io.note(
    `luo-abi: ${folder}: ${unwritten.length} added, ${documents.length - unwritten.length} known already`,
  );
  await show(documents, options, io);
  return 0;
}

async function knownIds(options: OptionValues, io: Io): Promise<Set<string>> {
  const catalog = await openCatalog(options, io);
  try {
    return new Set(catalog.evidence().map(({ id }) => id));
  } finally {
    catalog.close();
  }
}

/** The shipped catalog is made again from the folders; one that is named is written here. */
function write(
  folder: string,
  documents: readonly EvidenceDocument[],
  { catalog }: OptionValues,
  rows: readonly EvidenceDocument[],
): void {
  writeEvidenceFiles(folder, documents, () => {
    if (typeof catalog !== 'string' || rows.length === 0) return;
    const opened = Catalog.open(catalog);
    const content = contentOf(opened);
    opened.close();
    buildCatalog(catalog, { ...content, evidence: distinctEvidence([...content.evidence, ...rows]) });
  });
}

async function show(documents: readonly EvidenceDocument[], options: OptionValues, io: Io): Promise<void> {
  const catalog = await openCatalog(options, io);
  try {
    const evidence = await withPredictions(documents, catalog);
    const terminal = (): string => renderEvidenceList(evidence, io.render);
    printResult({ terminal, json: () => ({ evidence }) }, options, io);
  } finally {
    catalog.close();
  }
}

async function list(_operands: string[], options: OptionValues, io: Io): Promise<number> {
  const { release, profile, target, disagreeing } = options;
  const catalog = await openCatalog(options, io);
  try {
    const chosen = catalog
      .evidence()
      .filter(
        (record) =>
          (release === undefined || record.outgoing === release || record.incoming === release) &&
          (profile === undefined || record.profile === profile) &&
          (target === undefined || record.target === target),
      )
      .sort(
        (a, b) =>
          compareReleases(a.outgoing, b.outgoing) ||
          compareReleases(a.incoming, b.incoming) ||
          byCodeUnit(a.date, b.date) ||
          byCodeUnit(a.id, b.id),
      );
    const all = await withPredictions(chosen, catalog);
    const evidence = disagreeing === true ? all.filter(({ agreement }) => agreement === 'disagrees') : all;
    const terminal = (): string => renderEvidenceList(evidence, io.render);
    printResult({ terminal, json: () => ({ evidence }) }, options, io);
    return disagreeing === true && evidence.length > 0 ? 1 : 0;
  } finally {
    catalog.close();
  }
}

/** Keeps a copy of the record that says why it does not count; what was observed stays as it is. */
async function settle([id, more]: string[], options: OptionValues, io: Io): Promise<number> {
  const { who: by, date, reason } = options;
  if (id === undefined || more !== undefined)
    throw new ToolError('USAGE', 'evidence settle: name one record');
  if (typeof by !== 'string' || typeof date !== 'string' || typeof reason !== 'string') {
    throw new ToolError('USAGE', 'evidence settle: give --who, --date and --reason');
  }
  const catalog = await openCatalog(options, io);
  const record = catalog.evidence().find((candidate) => candidate.id === id);
  catalog.close();
  if (!record)
    throw new ToolError('USAGE', `evidence settle: no record ${id}; luo-abi evidence list shows them`);
  const settled = { ...record, settled: { by, date, reason } };
  checkDates(settled, id);
  write(writableEvidenceFolder(options, io), [settled], options, [settled]);
  await show([settled], options, io);
  return 0;
}

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['add', add],
  ['import', importFiles],
  ['list', list],
  ['settle', settle],
]);
