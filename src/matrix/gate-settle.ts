import { CALLERS_ID } from '../model/component-state.ts';
import type { ComponentVerdict, Finding } from '../model/finding.ts';
import { fingerprintFindings, partsOf } from '../model/fingerprint.ts';
import type { Answer, GateFinding } from '../model/gate.ts';
import type { Effect, Verdict } from '../model/verdict-kind.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import { isPassed, kindOf } from '../verdict/pair.ts';
import type { GateJudge, JudgedComponent, JudgeRequest } from './gate-judge.ts';
import type { WaiverBook } from './waiver.ts';

// What a policy makes of one component: its findings less those that a waiver covers, and what that comes to.

/** The policy, as far as one pair is concerned. */
export interface GateRules {
  allow: ReadonlySet<Verdict>;
  /** Code that nobody has reviewed passes. */
  unreviewed: boolean;
  /** Callers that no component covers fail, though nothing of them differs. */
  failsUncovered: boolean;
  book: WaiverBook;
  judge: GateJudge;
}

/** A finding with what the policy makes of it. */
export interface SettledFinding {
  finding: Finding;
  fingerprint: string;
  component: string;
  status: GateFinding['status'];
  waiver: number | null;
}

/** `lost`: refused or not preserved, and accepted. `through`: waived or allowed, and what is behind it is judged. */
export type State = 'failing' | 'lost' | 'passed' | 'through' | 'unreached';

/** The rule that tells of code that nobody has reviewed. */
const UNREVIEWED = 'meaning-may-differ';
const NOTED = 'compatible-with-notes';

/** A component under a policy. */
export interface Settled {
  component: ComponentVerdict;
  state: State;
  counts: boolean;
  /** What no waiver accepts; null where nothing is left of it. */
  residual: Answer | null;
  isWaived: boolean;
  findings: SettledFinding[];
}

/** Settles one component of a pair. */
export function settle(
  component: JudgedComponent,
  request: Omit<JudgeRequest, 'passed'>,
  { allow, unreviewed, failsUncovered, book }: GateRules,
): Settled {
  const { counts } = component;
  if (component.verdict === 'unreached') {
    return { component, state: 'unreached', counts, residual: null, isWaived: false, findings: [] };
  }
  const isStrict = !allow.has('compatible-with-notes');
  // Under a worse verdict it is that one which has to be settled.
  const isOpenNote = ({ rule, impact }: Finding): boolean => {
    if (!counts || component.verdict !== NOTED || impact !== 'note') return false;
    return (!unreviewed && rule === UNREVIEWED) || (failsUncovered && component.id === CALLERS_ID);
  };
  const fails = (finding: Finding): boolean => {
    if (finding.impact === 'none') return false;
    return finding.impact === 'note' ? isStrict || isOpenNote(finding) : counts;
  };
  const waivers = counts || isStrict ? waiversOf(component, fails, request, book) : new Map();
  const open = component.findings.filter((finding) => !waivers.has(finding));
  const residual = residualOf(component, open, waivers.size > 0);
  const settled = stateOf(component, residual, allow);
  // What passes but for something that somebody has to look at does not pass.
  const state = settled === 'passed' && open.some(isOpenNote) ? 'failing' : settled;
  const status = (finding: Finding): GateFinding['status'] => {
    if (waivers.has(finding)) return 'waived';
    if (!counts || !fails(finding)) return 'noted';
    return state === 'failing' && (settled === 'failing' || isOpenNote(finding)) ? 'failing' : 'allowed';
  };
  const prints = printsOf(component);
  const findings = component.findings
    .filter(({ impact }) => impact !== 'none')
    .map((finding) => ({
      finding,
      fingerprint: prints.get(finding) ?? '',
      component: component.id,
      status: status(finding),
      waiver: waivers.get(finding) ?? null,
    }));
  return { component, state, counts, residual, isWaived: waivers.size > 0, findings };
}

/** By finding: the waiver that covers it. One that sums up others is covered with all of them, and covers them with it. */
function waiversOf(
  component: ComponentVerdict,
  fails: (finding: Finding) => boolean,
  { outgoing, incoming, target }: Omit<JudgeRequest, 'passed'>,
  book: WaiverBook,
): Map<Finding, number> {
  const prints = printsOf(component);
  const waivers = new Map<Finding, number>();
  for (const finding of component.findings.filter(fails)) {
    const fingerprint = prints.get(finding) ?? '';
    const sides = { outgoing: outgoing.release, incoming: incoming.release, target };
    const waiver = book.find({ finding, fingerprint, component: component.id, ...sides });
    if (waiver !== undefined) waivers.set(finding, waiver);
  }
  for (const summary of component.findings) {
    const parts = partsOf(summary, component.findings);
    const [first] = parts;
    const own = waivers.get(summary);
    if (own !== undefined) {
      for (const part of parts) if (!waivers.has(part)) waivers.set(part, own);
    } else if (first && parts.every((part) => waivers.has(part))) {
      waivers.set(summary, waivers.get(first) as number);
    }
  }
  return waivers;
}

/** The component's verdict from the findings that are left; from all of them, its own. */
function residualOf(
  { verdict, effect }: ComponentVerdict,
  open: readonly Finding[],
  isWaived: boolean,
): Answer | null {
  if (verdict === 'unreached') return null;
  if (!isWaived) return { verdict, effect };
  const worst = kindOf(open);
  const isLost = verdict === 'refused' || verdict === 'unsupported';
  if (isLost && (worst === undefined || worst === 'compatible-with-notes')) return null;
  if (worst === undefined) return { verdict: 'compatible', effect: null };
  const effects = open.filter(({ impact }) => impact === 'refused').map((finding) => finding.effect);
  const refusal: Effect = EFFECTS.find((known) => effects.includes(known)) ?? 'component-absent';
  const left = worst === 'refused' ? refusal : worst === 'misread' ? 'corruption' : null;
  return { verdict: worst, effect: left };
}

function stateOf({ verdict }: ComponentVerdict, residual: Answer | null, allow: ReadonlySet<Verdict>): State {
  if (residual === null) return 'lost';
  const isAllowed = allow.has(residual.verdict);
  if (isPassed(residual.verdict)) {
    if (!isAllowed) return 'failing';
    return isPassed(verdict) ? 'passed' : 'through';
  }
  if (!isAllowed) return 'failing';
  return residual.verdict === 'unknown' ? 'through' : 'lost';
}

const printsByComponent = new WeakMap<readonly Finding[], Map<Finding, string>>();

/** Fingerprints are made once for all pairs that share a judged component. */
function printsOf(component: ComponentVerdict): Map<Finding, string> {
  const known = printsByComponent.get(component.findings);
  if (known) return known;
  const prints = fingerprintFindings(component);
  printsByComponent.set(component.findings, prints);
  return prints;
}
