import type { ComponentFacts } from '../diff/rule.ts';
import type { ComponentVerdict } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { Kernel } from './kernel.ts';
import { factsOf, isAvailable } from './kernel.ts';

export interface ClosureEntry {
  id: string;
  role: ComponentVerdict['role'];
  /** What must work before it: by the outgoing kernel's account, else by the incoming one's. */
  needs: readonly string[];
}

function needsOf(id: string, outgoing: Kernel, incoming: Kernel): readonly string[] {
  const written = factsOf(outgoing, id);
  return isAvailable(written) || written.needs.length > 0 ? written.needs : factsOf(incoming, id).needs;
}

/**
 * The components that a profile rests on, in the order in which the incoming kernel reaches them: what is needed
 * first, then by id. Behind them those outside the profile that can undo it all the same: whose reader runs at every boot,
 * and files and FLBs that the outgoing kernel may hand over and whose name the incoming one looks up.
 */
export function closureOf(profile: Profile, outgoing: Kernel, incoming: Kernel): ClosureEntry[] {
  const entries = new Map<string, ClosureEntry>();
  const add = (id: string, role: ClosureEntry['role']): void => {
    if (profile.ignored.includes(id) || entries.has(id)) return;
    const needs = needsOf(id, outgoing, incoming);
    entries.set(id, { id, role, needs });
    const below = role === 'required' ? 'dependency' : role;
    for (const need of needs) add(need, below);
  };
  const required = [...requiredOf(profile, outgoing), ...knownOf(profile, outgoing, incoming)];
  for (const id of required) add(id, 'required');
  for (const id of required) promote(entries, id);
  for (const id of optionalOf(profile, outgoing)) add(id, 'optional');
  for (const id of [...new Set([...incoming.components.keys(), ...outgoing.components.keys()])].sort()) {
    if (isOutside(factsOf(outgoing, id), factsOf(incoming, id))) add(id, 'outside');
  }
  return sortByNeeds([...entries.values()]);
}

/** What a pair with this outgoing kernel must carry for a profile. */
export function requiredOf(profile: Profile, outgoing: Kernel): string[] {
  const { required, whereWritten = [], kinds = [] } = profile;
  const written = whereWritten.filter((id) => factsOf(outgoing, id).available !== 'no');
  // As of every kind of state, what the kernel cannot write for want of something below is not among it.
  const unnamed = inferredOf(profile, outgoing).filter((id) => isPreserved(id, outgoing));
  const carried = kinds.filter((kind) => isCarried(kind, outgoing));
  // Where it carries nothing, all of it is missing.
  const missing = carried.length === 0 ? kinds : carried;
  const below = missing.flatMap((kind) => requiredOf(kind, outgoing));
  return [...new Set([...required, ...written, ...unnamed, ...below])];
}

/** What counts wherever one of the kernels is known to have it. */
function knownOf(profile: Profile, outgoing: Kernel, incoming: Kernel): string[] {
  const { whereKnown = [], kinds = [] } = profile;
  const carried = kinds.filter((kind) => isCarried(kind, outgoing));
  const isThere = (id: string): boolean =>
    [outgoing, incoming].some(({ components }) => (components.get(id)?.facts.available ?? 'no') !== 'no');
  return [
    ...whereKnown.filter(isThere),
    ...unheardOf(profile, outgoing, incoming),
    ...carried.flatMap((kind) => knownOf(kind, outgoing, incoming)),
  ];
}

/**
 * Components that no profile can name and that only the incoming kernel is known to have: whether the outgoing one writes what its
 * document does not speak of, and whether the incoming one would miss it, is not known.
 */
export function unheardOf(profile: Profile, outgoing: Kernel, incoming: Kernel): string[] {
  // All of it rests on KHO, whatever a component says that it needs.
  if (factsOf(outgoing, 'kho').available === 'no') return [];
  const couldBe = (id: string, above: readonly string[] = []): boolean =>
    factsOf(incoming, id).needs.every(
      (need) =>
        above.includes(need) || (factsOf(outgoing, need).available !== 'no' && couldBe(need, [...above, id])),
    );
  return inferredOf(profile, incoming).filter(
    (id) => !outgoing.components.has(id) && factsOf(incoming, id).available !== 'no' && couldBe(id),
  );
}

/** The same of a profile and of all its kinds. */
export function unnamedOf(profile: Profile, kernel: Pick<Kernel, 'components'>): string[] {
  const { kinds = [] } = profile;
  return [...inferredOf(profile, kernel), ...kinds.flatMap((kind) => unnamedOf(kind, kernel))];
}

/** The components of a kernel that no profile can name, since luo-abi does not describe them, and that count for it. */
export function inferredOf({ inferred }: Profile, { components }: Pick<Kernel, 'components'>): string[] {
  if (inferred === undefined) return [];
  return [...components].flatMap(([id, { facts }]) => {
    const isOther = facts.isInferred || facts.definition !== undefined;
    const counts = isOther && (inferred === 'all' || facts.marker?.dispatcher === undefined);
    return counts ? id : [];
  });
}

function optionalOf(profile: Profile, outgoing: Kernel): string[] {
  const { optional, whereWritten = [], kinds = [] } = profile;
  const carried = kinds.filter((kind) => isCarried(kind, outgoing));
  return [...whereWritten, ...optional, ...carried.flatMap((kind) => optionalOf(kind, outgoing))];
}

/** Whether a kernel can preserve the state of a profile: all that it requires, and what that rests on; of kinds, any. */
export function isCarried({ required, kinds }: Profile, outgoing: Kernel): boolean {
  if (!required.every((id) => isPreserved(id, outgoing))) return false;
  return kinds === undefined || kinds.some((kind) => isCarried(kind, outgoing));
}

/** Whether a component is there, and all that it rests on. */
function isPreserved(id: string, outgoing: Kernel, above: readonly string[] = []): boolean {
  const { available, needs } = factsOf(outgoing, id);
  return (
    available !== 'no' &&
    needs.every((need) => above.includes(need) || isPreserved(need, outgoing, [...above, id]))
  );
}

function isOutside(written: ComponentFacts, read: ComponentFacts): boolean {
  if (read.reader?.always) return true;
  return isAvailable(written) && written.marker?.dispatcher !== undefined;
}

/** A component that is both required and below another one counts as required. */
function promote(entries: Map<string, ClosureEntry>, id: string): void {
  const entry = entries.get(id);
  if (entry) entry.role = 'required';
}

function sortByNeeds(entries: readonly ClosureEntry[]): ClosureEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const depth = (id: string, seen: ReadonlySet<string> = new Set()): number => {
    const entry = byId.get(id);
    if (!entry || seen.has(id)) return 0;
    const below = entry.needs.map((need) => depth(need, new Set([...seen, id])) + 1);
    return Math.max(0, ...below);
  };
  const keyed = entries.map((entry) => ({ entry, depth: depth(entry.id) }));
  keyed.sort((a, b) => a.depth - b.depth || (a.entry.id < b.entry.id ? -1 : 1));
  return keyed.map(({ entry }) => entry);
}
