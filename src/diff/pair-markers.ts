import type { AcceptedMarker, Marker } from '../model/marker.ts';
import { MARKER_RULES, takesBy } from '../model/marker.ts';
import type { DiffInput } from './diff-input.ts';
import { leavesOf } from './flat-member.ts';
import { knownMarkerOf, namesakesOf } from './known-markers.ts';
import type { KnownMarker, MarkerPair, SideFacts } from './rule.ts';

/** Whether the reader looks for what is written under its name: its own, or that of the entry. */
export function isLookedUp(entry: AcceptedMarker, writes: Marker, reads: Marker): boolean {
  const name = entry.name === undefined ? reads.name : (entry.name ?? undefined);
  return writes.name === name;
}

/** Both markers and the entry by which the reader takes what is written; undefined where a side has none. */
export function pairMarkers(input: DiffInput): MarkerPair | undefined {
  const { component, target, outgoing, incoming } = input;
  const { marker: writes } = outgoing.facts;
  const { marker: reads } = incoming.facts;
  if (!writes || !reads) return undefined;
  const written = writes.writes;
  const isElsewhere = isDisplaced(input, writes, reads);
  const accepted =
    written === undefined || isElsewhere
      ? undefined
      : reads.acceptsAny && writes.name === reads.name
        ? { value: written }
        : reads.accepts.find(
            (entry) => isLookedUp(entry, writes, reads) && takesBy(reads.kind, entry, written),
          );
  return {
    component,
    target,
    outgoing,
    incoming,
    writes,
    reads,
    accepted,
    isDisplaced: isElsewhere,
    namesakes: namesakes(input),
  };
}

/** A string inside a struct is compared with the bytes at the reader's offset; at another offset stands something else. */
function isDisplaced({ outgoing, incoming }: DiffInput, writes: Marker, reads: Marker): boolean {
  if (![writes, reads].every(({ kind }) => MARKER_RULES[kind].isAtOffset)) return false;
  const written = placeOf(writes, outgoing);
  const read = placeOf(reads, incoming);
  return written !== undefined && read !== undefined && written !== read;
}

/** The bit offset of the member that a carrier `struct:NAME.MEMBER` names. */
function placeOf({ carrier }: Marker, { layoutOf }: SideFacts): number | undefined {
  const [, struct = '', member] = /^struct:(\w+)\.(.+)$/.exec(carrier) ?? [];
  const layout = layoutOf(`struct ${struct}`);
  return layout && leavesOf(layout).find(({ name }) => name === member)?.bitOffset;
}

/** Empty where both kernels use the marker for the same: then nothing was reused between them. */
function namesakes({ outgoing, incoming, target, knownMarkers = [] }: DiffInput): KnownMarker[] {
  if (knownMarkers.length === 0) return [];
  const written = knownMarkerOf(outgoing, target);
  const read = knownMarkerOf(incoming, target);
  if (!read || (written?.marker === read.marker && written.layoutHash === read.layoutHash)) return [];
  return namesakesOf(read, knownMarkers);
}
