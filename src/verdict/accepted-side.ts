import { isLookedUp } from '../diff/pair-markers.ts';
import type { ComponentFacts, SideFacts } from '../diff/rule.ts';
import type { Doubt } from '../model/doubt.ts';
import type { AcceptedMarker } from '../model/marker.ts';
import type { Kernel } from './kernel.ts';
import { factsOf, isAvailable } from './kernel.ts';

/**
 * The release whose layouts the incoming kernel reads a component with, where it accepts the outgoing kernel's marker as
 * that release wrote it; undefined where it reads its own. A component without a marker goes with the one that guards it.
 */
export function acceptedRelease(outgoing: Kernel, incoming: Kernel, id: string): string | undefined {
  return acceptedEntry(outgoing, incoming, id)?.layoutOf;
}

/** The entry by which other layouts than the reader's own count. */
function acceptedEntry(outgoing: Kernel, incoming: Kernel, id: string): AcceptedMarker | undefined {
  const { marker } = factsOf(incoming, id);
  if (marker?.guardedBy !== undefined) return acceptedEntry(outgoing, incoming, marker.guardedBy);
  const { marker: written } = factsOf(outgoing, id);
  if (!marker || written?.writes === undefined) return undefined;
  const { writes } = written;
  return marker.accepts.find(
    (accepted) =>
      accepted.value === writes &&
      (accepted.layoutOf !== undefined || accepted.asWritten) &&
      isLookedUp(accepted, written, marker),
  );
}

export interface AcceptedRequest {
  outgoing: Kernel;
  incoming: Kernel;
  id: string;
  /** The incoming side as its own document has it. */
  own: SideFacts;
  /** A kernel's side by its release. */
  named(release: string): SideFacts | undefined;
}

/**
 * What the incoming kernel reads under the marker that the outgoing one writes: its own layouts, or those of the release
 * that the accepted marker names. Not known where that release is not, or where the kernel says no more than that it accepts it.
 */
export function acceptedSide({ outgoing, incoming, id, own, named }: AcceptedRequest): SideFacts {
  const entry = acceptedEntry(outgoing, incoming, id);
  if (!entry) return own;
  const { layoutOf } = entry;
  if (layoutOf === undefined) return unknownSide(own, LISTED);
  const side = named(layoutOf);
  if (!side) return unknownSide(own, `it accepts what ${layoutOf} wrote, which is not known`);
  return { ...own, facts: withLayoutsOf(own.facts, side.facts, layoutOf), layoutOf: side.layoutOf };
}

const LISTED =
  'it lists the marker among those that it accepts, and how it reads what that names was not seen; an overlay can say so (accepts, layoutOf)';

function unknownSide(own: SideFacts, reason: string): SideFacts {
  return { ...own, facts: { ...own.facts, available: 'unknown', reason } };
}

/** A kernel's facts with the formats of another, and with every doubt about them. */
function withLayoutsOf(own: ComponentFacts, named: ComponentFacts, release: string): ComponentFacts {
  const { structs, constants, fdt, checks, unchecked, code, fdtUnread, inferred, doubts } = named;
  const { fdtUnread: _own, ...rest } = own;
  const allInferred = [...new Set([...(own.inferred ?? []), ...(inferred ?? [])])];
  const allDoubts = [...(own.doubts ?? []), ...doubtsOfWriter(doubts)];
  const facts = {
    ...rest,
    structs,
    constants,
    fdt,
    checks,
    unchecked,
    code,
    ...(fdtUnread !== undefined && { fdtUnread }),
    ...(allInferred.length > 0 && { inferred: allInferred }),
    ...(allDoubts.length > 0 && { doubts: allDoubts }),
  };
  if (isAvailable(named)) return facts;
  const reason = `it accepts what ${release} wrote, which is ${named.available === 'no' ? 'not there' : 'not known'}`;
  return { ...facts, available: 'unknown', reason };
}

/** Who reads a format as another release wrote it relies on what that release's writer does, and not on its reader. */
function doubtsOfWriter(doubts: readonly Doubt[] = []): Doubt[] {
  return doubts.flatMap(({ side, ...doubt }) => (side === 'reads' ? [] : [doubt]));
}
