import { namedConditions } from '../model/condition.ts';
import type { GateCounts, GatePair, GateProblem, GateReport, GateStatus } from '../model/gate.ts';
import type { PolicyDocument } from '../model/policy.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { GateFindings } from './gate-findings.ts';
import type { GateJudging } from './gate-judge.ts';
import { GateJudge } from './gate-judge.ts';
import { allowedVerdicts, resolvePair } from './gate-outcome.ts';
import {
  bareVerdicts,
  covers,
  disagreement,
  missingEvidence,
  missingKernels,
  notCaptured,
} from './gate-problems.ts';
import type { KnownKernels, SelectedPair } from './gate-selection.ts';
import { selectPairs } from './gate-selection.ts';
import type { GateRules } from './gate-settle.ts';
import { checkChecks } from './limits.ts';
import type { Steps } from './steps.ts';
import { atOnce } from './steps.ts';
import { WaiverBook } from './waiver.ts';
import { waiverProblems } from './waiver-problems.ts';

// The check that fails a build: every pair of a policy under each of its profiles on each of its targets, in one run. It
// fails closed: what could not be checked is a problem, and a problem fails the gate.

/** What tests say of a pair, as far as a gate cares. */
export interface GateEvidence {
  agreement: 'agrees' | 'disagrees' | 'untested';
  /** One sentence for each test that saw something else. */
  disagreements: readonly string[];
}

/** The pair whose tests are asked for, with what was predicted of it. */
export interface EvidenceRequest {
  outgoing: string;
  incoming: string;
  profile: string;
  target: Target;
  verdict: Verdict;
  effect: GatePair['effect'];
}

export interface GateInput extends KnownKernels {
  policy: PolicyDocument;
  /** The policy's path, as it was given. */
  path: string;
  /** The policy's profiles, in its order. */
  profiles: readonly Profile[];
  /** YYYY-MM-DD: the day against which waivers are held. */
  today: string;
  judging: GateJudging;
  /** The kernel of a release in `releases` or `named`. */
  kernelOf(release: string): Kernel | undefined;
  /** Where a waiver begins in the policy; null where that is not known. */
  lineOfWaiver?(position: number): number | null;
  /** What tests say of a pair; without it every pair is untested. */
  evidenceFor?(request: EvidenceRequest): GateEvidence;
  /** What went wrong before: a catalog that is stale. */
  problems?: readonly GateProblem[];
}

const UNTESTED: GateEvidence = { agreement: 'untested', disagreements: [] };

/** Runs a gate. Pure: the same input gives the same report. @throws ToolError TOO_MANY */
export function runGate(input: GateInput): GateReport {
  return atOnce(gateSteps(input));
}

/** The same in steps, a check each. */
export function* gateSteps(input: GateInput): Steps<GateReport> {
  const { policy, path, today } = input;
  const selection = selectPairs(policy, input);
  checkChecks(selection.pairs.length * input.profiles.length * (policy.targets?.length ?? 1));
  const book = new WaiverBook(policy.waivers ?? [], today);
  const { pairs, findings, problems } = yield* judgeAll(input, selection.pairs, book);
  const waivers = book.report((position) => input.lineOfWaiver?.(position) ?? null);
  const all = [
    ...(input.problems ?? []),
    ...selection.problems,
    ...problems,
    ...waiverProblems(waivers, policy),
  ];
  const counts = countPairs(pairs);
  const isFailed = counts.failed > 0 || counts.pairs === 0 || all.some(({ level }) => level === 'error');
  const outcome = isFailed ? 'failed' : 'passed';
  return {
    outcome,
    summary: summarize(outcome, counts, all),
    policy: path,
    today,
    counts,
    pairs: inOrder(pairs),
    findings: findings.list(),
    waivers,
    problems: all,
  };
}

interface Judged {
  pairs: GatePair[];
  findings: GateFindings;
  problems: GateProblem[];
  /** Pairs that fail for what they are: no finding says so, and formats that list findings would be silent. */
  bare: GatePair[];
}

