import { join } from 'node:path';
import type { CatalogContent } from '../../src/catalog/documents.ts';
import { readVersions } from '../../src/catalog/read-content.ts';
import type { CaptureDocument } from '../../src/model/capture.ts';
import type { PairVerdict } from '../../src/model/finding.ts';
import type { Profile } from '../../src/model/profile.ts';
import { PROFILES } from '../../src/model/profile.ts';
import type { Target } from '../../src/model/target.ts';
import { packageRoot } from '../../src/schema/package-root.ts';
import { appliesTo } from '../../src/verdict/errata.ts';
import type { Kernel } from '../../src/verdict/kernel.ts';
import { kernelOf } from '../../src/verdict/kernel.ts';
import { judgePair } from '../../src/verdict/pair.ts';

let content: CatalogContent | undefined;

/** The documents that ship with the program, read and checked once a test process. */
export function shipped(): CatalogContent {
  content ??= readVersions(join(packageRoot(), 'versions'));
  return content;
}

export function documentOf(release: string): CaptureDocument {
  const document = shipped().documents.find((candidate) => candidate.release === release);
  if (!document) throw new Error(`versions/ has no ${release}`);
  return document;
}

export function profileNamed(name: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (!profile) throw new Error(`no profile ${name}`);
  return profile;
}

export interface PairRequest {
  outgoing: Kernel | string;
  incoming: Kernel | string;
  profile: string;
  target?: Target;
}

function kernelNamed(kernel: Kernel | string): Kernel {
  return typeof kernel === 'string' ? kernelOf(documentOf(kernel)) : kernel;
}

/** The verdict of a pair of shipped documents, or of edited ones, as `check` gives it. */
export function judge({ outgoing, incoming, profile, target = 'x86_64-4k' }: PairRequest): PairVerdict {
  const { errata, reviews } = shipped();
  return judgePair({
    outgoing: kernelNamed(outgoing),
    incoming: kernelNamed(incoming),
    profile: profileNamed(profile),
    target,
    errata,
    reviews,
    erratumApplies: appliesTo,
    kernelNamed,
  });
}

/** A copy of a shipped document that a test may change. */
export function edited(release: string, change: (document: CaptureDocument) => void): Kernel {
  const copy = structuredClone(documentOf(release));
  change(copy);
  return kernelOf(copy);
}
