import type { AcceptedMarker } from '../model/marker.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { OVERLAY_SCHEMA, OVERLAY_SCHEMA_VERSION } from '../model/overlay.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { ShimPlan } from './plan.ts';

/** The overlay that says of a kernel that the shim is in it; the reason where no marker can say so. */
export function shimOverlay({
  component,
  outgoing,
  incoming,
}: ShimPlan): { overlay: OverlayDocument } | { reason: string } {
  const [writes, reads] = [outgoing.facts.marker, incoming.facts.marker];
  if (!writes || !reads) return { reason: 'one of the kernels has no marker' };
  if (writes.guardedBy !== undefined || reads.guardedBy !== undefined) {
    const guard = reads.guardedBy ?? writes.guardedBy;
    return { reason: `the marker of ${guard} answers for ${component}: its overlay is that of ${guard}` };
  }
  if (writes.writes === undefined) return { reason: `${outgoing.release} writes no marker` };
  if (writes.carrier.split(':')[0] !== reads.carrier.split(':')[0]) {
    return { reason: `the marker lies in ${writes.carrier} and is looked for in ${reads.carrier}` };
  }
  const accepted: AcceptedMarker = {
    value: writes.writes,
    layoutOf: outgoing.release,
    ...(writes.name !== reads.name && { name: writes.name ?? null }),
  };
  const vendor =
    `${parseReleaseName(incoming.release)?.vendor ?? ''}.shim-${component}-${outgoing.release.replace(/[^0-9A-Za-z.-]/g, '-')}`.replace(
      /^\./,
      '',
    );
  const base = parseReleaseName(incoming.release)?.base ?? incoming.release;
  return {
    overlay: {
      $schema: OVERLAY_SCHEMA,
      schemaVersion: OVERLAY_SCHEMA_VERSION,
      release: `${base}+${vendor}`,
      base: incoming.release,
      vendor,
      origin: 'transcribed',
      provenance: {
        kind: 'transcribed',
        name: `luo-abi shim ${outgoing.release} ${incoming.release} --component ${component}`,
        files: [],
        note: `${incoming.release} with a shim that reads ${component} as ${outgoing.release} wrote it`,
      },
      accepts: { [component]: [accepted] },
    },
  };
}
