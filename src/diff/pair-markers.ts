import type { AcceptedMarker, Marker, MarkerValue } from '../model/marker.ts';
import type { DiffInput } from './diff-input.ts';
import type { KnownMarker } from './known-markers.ts';
import { knownMarkerOf, namesakesOf } from './known-markers.ts';
import type { MarkerPair } from './rule.ts';

/** Equality as the reader decides it. A composite string counts as a whole. */
function takes(entry: AcceptedMarker, written: MarkerValue, reads: Marker): boolean {
  if (typeof written === 'object') {
    if (typeof entry.value !== 'object') return false;
    const known = BigInt(entry.value.supported);
    return (BigInt(written.required) & ~known) === 0n;
  }
  return typeof entry.value !== 'object' && entry.value === written && reads.kind !== 'feature-bits';
}

/** Both markers and the entry by which the reader takes what is written; undefined where a side has none. */
export function pairMarkers(input: DiffInput): MarkerPair | undefined {
  const { outgoing, incoming } = input;
  const { marker: writes } = outgoing.facts;
  const { marker: reads } = incoming.facts;
  if (!writes || !reads) return undefined;
  const written = writes.writes;
  const accepted =
    written === undefined || writes.name !== reads.name
      ? undefined
      : reads.accepts.find((entry) => takes(entry, written, reads));
  return { ...input, writes, reads, accepted, namesakes: namesakes(input) };
}

/** Empty where both kernels use the marker for the same: then nothing was reused between them. */
function namesakes({ outgoing, incoming, target, knownMarkers = [] }: DiffInput): KnownMarker[] {
  if (knownMarkers.length === 0) return [];
  const written = knownMarkerOf(outgoing, target);
  const read = knownMarkerOf(incoming, target);
  if (!read || (written?.marker === read.marker && written.layoutHash === read.layoutHash)) return [];
  return namesakesOf(read, knownMarkers);
}
