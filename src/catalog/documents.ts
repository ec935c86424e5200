import type { CaptureDocument } from '../model/capture.ts';
import type { CommitsDocument } from '../model/commits.ts';
import type { Erratum } from '../model/erratum.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { compareReleases } from '../model/release-name.ts';
import type { ReviewDocument } from '../model/review.ts';
import { resolveOverlays } from './overlay.ts';

/** What a catalog is made from. */
export interface CatalogContent {
  documents: readonly CaptureDocument[];
  /** Kernels that stand on these documents or on one another. */
  overlays?: readonly OverlayDocument[];
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  /** Tests of pairs, each once. */
  evidence?: readonly EvidenceDocument[];
  /** Commits that touched handed-over data, a document a branch. */
  commits?: readonly CommitsDocument[];
  /** What the content was made from; compared to see whether the catalog is still good. */
  stamp: string;
}

/** The documents of all kernels, overlays among them, oldest first. @throws ToolError OVERLAY_BASE_UNKNOWN, OVERLAY_CYCLE */
export function documentsOf({
  documents,
  overlays = [],
}: Pick<CatalogContent, 'documents' | 'overlays'>): CaptureDocument[] {
  const byRelease = new Map(documents.map((document) => [document.release, document]));
  const resolved = resolveOverlays(overlays, (release) => byRelease.get(release));
  return [...documents, ...resolved].sort((a, b) => compareReleases(a.release, b.release));
}
