import type { BlobState, InspectedBlob, InspectOutput } from '../model/inspect.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable, layoutLookup } from '../verdict/kernel.ts';
import type { ComponentJudge, IdentifiedBlob } from './acceptance.ts';
import { acceptanceOf } from './acceptance.ts';
import type { Blob, Identity } from './blob.ts';
import { decodeBlob } from './decode-blob.ts';
import { decodeTree } from './decode-tree.ts';
import { ownerOf, ROOT_ENTRY, structCarrier } from './entries.ts';
import { identify, isTreeEntry } from './identify.ts';
import type { Known } from './known.ts';
import { compatibleOf, foundText, isWritten, markerIn } from './marker-in.ts';
import { namedIdentity } from './named-structs.ts';
import { inspectedBytes } from './read-value.ts';
import { isAtHand, stateNote, stateOf, withKnownNames } from './state.ts';
import { misfit, writersOf } from './writers.ts';

export interface InspectRequest {
  blobs: readonly Blob[];
  known: Known;
  /** `--component`: what the blobs are, where nothing in them tells. */
  component?: string | undefined;
  /** The kernel that wrote them, where it is known. */
  writer?: Kernel | undefined;
  /** `--for`: the kernel that is to read them. */
  reader?: { kernel: Kernel; judge: ComponentJudge } | undefined;
}

/** Decodes what one kernel hands to the next. @throws ToolError as `namedIdentity` */
export function inspect({ blobs, known, component, writer, reader }: InspectRequest): InspectOutput {
  const named = writer ? [...known.kernels, writer] : known.kernels;
  const identified = blobs.map((given) => {
    const identity =
      component === undefined
        ? identify(given, named, known.target)
        : namedIdentity(component, given, writer ? [writer] : known.kernels);
    const blob = withKnownNames(given, identity, known);
    const state = stateOf(blob, identity, known);
    const fitting = identity && isAtHand(state) ? writersOf(blob, identity, known) : [];
    return { blob, identity, state, fitting };
  });
  const telling = identified.filter(({ identity, state }) => identity !== undefined && isAtHand(state));
  const all = commonTo(telling.map(({ fitting }) => fitting));
  const shared = preferUpstream(all, known);
  const writersAmong = (fitting: readonly Kernel[]): readonly Kernel[] => {
    if (writer) return [writer];
    return shared.length > 0 ? shared : preferUpstream(fitting, known);
  };
  const pathByEntry = new Map(
    identified
      .filter(({ blob }) => blob.fault === undefined)
      .map(({ blob, identity }) => [
        identity?.entry ?? blob.name,
        { path: blob.path, size: blob.bytes.length },
      ]),
  );
  const decoded = identified.map((entry) => {
    const kernel = writersAmong(entry.fitting).at(-1) ?? nearestKernel(entry.blob, entry.identity, known);
    return decodeOne({ ...entry, kernel, writer, known, pathByEntry });
  });
  const judged: IdentifiedBlob[] = identified.map(({ blob, identity, state, fitting }) => ({
    blob,
    identity,
    state,
    writers: writersAmong(fitting),
    misfit: writer && identity && isAtHand(state) ? misfit(blob, identity, writer, known) : undefined,
  }));
  return {
    target: known.target,
    release: writer?.release ?? null,
    writers: all.map(({ release }) => release),
    writersText: writersText(all, known),
    blobs: decoded,
    ...(reader && {
      acceptance: acceptanceOf({ blobs: judged, incoming: reader.kernel, known, judge: reader.judge }),
    }),
  };
}

function commonTo(lists: readonly (readonly Kernel[])[]): Kernel[] {
  const [first = [], ...others] = lists;
  return first.filter((kernel) => others.every((list) => list.includes(kernel)));
}

/** What a vendor or a posted series changed counts only where upstream has no answer. */
function preferUpstream(kernels: readonly Kernel[], { upstream }: Known): readonly Kernel[] {
  const own = kernels.filter(({ release }) => upstream.has(release));
  return own.length > 0 ? own : kernels;
}

/** The kernel to decode by where none writes exactly this: the newest with that marker, else with that form. */
function nearestKernel(
  blob: Blob,
  identity: Identity | undefined,
  { kernels, upstream, target }: Known,
): Kernel | undefined {
  const newestFirst = [...kernels]
    .reverse()
    .sort((a, b) => Number(upstream.has(b.release)) - Number(upstream.has(a.release)));
  if (identity?.structs) {
    const [first] = identity.structs;
    const has = (kernel: Kernel): boolean =>
      first !== undefined && first.struct in factsOf(kernel, first.component).structs;
    return newestFirst.find(has);
  }
  const entry = identity?.entry;
  if (entry === undefined) return undefined;
  const owned = newestFirst.flatMap((kernel) => {
    const owner = ownerOf(kernel, entry);
    const isForm = owner && isAvailable(owner.facts) && isTreeEntry(owner) === (blob.tree !== undefined);
    return isForm ? [{ kernel, owner }] : [];
  });
  const marked = owned.find(
    ({ owner }) => owner.facts.marker && isWritten(markerIn(blob, owner, target), owner.facts.marker),
  );
  return (marked ?? owned[0])?.kernel;
}

