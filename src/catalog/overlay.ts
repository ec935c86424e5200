import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { applyOverlay } from '../model/overlay.ts';

/**
 * The kernels that overlays describe, in the order of the overlays. `baseOf` gives the document of a kernel that is
 * no overlay; an overlay may stand on another one of the list.
 * @throws ToolError OVERLAY_BASE_UNKNOWN, OVERLAY_CYCLE
 */
export function resolveOverlays(
  overlays: readonly OverlayDocument[],
  baseOf: (release: string) => CaptureDocument | undefined,
): CaptureDocument[] {
  const byRelease = new Map(overlays.map((overlay) => [overlay.release, overlay]));
  const resolved = new Map<string, CaptureDocument>();
  const resolve = (overlay: OverlayDocument, above: readonly string[]): CaptureDocument => {
    const known = resolved.get(overlay.release);
    if (known) return known;
    const chain = [...above, overlay.release];
    if (above.includes(overlay.release)) {
      throw new ToolError(
        'OVERLAY_CYCLE',
        `${overlay.release}: its base leads back to it: ${chain.join(' -> ')}`,
      );
    }
    const below = byRelease.get(overlay.base);
    const base = below ? resolve(below, chain) : baseOf(overlay.base);
    if (!base) {
      throw new ToolError(
        'OVERLAY_BASE_UNKNOWN',
        `${overlay.release}: its base ${overlay.base} is not known`,
      );
    }
    const document = applyOverlay(base, overlay);
    resolved.set(overlay.release, document);
    return document;
  };
  return overlays.map((overlay) => resolve(overlay, []));
}
