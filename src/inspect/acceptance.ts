import type { Acceptance, AcceptanceFinding, AcceptanceVerdict, BlobState } from '../model/inspect.ts';
import type { Effect } from '../model/verdict-kind.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf, isAvailable } from '../verdict/kernel.ts';
import type { Blob, Identity } from './blob.ts';
import type { ComponentAnswer } from './component-answer.ts';
import type { Part } from './entries.ts';
import { availableParts, entryOf, isPath, ownerOf, ROOT_ENTRY, treeCarrier } from './entries.ts';
import type { GateRequest } from './gates.ts';
import { gateFindings, lostEntries, unseenFindings } from './gates.ts';
import type { Known } from './known.ts';
import { cutNames, isAtHand, stateNote } from './state.ts';
import { pathsOf } from './writers.ts';

// Whether a kernel would accept what was inspected. First its checks on the bytes themselves; what passes them is then compared
// with what each possible writer lays behind the same marker, for bytes that are accepted may still be read wrongly.

export interface IdentifiedBlob {
  blob: Blob;
  identity: Identity | undefined;
  state: BlobState;
  /** The kernels that could have written it; those of upstream alone where there are any. */
  writers: readonly Kernel[];
  /** Why the writer that was named cannot have written it, in words. */
  misfit?: string | undefined;
}

/** What a pair does with one component, everything below it taken as passed. */
export type ComponentJudge = (outgoing: Kernel, component: string) => ComponentAnswer;

export interface AcceptanceRequest {
  blobs: readonly IdentifiedBlob[];
  incoming: Kernel;
  known: Known;
  judge: ComponentJudge;
}

/** The answer of an incoming kernel to all blobs, in the order in which it comes to them. */
export function acceptanceOf(request: AcceptanceRequest): Acceptance {
  const { blobs, incoming } = request;
  const isRoot = ({ identity }: IdentifiedBlob): boolean => identity?.entry === ROOT_ENTRY;
  const roots = blobs.filter(isRoot);
  const others = blobs.filter((blob) => !isRoot(blob));
  const first = roots.flatMap((blob) => blobFindings(request, blob));
  const isShut = first.some(({ verdict, effect }) => verdict === 'refused' && effect === 'state-dropped');
  const findings = isShut ? first : first.concat(others.flatMap((blob) => blobFindings(request, blob)));
  const unique = withoutRepeats(findings);
  return {
    release: incoming.release,
    ...overall(unique),
    findings: unique,
    unreached: isShut ? others.map(({ blob }) => blob.path) : [],
    assumed: assumptions(request),
  };
}

/** What has to pass before the kernel comes to these blobs, and is not among them. */
function assumptions({ blobs, incoming }: AcceptanceRequest): string[] {
  const entries = blobs.flatMap(({ identity, state }) =>
    state === 'missing' ? [] : (identity?.entry ?? []),
  );
  const isSingle = blobs.some(({ identity }) => identity?.structs !== undefined);
  const children = blobs.flatMap(({ blob, identity }) =>
    identity?.entry === ROOT_ENTRY ? (blob.tree?.root.children ?? []) : [],
  );
  const absent = children
    .map(({ name }) => name)
    .filter((name) => {
      const owner = ownerOf(incoming, name);
      return owner !== undefined && isAvailable(owner.facts) && !entries.includes(name);
    });
  const names = blobs.flatMap(({ blob }) => (blob.tree ? cutNames(blob.tree.root).fitting : []));
  return [
    ...(names.length > 0 ? [`the names that were cut off are ${[...new Set(names)].join(', ')}`] : []),
    ...(entries.includes(ROOT_ENTRY) ? [] : ["KHO's own tree is accepted"]),
    ...(absent.length > 0 ? [`what stands behind ${[...new Set(absent)].join(', ')} is accepted`] : []),
    ...(isSingle ? ['what leads to the structs is accepted'] : []),
  ];
}

