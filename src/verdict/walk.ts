import type { ComponentFacts } from '../diff/rule.ts';
import type { ComponentVerdict, Finding } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { ComponentVerdictKind, Effect, Verdict } from '../model/verdict-kind.ts';
import { badness } from '../model/verdict-kind.ts';
import type { ClosureEntry } from './closure.ts';
import { requiredOf } from './closure.ts';
import type { Kernel } from './kernel.ts';
import { factsOf } from './kernel.ts';

// The law of a pair (SEMANTICS, section 4), in one place and over small numbers, so that one pair with all its findings and
// the table of very many pairs follow the same. Components are met in the order in which the incoming kernel reaches them.
// What is refused or misread ends the way for all that rests on it; what is unknown may pass, so that the way goes on.
//
//   rank   0 misread, 1 boot-panic, 2 refused otherwise, 3 unknown, 4 unsupported, 5 with notes, 6 compatible; 7 not reached
//   code   the rank with flags: TELLING where some finding is worth a note, LOSES_SESSIONS where no session can be opened

/** The ranks of verdicts, by number. */
export const RANKS: readonly { verdict: Verdict; isPanic: boolean }[] = [
  { verdict: 'misread', isPanic: false },
  { verdict: 'refused', isPanic: true },
  { verdict: 'refused', isPanic: false },
  { verdict: 'unknown', isPanic: false },
  { verdict: 'unsupported', isPanic: false },
  { verdict: 'compatible-with-notes', isPanic: false },
  { verdict: 'compatible', isPanic: false },
];

export const MISREAD = 0;
export const PANIC = 1;
export const REFUSED = 2;
export const UNKNOWN = 3;
export const UNSUPPORTED = 4;
export const NOTES = 5;
export const COMPATIBLE = 6;
export const UNREACHED = 7;
/** The bits of a code that are its rank. */
export const RANK = 7;
export const TELLING = 8;
export const LOSES_SESSIONS = 16;
/** It follows from what lies below, and nothing of the component itself was looked at. */
export const BELOW = 32;

/** One component on the way, and what its answer counts for. */
export interface WalkStep {
  role: ComponentVerdict['role'];
  /** Bits of the steps that it rests on. */
  needs: number;
  /** Its reader runs at every boot, whatever the profile. */
  isAlways: boolean;
  /** Outside the profile: runs whenever the profile's own state can be there, so that a panic of it decides. */
  panicCounts: boolean;
  /** Whether what panics on its data runs: KHO ends no boot, LUO does where KHO has lost what it looks up. */
  panics: boolean;
  /** Bit of the step that looks up its name. */
  dispatcher: number;
  /** What looks up its name is something that the profile rests on. */
  sharesDispatcher: boolean;
  /** Nobody has described it, and of the incoming kernel nothing is said: whether its name is known there is open. */
  isUnheard: boolean;
}

/** Where the walk asks; by position of the step. */
export interface WalkSource {
  /** A component's code, judged as if everything below it had passed. Asked only of what may be reached. */
  code(step: number): number;
  /** False where the outgoing kernel does not have it. */
  isWritten(step: number): boolean;
}

/** What a pair comes to: its rank, and the step that decided it, -1 where none did. */
export interface Walked {
  rank: number;
  by: number;
}

/** Hears of every step: its code, or UNREACHED; and whether it is to be told of. */
export type Visit = (step: number, code: number, isTold: boolean) => void;

/** How far a walk has come: of one pair, or of all whose codes were the same up to here. */
export interface Way {
  /** Bits of the steps that ended the way for what rests on them, and of those among them that are unsupported. */
  ended: number;
  unsupported: number;
  /** The first required step that is unsupported, -1 where none is. */
  lacking: number;
  /** The worst rank of what counts, one behind the best where nothing was met, and its step. */
  rank: number;
  by: number;
  /** Something that counts was not reached. */
  isOpen: boolean;
  /** Something that does not count has findings that are worth a note. */
  isTelling: boolean;
}

