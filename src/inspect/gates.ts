import type { DeviceTreeNode } from '../formats/fdt-tree.ts';
import { propertyOf } from '../formats/fdt-tree.ts';
import type { AcceptanceFinding } from '../model/inspect.ts';
import { MARKER_RULES, takesBy } from '../model/marker.ts';
import type { Effect } from '../model/verdict-kind.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable } from '../verdict/kernel.ts';
import type { Blob } from './blob.ts';
import type { KnownNode, Part } from './entries.ts';
import { isPath, nodesOf, ownerOf, ROOT_ENTRY, treeCarrier } from './entries.ts';
import { isTreeEntry } from './identify.ts';
import type { Known } from './known.ts';
import type { FoundMarker } from './marker-in.ts';
import { blobLayout, compatibleOf, foundText, markerIn, valuesOf } from './marker-in.ts';
import { mayHaveLost } from './state.ts';
import { pathsOf } from './writers.ts';

// The checks of an incoming kernel, made on the bytes themselves: whether it looks for the entry at all, then size, then the
// marker, then nodes, their markers and properties (SEMANTICS: gates before layouts).

export interface GateRequest {
  blob: Blob;
  entry: string;
  kernel: Kernel;
  known: Known;
}

/** What an incoming kernel has against a blob; empty where it takes it. */
export function gateFindings(request: GateRequest): AcceptanceFinding[] {
  const { blob } = request;
  const owner = readerOf(request);
  if (!owner || owner.facts.available === 'no') return [absent(request, owner)];
  if (!isAvailable(owner.facts)) return [untold(request, owner)];
  const early = [...sizeFindings(request, owner), ...markerFindings(request, owner)];
  const [first] = early;
  if (first) return [first];
  return blob.tree ? treeFindings(request, blob.tree.root, owner) : [];
}

/** The component that comes to the entry, or one of which it is not known whether it does. */
function readerOf({ entry, kernel, known }: GateRequest): Part | undefined {
  const owner = ownerOf(kernel, entry);
  if (owner) return owner;
  const parts = (known.ownersByEntry.get(entry) ?? []).map((id) => ({ id, facts: factsOf(kernel, id) }));
  return parts.find(({ facts }) => facts.available === 'unknown');
}

function untold({ blob, entry, kernel }: GateRequest, owner: Part): AcceptanceFinding {
  const message = `what ${kernel.release} does with ${entry} is not known${reasonOf(owner)}`;
  return { blob: blob.path, component: owner.id, verdict: 'unknown', effect: null, message };
}

function reasonOf({ facts: { reason } }: Part): string {
  return reason === undefined ? '' : `: ${reason}`;
}

function absent({ blob, entry, kernel, known }: GateRequest, owner: Part | undefined): AcceptanceFinding {
  const effect = known.lossByEntry.get(entry) ?? 'component-absent';
  const component = owner?.id ?? known.ownersByEntry.get(entry)?.[0] ?? null;
  return {
    blob: blob.path,
    component,
    verdict: effect === 'ignored' ? 'accepted' : 'refused',
    effect,
    message: `${kernel.release} does not look for ${entry}${owner ? reasonOf(owner) : ''}`,
  };
}

interface Refusal {
  blob: Blob;
  part: Part;
  effect: Effect;
  message: string;
  sees?: string | undefined;
  /** What is missed may be what was cut off. */
  isLost?: boolean;
}

function refusal({ blob, part, effect, message, sees, isLost = false }: Refusal): AcceptanceFinding {
  if (isLost && effect !== 'ignored') {
    const text = `${message}, or was cut off`;
    return { blob: blob.path, component: part.id, verdict: 'unknown', effect: null, message: text };
  }
  // What is only warned of takes nothing away from the hand-over.
  const verdict = effect === 'ignored' ? 'accepted' : 'refused';
  return {
    blob: blob.path,
    component: part.id,
    verdict,
    effect,
    message,
    ...(sees !== undefined && { sees }),
  };
}

