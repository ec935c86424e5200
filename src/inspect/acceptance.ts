import type { Acceptance, AcceptanceFinding, AcceptanceVerdict } from '../model/inspect.ts';
import type { ComponentVerdictKind, Effect } from '../model/verdict-kind.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { isAvailable } from '../verdict/kernel.ts';
import type { Blob, Identity } from './blob.ts';
import { availableParts, entryOf, ownerOf, ROOT_ENTRY, treeCarrier } from './entries.ts';
import { gateFindings, lostEntries } from './gates.ts';
import type { Known } from './known.ts';

// Whether a kernel would accept what was inspected. First its checks on the bytes themselves; what passes them is then compared
// with what each possible writer lays behind the same marker, for bytes that are accepted may still be read wrongly.

export interface IdentifiedBlob {
  blob: Blob;
  identity: Identity | undefined;
  /** The kernels that could have written it; those of upstream alone where there are any. */
  writers: readonly Kernel[];
}

/** What a pair does with one component, everything below it taken as passed. */
export type ComponentJudge = (
  outgoing: Kernel,
  component: string,
) => { kind: ComponentVerdictKind; effect: Effect | null; message: string | undefined };

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
  const entries = blobs.flatMap(({ identity }) => identity?.entry ?? []);
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
  return [
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
  const { blob, identity } = identified;
  if (!identity) {
    const message = 'what it is is not known; name it with --component';
    return [{ blob: blob.path, component: null, verdict: 'unknown', effect: null, message }];
  }
  const { incoming, known } = request;
  if (identity.entry === undefined) {
    const ids = [...new Set(identity.structs?.map(({ component }) => component))];
    return judgedFindings(request, identified, { ids, isGated: false });
  }
  const gate = { blob, entry: identity.entry, kernel: incoming, known };
  const gates = gateFindings(gate);
  if (gates.some(({ verdict }) => verdict !== 'accepted')) return gates;
  const ids = componentsBehind(incoming, identity.entry);
  return [...gates, ...judgedFindings(request, identified, { ids, isGated: true }), ...lostEntries(gate)];
}

/** The components whose data an entry leads to: its own, those with a node in its tree, and those under their markers. */
function componentsBehind(kernel: Kernel, entry: string): string[] {
  const parts = availableParts(kernel);
  const found = new Set<string>();
  for (const part of parts) {
    if (entryOf(part) === entry || treeCarrier(part.facts.marker)?.entry === entry) found.add(part.id);
  }
  const guardOf = (id: string): string | undefined =>
    parts.find((part) => part.id === id)?.facts.marker?.guardedBy;
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { id } of parts) if (found.has(guardOf(id) ?? '')) found.add(id);
  }
  return [...found];
}

interface Judged {
  release: string;
  kind: ComponentVerdictKind;
  effect: Effect | null;
  message: string | undefined;
}

function judgedFindings(
  { judge, incoming }: AcceptanceRequest,
  { blob, writers }: IdentifiedBlob,
  { ids, isGated }: { ids: readonly string[]; isGated: boolean },
): AcceptanceFinding[] {
  if (writers.length === 0) {
    const message = `no known kernel writes exactly this, so how ${incoming.release} reads it is not known; --release names the writer`;
    return [{ blob: blob.path, component: ids[0] ?? null, verdict: 'unknown', effect: null, message }];
  }
  return ids.flatMap((id) => {
    const answers = writers.map((writer): Judged => ({ release: writer.release, ...judge(writer, id) }));
    // The bytes themselves passed these gates; what a writer might have left elsewhere is not at hand.
    const isBad = ({ kind }: Judged): boolean =>
      kind === 'misread' || kind === 'unknown' || (!isGated && kind === 'refused');
    const bad = answers.filter(isBad);
    const [first] = bad;
    return first ? [summed(blob, id, { first, bad, answers })] : [];
  });
}

function summed(
  blob: Blob,
  component: string,
  { first, bad, answers }: { first: Judged; bad: readonly Judged[]; answers: readonly Judged[] },
): AcceptanceFinding {
  const isSame = bad.length === answers.length && bad.every(({ kind }) => kind === first.kind);
  const kind = isSame && first.kind !== 'unknown' ? (first.kind as 'misread' | 'refused') : 'unknown';
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
  const hint = kind === 'unknown' && first.kind !== 'unknown' ? '; name the writer with --release' : '';
  const message = `as written by ${shown} ${component} ${word}${cause}${hint}`;
  return {
    blob: blob.path,
    component,
    verdict: kind,
    effect: kind === 'unknown' ? null : first.effect,
    message,
  };
}
