import type { ComponentVerdict, Finding } from '../model/finding.ts';
import { fingerprintFindings, partsOf } from '../model/fingerprint.ts';
import type { Answer, GateFinding, GateStatus } from '../model/gate.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Effect, Verdict } from '../model/verdict-kind.ts';
import { badness, EFFECTS } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import { isDecisive, isPassed } from '../verdict/pair.ts';
import type { GateJudge, JudgedPair, JudgeRequest } from './gate-judge.ts';
import type { WaiverBook } from './waiver.ts';

// What a policy makes of one pair. Every component that counts must pass by itself; a waiver takes away findings, never a
// component, and what is behind a waived finding is judged in its turn:
//   refused, unsupported  nothing behind it is read: its state and all that rests on it is lost, as was accepted
//   misread, unknown      the incoming kernel reads on: what rests on it is judged as if it had passed

/** The policy, as far as one pair is concerned. */
export interface GateRules {
  allow: ReadonlySet<Verdict>;
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

export interface PairOutcome {
  pair: JudgedPair;
  status: GateStatus;
  remaining: Answer | null;
  reasons: string[];
  findings: SettledFinding[];
}

/** `lost`: refused or not preserved, and accepted. `through`: waived or allowed, and what is behind it is judged. */
type State = 'failing' | 'lost' | 'passed' | 'through' | 'unreached';

interface Settled {
  component: ComponentVerdict;
  state: State;
  counts: boolean;
  /** What no waiver accepts; null where nothing is left of it. */
  residual: Answer | null;
  isWaived: boolean;
  findings: SettledFinding[];
}

/** The verdicts that a policy lets pass; `compatible` always does. */
export function allowedVerdicts({
  allow = ['compatible', 'compatible-with-notes'],
  unknown,
}: PolicyDocument): Set<Verdict> {
  const asked: readonly Verdict[] = unknown === 'allow' ? [...allow, 'unknown'] : allow;
  return new Set<Verdict>(['compatible', ...asked]);
}

/** Judges a pair and settles each of its components. */
export function resolvePair(request: Omit<JudgeRequest, 'passed'>, rules: GateRules): PairOutcome {
  const pair = rules.judge.judge({ ...request, passed: [] });
  const settled = new Map<string, Settled>();
  let passed: readonly string[] = [];
  for (let judged = pair; ; judged = rules.judge.judge({ ...request, passed })) {
    for (const component of judged.components) {
      const known = settled.get(component.id);
      if (known && known.state !== 'unreached') continue;
      const role = known?.component.role ?? component.role;
      settled.set(component.id, settle({ ...component, role }, request, rules));
    }
    const through = [...settled].filter(([, { state }]) => state === 'through').map(([id]) => id);
    if (through.length === passed.length) break;
    passed = through.sort();
  }
  explainUnreached(settled, pair, request.outgoing);
  return conclude(pair, [...settled.values()], rules);
}

function settle(
  component: ComponentVerdict,
  request: Omit<JudgeRequest, 'passed'>,
  { allow, book }: GateRules,
): Settled {
  const counts = isDecisive(request, component);
  if (component.verdict === 'unreached') {
    return { component, state: 'unreached', counts, residual: null, isWaived: false, findings: [] };
  }
  const isStrict = !allow.has('compatible-with-notes');
  const fails = ({ impact }: Finding): boolean =>
    impact !== 'none' && (impact !== 'note' ? counts : isStrict);
  const waivers = counts || isStrict ? waiversOf(component, fails, request, book) : new Map();
  const open = component.findings.filter((finding) => !waivers.has(finding));
  const residual = residualOf(component, open, waivers.size > 0);
  const state = stateOf(component, residual, allow);
  const status = (finding: Finding): GateFinding['status'] => {
    if (waivers.has(finding)) return 'waived';
    if (!counts || !fails(finding)) return 'noted';
    return state === 'failing' ? 'failing' : 'allowed';
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

const VERDICT_BY_IMPACT = [
  ['refused', 'refused'],
  ['unsupported', 'unsupported'],
  ['misread', 'misread'],
  ['unknown', 'unknown'],
  ['note', 'compatible-with-notes'],
] as const;

/** The component's verdict from the findings that are left; from all of them, its own. */
function residualOf(
  { verdict, effect }: ComponentVerdict,
  open: readonly Finding[],
  isWaived: boolean,
): Answer | null {
  if (verdict === 'unreached') return null;
  if (!isWaived) return { verdict, effect };
  const worst = VERDICT_BY_IMPACT.find(([impact]) => open.some((finding) => finding.impact === impact))?.[1];
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

/**
 * What rests on lost state is lost with it. Nothing else may stay unreached: that would be a component of which nobody
 * knows why it is not judged.
 */
function explainUnreached(settled: Map<string, Settled>, { closure }: JudgedPair, outgoing: Kernel): void {
  const isAccountedFor = (id: string): boolean => {
    const state = settled.get(id)?.state;
    return state === 'lost' || state === 'failing' || state === 'unreached';
  };
  const isAcceptedGap = (id: string): boolean => {
    const entry = settled.get(id);
    return entry?.state === 'lost' && entry.component.verdict === 'unsupported';
  };
  if ([...settled.values()].every(({ state }) => state === 'passed')) return;
  for (const { id, needs } of closure) {
    const entry = settled.get(id);
    if (!entry) continue;
    const { verdict } = entry.component;
    const follows = verdict === 'unsupported' && factsOf(outgoing, id).available !== 'no';
    if (follows && entry.state === 'failing' && needs.some(isAcceptedGap)) {
      settled.set(id, { ...entry, state: 'lost', residual: null });
    } else if (verdict === 'unreached' && !needs.some(isAccountedFor)) {
      settled.set(id, { ...entry, state: 'failing', residual: { verdict: 'unknown', effect: null } });
    }
  }
}

function conclude(pair: JudgedPair, settled: readonly Settled[], { allow }: GateRules): PairOutcome {
  const counted = settled.filter(({ counts }) => counts);
  const remaining = remainingOf(settled, counted);
  const failing = counted.filter(({ state }) => state === 'failing');
  const reasons = reasonsOf(failing);
  if (reasons.length === 0 && remaining !== null && !allow.has(remaining.verdict)) {
    reasons.push(`${remaining.verdict} is not allowed by the policy`);
  }
  const isWaived = settled.some((entry) => entry.isWaived);
  const status = reasons.length > 0 ? 'failed' : isWaived ? 'waived' : 'passed';
  return { pair, status, remaining, reasons, findings: settled.flatMap(({ findings }) => findings) };
}

/** The worst of what is left; null where all that is left is lost; unknown where nothing was judged at all. */
function remainingOf(settled: readonly Settled[], counted: readonly Settled[]): Answer | null {
  const answers = counted.flatMap(({ residual }) => residual ?? []);
  const [worst] = answers.sort((a, b) => badness(a.verdict, a.effect) - badness(b.verdict, b.effect));
  if (!worst) {
    return counted.some(({ state }) => state === 'lost') ? null : { verdict: 'unknown', effect: null };
  }
  const hasNotes = settled.some(({ counts, findings }) =>
    findings.some(({ status }) => status === 'noted' && !counts),
  );
  return worst.verdict === 'compatible' && hasNotes
    ? { verdict: 'compatible-with-notes', effect: null }
    : worst;
}

/** One sentence for each component with a finding; those that the outgoing kernel just does not have are named together. */
function reasonsOf(failing: readonly Settled[]): string[] {
  const isGap = ({ residual, findings }: Settled): boolean =>
    residual?.verdict === 'unsupported' && findings.every(({ status }) => status !== 'failing');
  const gaps = failing.filter(isGap).map(({ component: { id } }) => id);
  const told = failing.filter((entry) => !isGap(entry)).map(reasonOf);
  return gaps.length > 0 ? [...told, `the outgoing kernel cannot preserve ${gaps.join(', ')}`] : told;
}

function reasonOf({ component: { id }, residual, findings }: Settled): string {
  const { verdict, effect } = residual ?? { verdict: 'unknown', effect: null };
  const effectWords = effect === null ? '' : ` (${effect})`;
  const first = findings.find(({ status }) => status === 'failing');
  return `${id} is ${verdict}${effectWords}${first ? `: ${first.finding.message}` : ''}`;
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