function sizeFindings({ blob, known }: GateRequest, owner: Part): AcceptanceFinding[] {
  if (isTreeEntry(owner)) return [];
  return owner.facts.checks.flatMap(({ struct, effect, message: sees }) => {
    const size = blobLayout(owner, struct, known.target)?.size;
    if (size === undefined || blob.bytes.length >= size) return [];
    const message = `${blob.bytes.length} bytes, struct ${struct} has ${size}`;
    return [refusal({ blob, part: owner, effect, message, sees })];
  });
}

function markerFindings({ blob, kernel, known }: GateRequest, owner: Part): AcceptanceFinding[] {
  const found = markerIn(blob, owner, known.target);
  if (isTaken(owner, found)) return [];
  const isLost = blob.tree !== undefined && mayHaveLost(blob, '/', blob.tree.root);
  return [markerRefusal({ blob, part: owner, found, release: kernel.release, isLost })];
}

function isTaken({ facts: { marker } }: Part, found: FoundMarker | undefined): boolean {
  const rule = marker && MARKER_RULES[marker.kind];
  if (!rule || rule.holds === 'nothing') return true;
  const values = valuesOf(found);
  return marker.accepts.some((entry) => values.some((written) => takesBy(marker.kind, entry, written)));
}

interface RefusedMarker {
  blob: Blob;
  part: Part;
  found: FoundMarker | undefined;
  release: string;
  path?: string;
  /** The marker may be one of the names that were cut off. */
  isLost?: boolean;
}

function markerRefusal({
  blob,
  part,
  found,
  release,
  path = '/',
  isLost = false,
}: RefusedMarker): AcceptanceFinding {
  const { marker, reader } = part.facts;
  const accepted = marker?.accepts.map(({ value }) =>
    typeof value === 'object' ? `features ${value.supported}` : value,
  );
  const form = isTreeEntry(part) ? 'devicetree' : 'struct';
  const isOtherForm = (form === 'devicetree') !== (blob.tree !== undefined);
  const where = path === '/' ? '' : `${path}: `;
  const said = isOtherForm
    ? `a ${form === 'struct' ? 'devicetree' : 'struct'}, where a ${form} is expected`
    : `the marker is ${foundText(found) ?? 'not there'}`;
  const message = `${where}${said}; ${release} accepts ${accepted?.join(', ') || 'none'}`;
  const effect = reader?.onRefused ?? 'component-absent';
  const isUnseen = isLost && found === undefined;
  return refusal({ blob, part, effect, message, sees: reader?.refusedMessage, isLost: isUnseen });
}

function treeFindings(request: GateRequest, root: DeviceTreeNode, owner: Part): AcceptanceFinding[] {
  const { blob, entry, kernel } = request;
  const nodes = pathsOf(root);
  const expected = nodesOf(kernel, entry);
  const own = expected.flatMap((known) => {
    const places = nodes.filter(([path]) => isPath(path, known.path) && isRead(request, path));
    if (places.length > 0)
      return places.flatMap(([path, node]) => nodeFindings({ request, known, path, node }));
    const { onMissing, missingMessage: sees } = known.node;
    if (!onMissing || known.isGuest || known.path.includes('<')) return [];
    const message = `the node ${known.path} is missing; ${kernel.release} demands it`;
    const isLost = blob.tree?.cut?.inside !== undefined;
    return [refusal({ blob, part: known.part, effect: onMissing, message, sees, isLost })];
  });
  const strange = nodes
    .filter(([path]) => path !== '/' && !expected.some((known) => isPath(path, known.path)))
    .map(([path]) => note(request, owner, `${kernel.release} does not look for the node ${path}`));
  return [...own, ...strange, ...cutFindings(request, owner)];
}

/** What is lost of the structure block may be anything: an entry that the kernel refuses, or does not look for. */
function cutFindings({ blob, entry }: GateRequest, owner: Part): AcceptanceFinding[] {
  const inside = blob.tree?.cut?.inside;
  if (inside === undefined) return [];
  const message = `${entry} is cut off in ${inside}: what follows is not known`;
  return [{ blob: blob.path, component: owner.id, verdict: 'unknown', effect: null, message }];
}

