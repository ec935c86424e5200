import type { Catalog } from '../catalog/catalog.ts';
import { resolveOverlays } from '../catalog/overlay.ts';
import { releaseNamed } from '../catalog/release-named.ts';
import { unknownReleaseHint } from '../catalog/release-unknown.ts';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { isOverlay } from '../model/overlay.ts';
import type { Profile } from '../model/profile.ts';
import { DEFAULT_PROFILE, PROFILES } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';

/**
 * A kernel: a release of the catalog or an abbreviation of one (`6.18` is the newest upstream kernel of its series that is
 * known), a capture document, or an overlay on a kernel of the catalog.
 */
export type KernelInput = CaptureDocument | OverlayDocument | string;

/** @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, OVERLAY_BASE_UNKNOWN */
export function kernelFrom(input: KernelInput, catalog: Catalog): Kernel {
  if (typeof input === 'string') {
    const rows = catalog.kernels();
    const release = releaseNamed(input, rows);
    const kernel = release === undefined ? undefined : catalog.kernel(release);
    if (kernel) return kernel;
    throw new ToolError('RELEASE_UNKNOWN', `${input}: no such release${unknownReleaseHint(input, rows)}`);
  }
  if (!isOverlayDocument(input)) return kernelOf(input);
  const [document] = resolveOverlays([input], (release) => catalog.document(release));
  return kernelOf(document as CaptureDocument);
}

function isOverlayDocument(input: CaptureDocument | OverlayDocument): input is OverlayDocument {
  return isOverlay(input);
}

/** A profile by its name, or as it is. @throws ToolError PROFILE_UNKNOWN */
export function profileFrom(profile: Profile | string = DEFAULT_PROFILE): Profile {
  if (typeof profile !== 'string') return profile;
  const found = PROFILES.find(({ name }) => name === profile);
  if (found) return found;
  const known = PROFILES.map(({ name }) => name).join(', ');
  throw new ToolError('PROFILE_UNKNOWN', `${profile}: no such profile; known: ${known}`);
}

/** Facts of a target that a kernel was not captured for would be missing, not different. @throws ToolError TARGET_UNKNOWN */
export function checkCovered(target: Target, kernels: readonly Kernel[]): void {
  const without = kernels.find(({ targets }) => targets !== undefined && !targets.includes(target));
  if (without === undefined) return;
  const known = without.targets?.join(', ') ?? 'none';
  throw new ToolError('TARGET_UNKNOWN', `${target}: ${without.release} was captured for ${known} only`);
}

/** Releases that the catalog does not know. */
export function strangersAmong(kernels: readonly Kernel[], catalog: Catalog): string[] {
  return kernels.map(({ release }) => release).filter((release) => !catalog.has(release));
}