function* judgeAll(input: GateInput, selected: readonly SelectedPair[], book: WaiverBook): Steps<Judged> {
  const { policy, profiles, judging } = input;
  const kernels = kernelsOf(input, selected);
  const judge = new GateJudge([...kernels.values()], profiles, judging);
  const rules: GateRules = {
    allow: allowedVerdicts(policy),
    unreviewed: policy.unreviewed === true,
    failsUncovered: policy.uncovered === 'fail',
    book,
    judge,
  };
  const judged: Judged = {
    pairs: [],
    findings: new GateFindings(),
    problems: missingKernels(selected, kernels),
    bare: [],
  };
  for (const target of new Set(policy.targets ?? [TARGETS[0]])) {
    judged.problems.push(...notCaptured(target, kernels));
    for (const profile of profiles) {
      for (const pair of selected) {
        const outgoing = kernels.get(pair.outgoing);
        const incoming = kernels.get(pair.incoming);
        if (!outgoing || !incoming || !covers(outgoing, target) || !covers(incoming, target)) continue;
        judgeInto(judged, { input, rules, pair, sides: { outgoing, incoming, profile, target } });
        yield;
      }
    }
  }
  judged.problems.push(...bareVerdicts(judged.bare));
  if (policy.evidence === 'required') judged.problems.push(...missingEvidence(judged.pairs));
  return judged;
}

interface PairTask {
  input: GateInput;
  rules: GateRules;
  pair: SelectedPair;
  sides: { outgoing: Kernel; incoming: Kernel; profile: Profile; target: Target };
}

function judgeInto(judged: Judged, { input, rules, pair, sides }: PairTask): void {
  const { outgoing, incoming } = pair;
  const { target } = sides;
  const profile = sides.profile.name;
  const outcome = resolvePair(sides, rules);
  const { verdict, effect } = outcome.pair;
  const request = { outgoing, incoming, profile, target, verdict, effect };
  const { agreement, disagreements } = input.evidenceFor?.(request) ?? UNTESTED;
  const conditions = namedConditions(outcome.pair.conditions, outgoing);
  const isMissing = input.policy.evidence === 'required' && agreement === 'untested';
  const reasons = [
    ...outcome.reasons,
    ...(agreement === 'disagrees' ? ['a test disagrees with the verdict'] : []),
    ...(isMissing ? ['evidence is required, and nobody tested this pair'] : []),
  ];
  const status = reasons.length > 0 ? 'failed' : outcome.status;
  const counted = outcome.findings.filter((settled) => settled.status !== 'noted');
  judged.findings.add(outcome, request);
  if (agreement === 'disagrees') judged.problems.push(disagreement(request, disagreements));
  const gatePair: GatePair = {
    outgoing,
    incoming,
    class: pair.class,
    direction: pair.direction,
    profile,
    target,
    verdict,
    effect,
    status,
    remaining: outcome.remaining,
    reasons,
    evidence: agreement,
    ...(conditions.length > 0 && { conditions }),
    findings: counted.map(({ fingerprint }) => fingerprint),
  };
  judged.pairs.push(gatePair);
  const isBare = outcome.reasons.length > 0 && counted.every((settled) => settled.status !== 'failing');
  if (isBare) judged.bare.push(gatePair);
}

function kernelsOf(input: GateInput, selected: readonly SelectedPair[]): Map<string, Kernel> {
  const releases = new Set(selected.flatMap(({ outgoing, incoming }) => [outgoing, incoming]));
  const kernels = [...releases].flatMap((release) => {
    const kernel = input.kernelOf(release);
    return kernel ? [[release, kernel] as const] : [];
  });
  return new Map(kernels);
}

function countPairs(pairs: readonly GatePair[]): GateCounts {
  const count = (status: GateStatus): number => pairs.filter((pair) => pair.status === status).length;
  return { pairs: pairs.length, passed: count('passed'), waived: count('waived'), failed: count('failed') };
}

function inOrder(pairs: readonly GatePair[]): GatePair[] {
  return (['failed', 'waived', 'passed'] as const).flatMap((status) =>
    pairs.filter((pair) => pair.status === status),
  );
}

function summarize(
  outcome: GateReport['outcome'],
  { pairs, passed, waived, failed }: GateCounts,
  problems: readonly GateProblem[],
): string {
  const errors = problems.filter(({ level }) => level === 'error').length;
  const warnings = problems.length - errors;
  const parts = [
    `${failed} failed`,
    `${waived} pass by a waiver`,
    `${passed} pass`,
    ...(errors > 0 ? [`${errors} problem${errors > 1 ? 's' : ''} of the gate itself`] : []),
    ...(warnings > 0 ? [`${warnings} warning${warnings > 1 ? 's' : ''}`] : []),
  ];
  return `gate ${outcome}: of ${pairs} checks ${parts.join(', ')}`;
}
