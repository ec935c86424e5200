import type { Answer, GateStatus } from '../model/gate.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { badness } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import type { JudgedPair, JudgeRequest } from './gate-judge.ts';
import type { GateRules, Settled, SettledFinding } from './gate-settle.ts';
import { settle } from './gate-settle.ts';

// What a policy makes of one pair. Every component that counts must pass by itself; a waiver takes away findings, never a
// component, and what is behind a waived finding is judged in its turn:
//   refused, unsupported  nothing behind it is read: its state and all that rests on it is lost, as was accepted
//   misread, unknown      the incoming kernel reads on: what rests on it is judged as if it had passed

/** What a policy makes of a pair. */
export interface PairOutcome {
  pair: JudgedPair;
  status: GateStatus;
  remaining: Answer | null;
  reasons: string[];
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
