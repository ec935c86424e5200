import { join } from 'node:path';
import { buildCatalog } from '../catalog/build.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { contentOf } from '../catalog/content.ts';
import { evidenceFileName } from '../catalog/evidence-id.ts';
import { makeFolder } from '../catalog/make-folder.ts';
import { readKernelFile, readShipped, readVersions } from '../catalog/read-content.ts';
import { versionsFolder } from '../catalog/shipped.ts';
import { faultsIn } from '../catalog/verify.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import { writeAtomically } from './files/write.ts';
import type { OpenCatalogOptions } from './open-catalog.ts';
import { openCatalog } from './open-catalog.ts';

/** What is in a catalog that was written. */
export interface WrittenCatalog {
  kernels: number;
  errata: number;
}

/** Where the documents of a catalog are. */
export interface CatalogSources {
  /** A folder of documents (default: those that ship with luo-abi, with the records of `evidence`). */
  versions?: string | undefined;
  /** A user's own records of tests; the folder need not be there. */
  evidence?: string | undefined;
}

/**
 * Builds a catalog from documents, beside the one that is there, and puts it into place.
 * @throws ToolError DOCUMENT_INVALID, OVERLAY_BASE_UNKNOWN, FILE_UNREADABLE, FILE_UNWRITABLE
 */
export function buildCatalogFile(path: string, { versions, evidence }: CatalogSources = {}): WrittenCatalog {
  const content = versions === undefined ? readShipped(versionsFolder(), evidence) : readVersions(versions);
  buildCatalog(path, content);
  const kernels = content.documents.length + (content.overlays?.length ?? 0);
  return { kernels, errata: content.errata.length };
}

/**
 * Adds documents to a catalog, or replaces those of the same release; where there is none yet, it begins with the shipped one.
 *
 * @param files capture documents and overlays
 * @throws ToolError as `buildCatalogFile`
 */
export async function importKernels(
  path: string,
  files: readonly string[],
  shipped: Omit<OpenCatalogOptions, 'path'> = {},
): Promise<WrittenCatalog> {
  const added = files.map((file) => readKernelFile(file));
  const captures = added.flatMap((read) => ('capture' in read ? [read.capture] : []));
  const newOverlays = added.flatMap((read) => ('overlay' in read ? [read.overlay] : []));
  const catalog = await openOrShipped(path, shipped);
  const names = new Set([...captures, ...newOverlays].map(({ release }) => release));
  const content = contentOf(catalog);
  catalog.close();
  const isKept = ({ release }: { release: string }): boolean => !names.has(release);
  const documents = [...content.documents.filter(isKept), ...captures];
  const overlays = [...content.overlays.filter(isKept), ...newOverlays];
  buildCatalog(path, { ...content, documents, overlays, stamp: 'imported' });
  return { kernels: documents.length + overlays.length, errata: content.errata.length };
}

async function openOrShipped(path: string, shipped: OpenCatalogOptions): Promise<Catalog> {
  try {
    return await openCatalog({ path });
  } catch (error) {
    if (error instanceof ToolError && error.code === 'CATALOG_MISSING') return openCatalog(shipped);
    throw error;
  }
}

/** Whether what a catalog holds is what was put into it. @throws ToolError CATALOG_CORRUPT with the first faults */
export function verifyCatalog({ catalog }: { catalog: Catalog }): void {
  const faults = faultsIn(catalog);
  if (faults.length === 0) return;
  throw new ToolError('CATALOG_CORRUPT', `${catalog.path}: ${faults.slice(0, 3).join('; ')}`);
}

/** Writes the documents of a catalog into a folder, byte for byte as they were; how many kernels. @throws ToolError FILE_UNWRITABLE */
export function exportCatalog(folder: string, { catalog }: { catalog: Catalog }): number {
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
  return kernels.length;
}