/** The way before its first step. */
export function wayBegun(): Way {
  return {
    ended: 0,
    unsupported: 0,
    lacking: -1,
    rank: COMPATIBLE + 1,
    by: -1,
    isOpen: false,
    isTelling: false,
  };
}

/** Walks the components of a pair; to the end only where all of them are wanted, else until the answer is certain. */
export function walk(
  steps: readonly WalkStep[],
  source: WalkSource,
  { visit, isWhole = false }: { visit?: Visit; isWhole?: boolean } = {},
): Walked {
  const way = wayBegun();
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at] as WalkStep;
    const isWritten = source.isWritten(at);
    const own = isAsked(step, way, isWritten) ? source.code(at) : UNREACHED;
    const code = goOn(way, step, { at, own, isWritten });
    visit?.(at, code, isTold(step, code));
    if (way.lacking >= 0 && !isWhole) break;
  }
  return endOf(way);
}

/** Whether anything of a step's own can matter: otherwise what lies below says all. */
export function isAsked(step: WalkStep, way: Way, isWritten: boolean): boolean {
  if ((step.needs & way.ended) === 0 || !isWritten) return true;
  return step.dispatcher !== 0 && (step.dispatcher & way.ended) === 0;
}

/** Takes a step: `own` is its code where it is asked. Gives the code that it comes to on this way. */
export function goOn(
  way: Way,
  step: WalkStep,
  { at, own, isWritten }: { at: number; own: number; isWritten: boolean },
): number {
  const code = asItRuns(step, codeOn(way, step, own, isWritten));
  const rank = code & RANK;
  if (rank < UNKNOWN || rank === UNSUPPORTED || rank === UNREACHED) way.ended |= 1 << at;
  if (rank === UNSUPPORTED) way.unsupported |= 1 << at;
  if (rank === UNSUPPORTED && step.role === 'required' && way.lacking < 0) way.lacking = at;
  if (!isCounted(step, rank)) way.isTelling ||= (code & TELLING) !== 0 && isTold(step, code);
  else if (rank === UNREACHED) way.isOpen = true;
  else if (rank < way.rank) {
    way.rank = rank;
    way.by = at;
  }
  return code;
}

/** What a way has come to. */
export function endOf({ lacking, rank, by, isOpen, isTelling }: Way): Walked {
  // Where required state cannot be preserved at all, nothing else is the answer.
  if (lacking >= 0) return { rank: UNSUPPORTED, by: lacking };
  if (isOpen && rank > UNKNOWN) return { rank: UNKNOWN, by: -1 };
  if (rank < COMPATIBLE) return { rank, by };
  return { rank: isTelling ? NOTES : COMPATIBLE, by: -1 };
}

function codeOn({ ended, unsupported }: Way, step: WalkStep, own: number, isWritten: boolean): number {
  if ((step.needs & ended) === 0) return own;
  // Names are looked up before anything is read, so that one which nobody knows does its harm whatever else it rests on.
  const isLookedUp = step.dispatcher !== 0 && (step.dispatcher & ended) === 0 && isWritten;
  if (isLookedUp && (own & LOSES_SESSIONS) !== 0) return own;
  // What the outgoing kernel does not write is missing, whatever lies below.
  if (!isWritten) return (own & ~RANK) | UNSUPPORTED;
  return (step.needs & unsupported) !== 0 ? UNSUPPORTED | BELOW : UNREACHED | BELOW;
}

/** Where what would panic does not run, the state is lost and no more. */
function asItRuns({ panics }: WalkStep, code: number): number {
  return (code & RANK) === PANIC && !panics ? (code & ~RANK) | REFUSED : code;
}

/** Required state and what it rests on; and what ends the boot whenever the profile's state can be there. */
export function isCounted({ role, panicCounts }: WalkStep, rank: number): boolean {
  if (role === 'required' || role === 'dependency') return true;
  return role === 'outside' && rank === PANIC && panicCounts;
}