interface DecodeRequest {
  blob: Blob;
  identity: Identity | undefined;
  state: BlobState;
  fitting: readonly Kernel[];
  kernel: Kernel | undefined;
  writer: Kernel | undefined;
  known: Known;
  pathByEntry: ReadonlyMap<string, { path: string; size: number }>;
}

function decodeOne(request: DecodeRequest): InspectedBlob {
  const { blob, identity, state, fitting, kernel, known, pathByEntry } = request;
  const { tree, bytes, path } = blob;
  const entry = identity?.entry;
  const owner = kernel && entry !== undefined ? ownerOf(kernel, entry) : undefined;
  const members =
    kernel && identity && !tree && isAtHand(state)
      ? decodeBlob({ blob, identity, kernel, target: known.target })
      : undefined;
  const marker = tree ? compatibleOf(tree.root) : owner && markerIn(blob, owner, known.target);
  const found = isAtHand(state) ? marker : undefined;
  const blobNamed = (name: string) => pathByEntry.get(name);
  const isDecoded = tree !== undefined || members !== undefined;
  return {
    path,
    size: bytes.length,
    state,
    form: tree ? 'fdt' : members ? 'struct' : 'bytes',
    entry: entry ?? null,
    component: owner?.id ?? identity?.structs?.[0]?.component ?? null,
    recognizedBy: identity?.recognizedBy ?? null,
    marker: foundText(found),
    decodedAs: (isDecoded && identity && kernel?.release) || null,
    writers: fitting.map(({ release }) => release),
    ...(tree && { tree: decodeTree({ root: tree.root, entry, kernel, blobNamed }) }),
    ...(!tree &&
      !blob.fault && {
        members: members ?? [{ name: '(bytes)', offset: 0, type: 'bytes', bytes: inspectedBytes(bytes) }],
      }),
    notes: [...(tree?.remarks ?? []), ...notesOf(request)],
  };
}

function notesOf(request: DecodeRequest): string[] {
  const { blob, identity, state, fitting, kernel, writer, known, pathByEntry } = request;
  const said = stateNote(blob, state, identity);
  if (!isAtHand(state)) return said === undefined ? [] : [said];
  if (!identity) return ['what it is is not known; name it with `component`'];
  const asWriter = writer ?? (fitting.length === 0 ? kernel : undefined);
  const reason = asWriter && misfit(blob, identity, asWriter, known);
  const lead = writer
    ? `${writer.release} would not have written this`
    : 'no known kernel writes exactly this';
  return [
    ...(said === undefined ? [] : [said]),
    ...(reason === undefined ? [] : [`${lead}: ${reason}`]),
    ...(!asWriter && differ(fitting, identity, known)
      ? [`its writers lay it out differently; name one with \`release\``]
      : []),
    ...(identity.entry === ROOT_ENTRY ? strayBlobs(blob, pathByEntry, known) : []),
  ];
}

/** Whether those that could have written a struct disagree on its layout. */
function differ(fitting: readonly Kernel[], { entry, structs }: Identity, known: Known): boolean {
  const texts = preferUpstream(fitting, known).map((kernel) => {
    const owner = entry === undefined ? undefined : ownerOf(kernel, entry);
    const struct = structCarrier(owner?.facts.marker)?.struct;
    const names = structs?.map((named) => named.struct) ?? (struct === undefined ? [] : [struct]);
    const layoutOf = layoutLookup(kernel, known.target);
    return JSON.stringify(names.map((name) => layoutOf(name) ?? null));
  });
  return new Set(texts).size > 1;
}

/** Blobs of known entries that KHO's tree has no node for. */
function strayBlobs(
  { tree }: Blob,
  pathByEntry: DecodeRequest['pathByEntry'],
  { ownersByEntry }: Known,
): string[] {
  if (tree?.cut?.inside !== undefined) return [];
  const names = new Set(tree?.root.children.map(({ name }) => name));
  return [...pathByEntry].flatMap(([entry, { path }]) => {
    if (entry === ROOT_ENTRY || !ownersByEntry.has(entry) || names.has(entry)) return [];
    return [`no node leads to ${path}`];
  });
}

/** Runs of upstream kernels, and how many others: `7.2.6 … 7.3.4, and 3 kernels of vendors or posted series`. */
function writersText(writers: readonly Kernel[], { kernels, upstream }: Known): string {
  const released = kernels.filter(({ release }) => upstream.has(release));
  const runs: Kernel[][] = [];
  let wasIn = false;
  for (const kernel of released) {
    const isIn = writers.includes(kernel);
    if (isIn && wasIn) runs.at(-1)?.push(kernel);
    else if (isIn) runs.push([kernel]);
    wasIn = isIn;
  }
  const texts = runs.map((run) => {
    const [first, last] = [run[0]?.release, run.at(-1)?.release];
    return first === last ? `${first}` : `${first} … ${last}`;
  });
  const others = writers.filter(({ release }) => !upstream.has(release));
  const few =
    others.length <= 3
      ? others.map(({ release }) => release).join(', ')
      : `${others.length} kernels of vendors or posted series`;
  if (others.length > 0) texts.push(texts.length > 0 ? `and ${few}` : few);
  return texts.join(', ');
}
