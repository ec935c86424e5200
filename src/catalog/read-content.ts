import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { CommitsDocument } from '../model/commits.ts';
import { COMMITS_SCHEMA_VERSION } from '../model/commits.ts';
import type { Erratum } from '../model/erratum.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { isOverlay, OVERLAY_SCHEMA, OVERLAY_SCHEMA_VERSION } from '../model/overlay.ts';
import type { ReviewDocument } from '../model/review.ts';
import { parseDocument, readBytesFile, readTextFile } from '../schema/validate.ts';
import { CaptureTexts } from './capture-texts.ts';
import { checkVersion } from './document-version.ts';
import type { CatalogContent } from './documents.ts';
import { checkEvidence, distinctEvidence } from './evidence-id.ts';
import { listJson, stampOf } from './stamp.ts';

/** Reads and checks a capture document. */
export function readCaptureFile(path: string): CaptureDocument {
  return new CaptureTexts().read(readBytesFile(path), path);
}

/** Reads and checks the document of a kernel: a capture, or an overlay on another kernel. `texts` are those read with it. */
export function readKernelFile(
  path: string,
  texts = new CaptureTexts(),
): { capture: CaptureDocument } | { overlay: OverlayDocument } {
  const bytes = readBytesFile(path);
  if (!callsItselfOverlay(bytes)) return { capture: texts.read(bytes, path) };
  const overlay = parseDocument<OverlayDocument>('overlay', bytes.toString(), path);
  checkVersion(overlay, OVERLAY_SCHEMA_VERSION, path);
  return { overlay };
}

/** The cheap look first: captures are large. Text that is not JSON is reported by whoever checks it. */
function callsItselfOverlay(bytes: Buffer): boolean {
  if (!bytes.includes(OVERLAY_SCHEMA)) return false;
  try {
    return isOverlay(JSON.parse(bytes.toString()));
  } catch {
    return false;
  }
}

/** Reads and checks the record of a test. */
export function readEvidenceFile(path: string): EvidenceDocument {
  return checkEvidence(parseDocument<EvidenceDocument>('evidence', readTextFile(path), path), path);
}

/** The records of a folder; none where there is no such folder. */
export function readEvidenceFolder(folder: string): EvidenceDocument[] {
  if (!existsSync(folder)) return [];
  return listJson(folder).map((file) => readEvidenceFile(join(folder, file)));
}

/** Reads and checks the commits of a branch. */
export function readCommitsFile(path: string): CommitsDocument {
  const document = parseDocument<CommitsDocument>('commits', readTextFile(path), path);
  checkVersion(document, COMMITS_SCHEMA_VERSION, path);
  const { branch } = document;
  if (`${branch}.json` === basename(path)) return document;
  throw new ToolError('DOCUMENT_INVALID', `${path}: branch ${branch} is not the name of the file`, { path });
}

/** All that a `versions/` folder holds, and a user's own records of tests. */
export function readShipped(versions: string, evidenceFolder?: string): CatalogContent {
  const content = readVersions(versions);
  if (evidenceFolder === undefined || !existsSync(evidenceFolder)) return content;
  const own = readEvidenceFolder(evidenceFolder);
  const evidence = distinctEvidence([...(content.evidence ?? []), ...own]);
  return { ...content, evidence, stamp: stampOf(versions, evidenceFolder) };
}

/**
 * All that a `versions/` folder holds: captures and overlays in its folders, errata in `errata/`, reviews in `reviews/`,
 * records of tests in `evidence/`, commits in `commits/`.
 */
export function readVersions(folder: string): CatalogContent {
  const documents: CaptureDocument[] = [];
  const overlays: OverlayDocument[] = [];
  const errata: Erratum[] = [];
  const reviews: ReviewDocument[] = [];
  const evidence: EvidenceDocument[] = [];
  const commits: CommitsDocument[] = [];
  const texts = new CaptureTexts();
  for (const file of listJson(folder)) {
    const path = join(folder, file);
    if (file.startsWith('errata/')) errata.push(parseDocument<Erratum>('erratum', readTextFile(path), path));
    else if (file.startsWith('reviews/'))
      reviews.push(parseDocument<ReviewDocument>('review', readTextFile(path), path));
    else if (file.startsWith('evidence/')) evidence.push(readEvidenceFile(path));
    else if (file.startsWith('commits/')) commits.push(readCommitsFile(path));
    else {
      const read = readKernelFile(path, texts);
      if ('overlay' in read) overlays.push(read.overlay);
      else documents.push(read.capture);
    }
  }
  const seen = new Set<string>();
  const twice = [...documents, ...overlays].find(
    ({ release }) => seen.size === seen.add(release).size,
  )?.release;
  if (twice)
    throw new ToolError('DOCUMENT_INVALID', `${folder}: two documents for ${twice}`, { path: folder });
  return {
    documents,
    overlays,
    errata,
    reviews,
    evidence: distinctEvidence(evidence),
    commits,
    stamp: stampOf(folder),
  };
}
