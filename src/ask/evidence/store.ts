import { buildCatalog } from '../../catalog/build.ts';
import { Catalog } from '../../catalog/catalog.ts';
import { contentOf } from '../../catalog/content.ts';
import { hasEvidenceFile, writeEvidenceFiles } from '../../catalog/evidence-files.ts';
import { distinctEvidence } from '../../catalog/evidence-id.ts';
import type { EvidenceDocument, EvidenceListOutput } from '../../model/evidence.ts';
import type { OpenCatalogOptions } from '../open-catalog.ts';
import { openCatalog, writableEvidenceFolder } from '../open-catalog.ts';
import { withPredictions } from './predictions.ts';

/** Where records of tests are kept: a folder with a document each, and the catalog, which is made of them. */
export interface EvidencePlace extends OpenCatalogOptions {
  /** The folder for new documents (default: the user's own, `evidence`). */
  into?: string | undefined;
}

/** Opens the catalog of a place for as long as something is asked of it. */
export async function inCatalog<T>(place: EvidencePlace, ask: (catalog: Catalog) => T): Promise<Awaited<T>> {
  const catalog = await openCatalog(place);
  try {
    return await ask(catalog);
  } finally {
    catalog.close();
  }
}

/** Writes what is not known yet, into the folder and into the catalog, and gives all of it beside its predictions. */
export async function store(
  documents: readonly EvidenceDocument[],
  place: EvidencePlace,
): Promise<EvidenceListOutput> {
  const ids = await inCatalog(place, (catalog) => new Set(catalog.evidence().map(({ id }) => id)));
  const folder = folderOf(place);
  const isOwn = place.into === undefined;
  const unwritten = documents.filter(
    (document) => !hasEvidenceFile(folder, document) && !(isOwn && ids.has(document.id)),
  );
  write(
    place,
    unwritten,
    documents.filter(({ id }) => !ids.has(id)),
  );
  place.note?.(`${folder}: ${unwritten.length} added, ${documents.length - unwritten.length} known already`);
  return predicted(documents, place);
}

/** Records beside what is predicted of their pairs by the catalog as it is now. */
export async function predicted(
  documents: readonly EvidenceDocument[],
  place: EvidencePlace,
): Promise<EvidenceListOutput> {
  return inCatalog(place, async (catalog) => ({ evidence: await withPredictions(documents, catalog) }));
}

/**
 * Writes documents into the folder. The shipped catalog is made again from the folders; one that is named is written here.
 *
 * @param rows those that a named catalog has not
 */
export function write(
  place: EvidencePlace,
  documents: readonly EvidenceDocument[],
  rows: readonly EvidenceDocument[],
): void {
  const { path } = place;
  writeEvidenceFiles(folderOf(place), documents, () => {
    if (path === undefined || rows.length === 0) return;
    const opened = Catalog.open(path);
    const content = contentOf(opened);
    opened.close();
    buildCatalog(path, { ...content, evidence: distinctEvidence([...content.evidence, ...rows]) });
  });
}

function folderOf({ into, evidence, env = {} }: EvidencePlace): string {
  return writableEvidenceFolder(into ?? evidence ?? undefined, env);
}
