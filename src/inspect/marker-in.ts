import { propertyOf, stringsOf } from '../formats/fdt-tree.ts';
import type { Layout } from '../model/layout.ts';
import type { FeatureBits, Marker, MarkerValue } from '../model/marker.ts';
import { MARKER_RULES } from '../model/marker.ts';
import type { Target } from '../model/target.ts';
import { forTarget } from '../model/target.ts';
import type { Blob } from './blob.ts';
import type { Part } from './entries.ts';
import { structCarrier, treeCarrier } from './entries.ts';
import { exactNumber, readBits, readText } from './read-value.ts';

/** The marker that lies in a blob, read as a kernel reads the marker of one of its components. */
export type FoundMarker =
  | { kind: 'bits'; bits: { supported: bigint; required: bigint; active: bigint } }
  | { kind: 'integer'; value: number | string }
  | { kind: 'strings'; values: readonly string[] };

/** Undefined where there is none: another form, too short, no property `compatible`. */
export function markerIn(blob: Blob, part: Part, target: Target): FoundMarker | undefined {
  const { marker } = part.facts;
  if (treeCarrier(marker)?.path === '/') return blob.tree && compatibleOf(blob.tree.root);
  const carrier = structCarrier(marker);
  const layout = carrier && blobLayout(part, carrier.struct, target);
  if (!marker || !layout || blob.tree) return undefined;
  if (MARKER_RULES[marker.kind].holds === 'bits') return featureBits(blob.bytes);
  const member = layout.members.find(({ name }) => name === carrier.member);
  if (!member || member.bitOffset % 8 !== 0) return undefined;
  if (isNumber(marker)) {
    const value = readBits(blob.bytes, member.bitOffset, member.bitSize);
    return value === undefined ? undefined : { kind: 'integer', value: exactNumber(value) };
  }
  const start = member.bitOffset / 8;
  if (start + member.bitSize / 8 > blob.bytes.length) return undefined;
  const { text } = readText(blob.bytes.subarray(start, start + member.bitSize / 8));
  return { kind: 'strings', values: [text] };
}

/** Whether a marker is a bare number. */
export function isNumber({ kind }: Marker): boolean {
  return MARKER_RULES[kind].holds === 'number';
}

/** The entries of a node's `compatible`. */
export function compatibleOf(node: Parameters<typeof propertyOf>[0]): FoundMarker | undefined {
  const value = propertyOf(node, 'compatible');
  const values = value && stringsOf(value);
  return values && { kind: 'strings', values };
}

export function blobLayout({ facts }: Part, struct: string, target: Target): Layout | undefined {
  const state = facts.structs[struct];
  return state && forTarget(state.layout, target);
}

/** The three words at the head of a blob under feature bits: what the writer knows, demands and uses. */
function featureBits(bytes: Uint8Array): FoundMarker | undefined {
  const [supported, required, active] = [0, 64, 128].map((at) => readBits(bytes, at, 64));
  if (supported === undefined || required === undefined || active === undefined) return undefined;
  return { kind: 'bits', bits: { supported, required, active } };
}

/** What was found, as a kernel writes it: each string counts. */
export function valuesOf(found: FoundMarker | undefined): MarkerValue[] {
  if (found === undefined) return [];
  if (found.kind === 'integer') return [found.value];
  if (found.kind === 'strings') return [...found.values];
  const { supported, required, active } = found.bits;
  return [{ supported: String(supported), required: String(required), active: String(active) }];
}

/** Whether the writer of `marker` could have left what was found. */
export function isWritten(found: FoundMarker | undefined, { writes }: Marker): boolean {
  if (writes === undefined || found === undefined) return false;
  if (typeof writes === 'object') return found.kind === 'bits' && sameBits(found.bits, writes);
  return found.kind !== 'bits' && valuesOf(found).some((value) => String(value) === String(writes));
}

function sameBits(
  bits: { supported: bigint; required: bigint; active: bigint },
  written: FeatureBits,
): boolean {
  const { supported, required, active } = written;
  return (
    bits.supported === BigInt(supported) &&
    bits.required === BigInt(required) &&
    bits.active === BigInt(active)
  );
}

/** As people write it. */
export function foundText(found: FoundMarker | undefined): string | null {
  if (found === undefined) return null;
  if (found.kind === 'integer') return String(found.value);
  if (found.kind === 'strings') return found.values.join(', ');
  const { required, active } = found.bits;
  return `features required ${required}, active ${active}`;
}
