import { resolveOverlays } from '../../src/catalog/overlay.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { OverlayDocument } from '../../src/model/overlay.ts';
import type { Target } from '../../src/model/target.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';
import { profileNamed, shipped } from '../support/shipped.ts';

let resolved: Map<string, CaptureDocument> | undefined;

/** The overlays that ship with the program. */
export function shippedOverlays(): readonly OverlayDocument[] {
  return shipped().overlays ?? [];
}

/** Every kernel that ships, those of overlays included. */
export function kernelDocuments(): ReadonlyMap<string, CaptureDocument> {
  if (!resolved) {
    const known = new Map(shipped().documents.map((document) => [document.release, document]));
    for (const document of resolveOverlays(shippedOverlays(), (release) => known.get(release))) {
      known.set(document.release, document);
    }
    resolved = known;
  }
  return resolved;
}

export function kernelDocument(release: string): CaptureDocument {
  const document = kernelDocuments().get(release);
  if (!document) throw new Error(`versions/ has no ${release}`);
  return document;
}

export interface SeriesPair {
  outgoing: CaptureDocument | string;
  incoming: CaptureDocument | string;
  profile?: string;
  target?: Target;
}

/** The verdict of a pair of shipped kernels, or of documents made by a test. */
export function judgeSeries({
  outgoing,
  incoming,
  profile = 'pci',
  target = 'x86_64-4k',
}: SeriesPair): PairVerdict {
  const kernelNamed = (release: string): Kernel | undefined => {
    const document = kernelDocuments().get(release);
    return document && kernelOf(document);
  };
  const kernel = (side: CaptureDocument | string): Kernel =>
    kernelOf(typeof side === 'string' ? kernelDocument(side) : side);
  return judgePair({
    outgoing: kernel(outgoing),
    incoming: kernel(incoming),
    profile: profileNamed(profile),
    target,
    kernelNamed,
  });
}
