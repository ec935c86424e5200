import { MARKER_RULES } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Blob, Identity } from './blob.ts';
import type { Part } from './entries.ts';
import { availableParts, entryOf, ROOT_ENTRY, structCarrier, treeCarrier } from './entries.ts';
import { blobLayout, isNumber, isWritten, markerIn } from './marker-in.ts';

// What a blob is: by a marker that some kernel writes, else by the name of its file (in debugfs the name of the entry), else by
// a marker of a family that is known with another number.

/** Undefined where nothing tells. */
export function identify(blob: Blob, kernels: readonly Kernel[], target: Target): Identity | undefined {
  const parts = distinctParts(kernels);
  const marked = parts.find((part) => isMarked(blob, part, target));
  if (marked) return { entry: entryOf(marked) as string, recognizedBy: 'marker' };
  const isRoot = blob.name === 'fdt' && (blob.tree !== undefined || blob.fault !== undefined);
  const named = isRoot ? ROOT_ENTRY : blob.name;
  if (parts.some((part) => entryOf(part) === named)) return { entry: named, recognizedBy: 'file-name' };
  const kin = parts.find((part) => isKin(blob, part, target));
  return kin && { entry: entryOf(kin) as string, recognizedBy: 'marker' };
}

/** Components with an entry of their own, equal facts once. */
function distinctParts(kernels: readonly Kernel[]): Part[] {
  const seen = new Set<Part['facts']>();
  return kernels.flatMap(availableParts).filter((part) => {
    if (seen.has(part.facts) || entryOf(part) === undefined) return false;
    seen.add(part.facts);
    return true;
  });
}

/** Whether a blob has the marker that a part writes. */
export function isMarked(blob: Blob, part: Part, target: Target): boolean {
  const { marker } = part.facts;
  // Three words of bits are in any blob of that size, and so say nothing; a number says little without the right size.
  if (!marker || MARKER_RULES[marker.kind].holds === 'bits') return false;
  if (!isWritten(markerIn(blob, part, target), marker)) return false;
  return !isNumber(marker) || isExactSize(blob, part, target);
}

function isExactSize(blob: Blob, part: Part, target: Target): boolean {
  const carrier = structCarrier(part.facts.marker);
  return carrier !== undefined && blobLayout(part, carrier.struct, target)?.size === blob.bytes.length;
}

/** `luo-v9` for a part that writes `luo-v5`. */
export function isKin(blob: Blob, part: Part, target: Target): boolean {
  const { marker } = part.facts;
  const found = markerIn(blob, part, target);
  if (found?.kind !== 'strings' || typeof marker?.writes !== 'string') return false;
  const family = familyOf(marker.writes);
  return family !== undefined && found.values.some((value) => familyOf(value) === family);
}

function familyOf(marker: string): string | undefined {
  return /^([a-z][\w-]*)-v\d+(?:;.*)?$/.exec(marker)?.[1];
}

/** Whether a kernel carries an entry as a devicetree. */
export function isTreeEntry({ facts }: Part): boolean {
  return treeCarrier(facts.marker) !== undefined;
}
