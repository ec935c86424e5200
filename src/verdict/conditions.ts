import type { RawFinding } from '../diff/rule.ts';
import { isLoss, LOSS_WORDS } from '../model/condition.ts';
import type { ComponentVerdict, Finding } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import type { ClosureEntry } from './closure.ts';
import type { Kernel } from './kernel.ts';
import { factsOf } from './kernel.ts';

// What an answer depends on. Findings are shared between kernels that write the same, so their conditions speak of the
// outgoing kernel; those of a pair bear its name.

/** Gathers, on the way up, what is not known of the components below each. */
export class UnknownBelow {
  readonly #open = new Map<string, readonly string[]>();

  /** The unknown components that one rests on, the lowest first. Ask in the order of the walk. */
  below({ id, needs }: ClosureEntry, isUnknown: boolean): readonly string[] {
    const below = [...new Set(needs.flatMap((need) => this.#open.get(need) ?? []))];
    this.#open.set(id, isUnknown ? [...below, id] : below);
    return below;
  }
}

/** Where a component stands in a pair. */
export interface Standing {
  outgoing: Kernel;
  incoming: Kernel;
  profile: Profile;
  entry: ClosureEntry;
  below: readonly string[];
}

/** A finding that fails its component, with the condition under which it comes to that. */
export function withCondition(finding: RawFinding, standing: Standing): RawFinding {
  if (!isFailing(finding)) return finding;
  const parts = [
    ...(standing.below.length > 0 ? [`${standing.below.join(' and ')} accepts`] : []),
    ...(finding.condition === undefined ? [] : [finding.condition]),
    ...presence(finding, standing),
  ];
  return parts.length > 0 ? { ...finding, condition: parts.join(', and ') } : finding;
}

function isFailing({ impact }: Pick<Finding, 'impact'>): boolean {
  return impact === 'misread' || impact === 'refused' || impact === 'unknown';
}

/** When there is anything of a component at all: outside the profile, and for what is refused by a look-up of its name. */
function presence(
  { impact }: Pick<Finding, 'impact'>,
  { outgoing, incoming, profile, entry: { id, role } }: Standing,
): string[] {
  const written = factsOf(outgoing, id);
  const marker = written.marker ?? factsOf(incoming, id).marker;
  const isLookedUp = marker?.dispatcher !== undefined && impact === 'refused';
  if (role !== 'outside' && !isLookedUp) return [];
  if (marker?.carrier === 'file-handler') return [`a session of the outgoing kernel holds a ${id} file`];
  if (marker?.dispatcher !== undefined) return [`the outgoing kernel preserves ${id} state`];
  const boot = written.boot ?? factsOf(incoming, id).boot;
  if (boot !== undefined && profile.runsWith?.includes(boot)) return [];
  return [`the outgoing kernel ${boot === undefined ? `preserves ${id} state` : `runs with ${boot}`}`];
}

/**
 * What an answer depends on, losses before notes, each once; nothing where the state cannot be preserved at all. They speak of
 * `the outgoing kernel`, so that pairs may share them.
 */
export function openConditions({
  components,
  verdict,
}: {
  components: readonly ComponentVerdict[];
  verdict: Verdict;
}): string[] {
  if (verdict === 'unsupported') return [];
  const conditions = components.flatMap((component) =>
    component.findings.flatMap((finding) => conditionOf(component, finding) ?? []),
  );
  return [...new Set(conditions)].sort((one, other) => Number(isLoss(other)) - Number(isLoss(one)));
}

/** Faults of releases, and code that nobody has reviewed yet: told by their own names. */
const TOLD_AS_NOTES = ['erratum-applies', 'meaning-may-differ'];

function conditionOf(component: ComponentVerdict, finding: Finding): string | undefined {
  const { impact, condition, effect, subject } = finding;
  if (condition === undefined || impact === 'none' || TOLD_AS_NOTES.includes(finding.rule)) return undefined;
  if (!isFailing(finding)) return `${subject}: ${condition}`;
  if (impact === 'unknown') return `${component.id} is not known, which counts if ${condition}`;
  const words = LOSS_WORDS[impact === 'misread' ? 'corruption' : (effect ?? 'component-absent')];
  const isGeneral = effect === 'boot-panic' || effect === 'all-sessions-lost' || effect === 'state-dropped';
  return `${isGeneral ? words : `${words} (${component.id})`} if ${condition}`;
}