/**
 * Whether a verdict tells of a component: of those outside the profile only what ends the boot, spoils memory or takes the
 * profile's state with it, or may do so.
 */
export function isTold({ role, isAlways, sharesDispatcher, isUnheard }: WalkStep, code: number): boolean {
  if (role !== 'outside') return true;
  const rank = code & RANK;
  if (rank === MISREAD || rank === PANIC) return true;
  if (rank === UNKNOWN) return isAlways || (isUnheard && sharesDispatcher);
  return rank === REFUSED && sharesDispatcher && (code & LOSES_SESSIONS) !== 0;
}

/** The code of a judged component. */
export function codeOf(
  verdict: ComponentVerdictKind,
  effect: Effect | null,
  findings: readonly Pick<Finding, 'impact'>[],
): number {
  if (verdict === 'unreached') return UNREACHED;
  const isTelling = findings.some(({ impact }) => impact !== 'none');
  const losesSessions = verdict === 'refused' && effect === 'all-sessions-lost';
  return rankOf({ verdict, effect }) | (isTelling ? TELLING : 0) | (losesSessions ? LOSES_SESSIONS : 0);
}

/** The rank of an answer. */
export function rankOf({ verdict, effect }: { verdict: Verdict; effect: Effect | null }): number {
  return badness(verdict, effect);
}

/** The verdict of a rank. */
export function verdictAt(rank: number): Verdict {
  return (RANKS[rank] as (typeof RANKS)[number]).verdict;
}

const MAX_STEPS = 31;

/** Whether a kernel has a component whose reader ends the boot where it refuses. */
export function isPanicking({ available, reader }: ComponentFacts): boolean {
  return available !== 'no' && reader?.onRefused === 'boot-panic';
}

/** The steps of a closure, for a profile and the pair that it was made for. */
export function stepsOf(
  entries: readonly ClosureEntry[],
  { profile, outgoing, incoming }: { profile: Profile; outgoing: Kernel; incoming: Kernel },
): WalkStep[] {
  if (entries.length > MAX_STEPS) throw new RangeError(`${entries.length} components in one profile`);
  const positions = new Map(entries.map(({ id }, at) => [id, at]));
  const counted = new Set(
    entries.flatMap(({ id, role }) => (role === 'required' || role === 'dependency' ? id : [])),
  );
  const running = [
    ...(profile.runsWith ?? []),
    ...requiredOf(profile, outgoing).map((own) => factsOf(outgoing, own).boot),
  ];
  const panicking = entries.filter(({ id }) => isPanicking(factsOf(incoming, id)));
  const isRunning = ({ id }: ClosureEntry): boolean =>
    counted.has(id) || running.includes(factsOf(incoming, id).boot);
  const panicRuns = panicking.some(isRunning);
  return entries.map(({ id, role, needs }) => {
    const { boot, reader } = factsOf(incoming, id);
    const { isInferred, definition } = factsOf(outgoing, id);
    const isUndescribed = isInferred === true || definition !== undefined;
    const isAlways = reader?.always === true;
    const dispatcher = (factsOf(outgoing, id).marker ?? factsOf(incoming, id).marker)?.dispatcher;
    const lookedUpAt = dispatcher === undefined ? undefined : positions.get(dispatcher);
    const below = needs.flatMap((need) => positions.get(need) ?? []);
    return {
      role,
      needs: below.reduce((mask, at) => mask | (1 << at), 0),
      isAlways,
      panicCounts: isAlways && running.includes(boot),
      panics: panicRuns || panicking.some((other) => factsOf(incoming, other.id).boot === boot),
      dispatcher: lookedUpAt === undefined ? 0 : 1 << lookedUpAt,
      sharesDispatcher: dispatcher !== undefined && counted.has(dispatcher),
      isUnheard: isUndescribed && dispatcher === 'luo-session' && !incoming.components.has(id),
    };
  });
}