/** An entry that nobody looks for is said once, at KHO's tree, even where its own blob was given too. */
function withoutRepeats(findings: readonly AcceptanceFinding[]): AcceptanceFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ component, message }) => {
    const key = `${component} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}

const ORDER: readonly AcceptanceVerdict[] = ['misread', 'refused', 'unknown', 'accepted'];

function overall(findings: readonly AcceptanceFinding[]): {
  verdict: AcceptanceVerdict;
  effect: Effect | null;
} {
  const verdict =
    ORDER.find((candidate) => findings.some((finding) => finding.verdict === candidate)) ?? 'accepted';
  const effects = findings.filter((finding) => finding.verdict === verdict).map(({ effect }) => effect);
  const effect =
    verdict === 'accepted' ? null : (EFFECTS.find((candidate) => effects.includes(candidate)) ?? null);
  return { verdict, effect };
}

function blobFindings(request: AcceptanceRequest, identified: IdentifiedBlob): AcceptanceFinding[] {
  const { blob, identity, state } = identified;
  if (!identity) {
    const message = stateNote(blob, state, identity) ?? 'what it is is not known; name it with `component`';
    return [{ blob: blob.path, component: null, verdict: 'unknown', effect: null, message }];
  }
  const { incoming, known } = request;
  if (identity.entry === undefined) {
    const ids = [...new Set(identity.structs?.map(({ component }) => component))];
    return judgedFindings(request, identified, { ids, own: ids, isGated: false });
  }
  const gate = { blob, entry: identity.entry, kernel: incoming, known };
  if (!isAtHand(state)) return unseenBlob(request, identified, gate);
  const gates = gateFindings(gate);
  if (gates.some(({ verdict }) => verdict !== 'accepted')) return gates;
  const own = ownerOf(incoming, identity.entry)?.id;
  // What nobody looks for, and what is only warned of and left alone, is not read at all.
  if (own === undefined || gates.some(({ component, effect }) => component === own && effect === 'ignored'))
    return gates;
  const kernels = [incoming, ...identified.writers];
  const ids = [...new Set(kernels.flatMap((kernel) => componentsBehind(kernel, gate.entry)))];
  const judged = judgedFindings(request, identified, { ids, own: [own], isGated: true });
  return [...gates, ...judged, ...lostEntries(gate)];
}

/** Of bytes that are not at hand: what the kernels that wrote the rest write is known to be refused, or misread; else unknown. */
function unseenBlob(
  request: AcceptanceRequest,
  identified: IdentifiedBlob,
  gate: GateRequest,
): AcceptanceFinding[] {
  const { blob, state, identity, writers } = identified;
  const own = ownerOf(gate.kernel, gate.entry)?.id;
  const judged =
    own === undefined || writers.length === 0
      ? []
      : judgedFindings(request, identified, { ids: [own], own: [own], isGated: false });
  const told = judged.filter(({ verdict }) => verdict === 'refused' || verdict === 'misread');
  return told.length > 0 ? told : unseenFindings(gate, stateNote(blob, state, identity) ?? state);
}

/**
 * The components of a kernel whose data an entry leads to: its own, those with a node in its tree, those under their markers, and
 * what these rest on.
 */
function componentsBehind(kernel: Kernel, entry: string): string[] {
  const parts = availableParts(kernel);
  const found = new Set<string>();
  for (const part of parts) {
    if (entryOf(part) === entry || treeCarrier(part.facts.marker)?.entry === entry) found.add(part.id);
  }
  const guardOf = (id: string): string | undefined =>
    parts.find((part) => part.id === id)?.facts.marker?.guardedBy;
  // What has no entry and no node of its own (KHO's blocks) lies where those lead that rest on it.
  const isBare = (part: Part): boolean => entryOf(part) === undefined && !treeCarrier(part.facts.marker);
  const needed = (ids: ReadonlySet<string>): Set<string> =>
    new Set(parts.filter(({ id }) => ids.has(id)).flatMap(({ facts }) => facts.needs));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id } of parts) if (found.has(guardOf(id) ?? '')) found.add(id);
    for (const { id } of parts.filter(isBare)) if (needed(found).has(id)) found.add(id);
  }
  return [...found];
}

interface Judged extends ComponentAnswer {
  release: string;
}

interface Parts {
  ids: readonly string[];
  /** Those whose data the blob itself is. */
  own: readonly string[];
  /** The incoming kernel's own checks were made on the bytes. */
  isGated: boolean;
}

function judgedFindings(
  { judge, incoming }: AcceptanceRequest,
  { blob, identity, writers, misfit }: IdentifiedBlob,
  { ids, own, isGated }: Parts,
): AcceptanceFinding[] {
  if (misfit !== undefined) {
    const names = writers.map(({ release }) => release).join(', ');
    const message = `${names} would not have written this: ${misfit}; so how ${incoming.release} reads it is not known`;
    return [{ blob: blob.path, component: own[0] ?? null, verdict: 'unknown', effect: null, message }];
  }
  if (writers.length === 0) {
    const message = `no known kernel writes exactly this, so how ${incoming.release} reads it is not known; \`release\` names the writer`;
    return [{ blob: blob.path, component: ids[0] ?? null, verdict: 'unknown', effect: null, message }];
  }
  return ids.flatMap((id) => {
    const leaving = writers.filter((writer) => hasLeft(writer, id, { blob, identity }));
    const answers = leaving.map((writer): Judged => ({ release: writer.release, ...judge(writer, id) }));
    // The bytes themselves passed these gates; what a writer might have left elsewhere is not at hand.
    const isBad = ({ kind, isAbsent }: Judged): boolean => {
      if (kind === 'refused') return isAbsent || !isGated;
      if (kind === 'unsupported' || kind === 'unreached') return own.includes(id);
      return kind === 'misread' || kind === 'unknown';
    };
    const bad = answers.filter(isBad);
    const [first] = bad;
    return first ? [summed(blob, id, { first, bad, answers })] : [];
  });
}

/** Whether something of a part may be in the blob: not where it has a node of its own in that tree, and there is none. */
function hasLeft(
  writer: Kernel,
  id: string,
  { blob, identity }: Pick<IdentifiedBlob, 'blob' | 'identity'>,
): boolean {
  const carrier = treeCarrier(factsOf(writer, id).marker);
  if (!blob.tree || carrier === undefined || carrier.entry !== identity?.entry) return true;
  return pathsOf(blob.tree.root).some(([at]) => isPath(at, carrier.path));
}

function summed(
  blob: Blob,
  component: string,
  { first, bad, answers }: { first: Judged; bad: readonly Judged[]; answers: readonly Judged[] },
): AcceptanceFinding {
  const isSame = bad.length === answers.length && bad.every(({ kind }) => kind === first.kind);
  const isTold = first.kind === 'misread' || first.kind === 'refused';
  const kind = isSame && isTold ? (first.kind as 'misread' | 'refused') : 'unknown';
  const cause = first.message === undefined ? '' : `: ${first.message}`;
  const names = bad.map(({ release }) => release);
  const shown =
    names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
  const words = {
    misread: 'is accepted and read wrongly',
    refused: 'is refused',
    unknown: 'cannot be told',
  } as const;
  const word = words[first.kind as keyof typeof words] ?? words.unknown;
  const hint = kind === 'unknown' && isTold ? '; name the writer with `release`' : '';
  const message = `as written by ${shown} ${component} ${word}${cause}${hint}`;
  return {
    blob: blob.path,
    component,
    verdict: kind,
    effect: kind === 'unknown' ? null : first.effect,
    message,
  };
}