/** What an incoming kernel does with an entry of which the bytes are not at hand. */
export function unseenFindings(request: GateRequest, why: string): AcceptanceFinding[] {
  const { blob, entry, kernel } = request;
  const owner = readerOf(request);
  if (!owner || owner.facts.available === 'no') return [absent(request, owner)];
  if (!isAvailable(owner.facts)) return [untold(request, owner)];
  const message = `whether ${kernel.release} accepts ${entry} is not known: ${why}`;
  // Whatever it is, the kernel at most warns of it.
  if (owner.facts.reader?.onRefused === 'ignored') return [note(request, owner, why)];
  return [{ blob: blob.path, component: owner.id, verdict: 'unknown', effect: null, message }];
}

function note({ blob }: GateRequest, part: Part, message: string): AcceptanceFinding {
  return { blob: blob.path, component: part.id, verdict: 'accepted', effect: null, message };
}

/** In KHO's tree a kernel looks only at the nodes of its own components. */
function isRead({ entry, kernel }: GateRequest, path: string): boolean {
  if (entry !== ROOT_ENTRY || path === '/') return true;
  const owner = ownerOf(kernel, path.slice(1));
  return owner !== undefined && isAvailable(owner.facts);
}

interface PlacedNode {
  request: GateRequest;
  known: KnownNode;
  path: string;
  node: DeviceTreeNode;
}

function nodeFindings({ request, known, path, node }: PlacedNode): AcceptanceFinding[] {
  const { blob, entry, kernel } = request;
  const { part } = known;
  const carrier = treeCarrier(part.facts.marker);
  if (carrier && carrier.path !== '/' && isPath(path, carrier.path)) {
    const found = compatibleOf(node);
    const isLost = mayHaveLost(blob, path, node);
    if (!isTaken(part, found)) {
      return [markerRefusal({ blob, part, found, release: kernel.release, path, isLost })];
    }
  }
  // What a property of an entry's node costs is up to the component whose entry it is.
  const reader = entry === ROOT_ENTRY && path !== '/' ? (ownerOf(kernel, path.slice(1)) ?? part) : part;
  return known.node.properties.flatMap(({ name, onMissing, exactLength }) => {
    if (!onMissing) return [];
    const value = propertyOf(node, name);
    const isWrong = value === undefined || (exactLength !== undefined && value.length !== exactLength);
    if (!isWrong) return [];
    const what = value === undefined ? 'is missing' : `has ${value.length} bytes, ${exactLength} demanded`;
    const effect = reader === part ? onMissing : milder(onMissing, reader.facts.reader?.onRefused);
    const isLost = value === undefined && mayHaveLost(blob, path, node);
    return [
      refusal({ blob, part: reader, effect, message: `${path}: the property ${name} ${what}`, isLost }),
    ];
  });
}

function milder(one: Effect, other: Effect | undefined): Effect {
  return other !== undefined && EFFECTS.indexOf(other) > EFFECTS.indexOf(one) ? other : one;
}

/** The entries of KHO's tree that this kernel does not look for: they are lost, and hinder nothing else. */
export function lostEntries(request: GateRequest): AcceptanceFinding[] {
  const { blob, entry, known } = request;
  const children = entry === ROOT_ENTRY ? (blob.tree?.root.children ?? []) : [];
  return children.flatMap(({ name }) => {
    const child = { ...request, entry: name };
    const owner = readerOf(child);
    if (owner?.facts.available === 'unknown') return [untold(child, owner)];
    if (owner && owner.facts.available !== 'no') return [];
    if (known.ownersByEntry.has(name)) return [absent(child, owner)];
    const message = `no known kernel looks for the entry ${name}`;
    return [
      { blob: request.blob.path, component: null, verdict: 'accepted' as const, effect: null, message },
    ];
  });
}
