import type { AcceptedMarker } from '../model/marker.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { OVERLAY_SCHEMA, OVERLAY_SCHEMA_VERSION } from '../model/overlay.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { ShimQuestion } from '../model/shim.ts';
import { decisionOn, refusesAll } from './c-convert.ts';
import type { PlannedStruct, ShimPlan } from './plan.ts';

/**
 * The overlay that says of a kernel that the shim is in it, with its questions as they were decided; the reason where no marker
 * can say so, or the shim reads nothing.
 */
export function shimOverlay(
  { component, outgoing, incoming, structs }: ShimPlan,
  questions: readonly ShimQuestion[],
): { overlay: OverlayDocument } | { reason: string } {
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
  const open = questions.filter(({ decision }) => decision === null).length;
  if (open > 0) return { reason: `${open} to be decided before the shim compiles` };
  const refusing = structs.find((struct) => refusesAll(struct, questions));
  if (refusing) return { reason: `all that holds a struct ${refusing.outgoing} is refused, as was decided` };
  const conditions = conditionsOf(structs, questions);
  const accepted: AcceptedMarker = {
    value: writes.writes,
    layoutOf: outgoing.release,
    ...(writes.name !== reads.name && { name: writes.name ?? null }),
    ...(conditions.length > 0 && { conditions }),
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

/** What the converters refuse of single values, and what people decided to leave out. */
function conditionsOf(structs: readonly PlannedStruct[], questions: readonly ShimQuestion[]): string[] {
  const lost = questions.filter(
    ({ subject, decision }) => decision === 'drop' && subject.startsWith('struct '),
  );
  const ofMembers = structs.flatMap(({ outgoing, members }) =>
    members.flatMap(({ name, from, conversion, how, subject }): string[] => {
      if (conversion?.check !== undefined) return [`${outgoing}.${name}: ${conversion.check}, else refused`];
      const decision = how === 'asked' ? decisionOn(subject, questions) : null;
      if (decision === 'refuse' && from) return [`${outgoing}.${from.name}: zero, else refused`];
      return decision === 'drop' ? [`${outgoing}.${name}: lost`] : [];
    }),
  );
  return [...ofMembers, ...lost.map(({ subject }) => `${subject}: lost`)];
}
