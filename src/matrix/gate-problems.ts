import type { GatePair, GateProblem } from '../model/gate.ts';
import type { Target } from '../model/target.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { GateRuleId } from './gate-rules.ts';
import { levelOf } from './gate-rules.ts';
import type { SelectedPair } from './gate-selection.ts';

// What a run of the gate reports of itself, in words.

type Check = Pick<GatePair, 'incoming' | 'outgoing' | 'profile' | 'target'>;
type Judgement = Check & Pick<GatePair, 'verdict'>;

/** A release that the selection found and that cannot be read after all. */
export function missingKernels(
  selected: readonly SelectedPair[],
  kernels: ReadonlyMap<string, Kernel>,
): GateProblem[] {
  const wanted = new Set(selected.flatMap(({ outgoing, incoming }) => [outgoing, incoming]));
  return [...wanted]
    .filter((release) => !kernels.has(release))
    .map((release) => problem('capture-missing', `${release}: no capture of this kernel is known`));
}

/** Kernels of which a target of the policy is not known. */
export function notCaptured(target: Target, kernels: ReadonlyMap<string, Kernel>): GateProblem[] {
  return [...kernels.values()]
    .filter((kernel) => !covers(kernel, target))
    .map(({ release, targets = [] }) =>
      problem(
        'capture-missing',
        `${release} was captured for ${targets.join(', ') || 'no target'}, not for ${target}`,
      ),
    );
}

/** Whether a kernel was captured for a target. */
export function covers({ targets }: Kernel, target: Target): boolean {
  return targets === undefined || targets.includes(target);
}

/** One problem for all pairs that nobody tested. */
export function missingEvidence(pairs: readonly GatePair[]): GateProblem[] {
  const untested = pairs.filter(({ evidence }) => evidence === 'untested');
  if (untested.length === 0) return [];
  const message = `${untested.length} of ${pairs.length} checks were not tested: ${listWays(untested)}`;
  return [problem('evidence-missing', message)];
}

/** Pairs that fail for what they are, by verdict. */
export function bareVerdicts(bare: readonly GatePair[]): GateProblem[] {
  const byVerdict = new Map<Verdict, GatePair[]>();
  for (const pair of bare) {
    const verdict = pair.remaining?.verdict ?? pair.verdict;
    byVerdict.set(verdict, [...(byVerdict.get(verdict) ?? []), pair]);
  }
  return [...byVerdict].map(([verdict, own]) =>
    problem('verdict-not-allowed', `${verdict} is not allowed: ${listWays(own)}`),
  );
}

const SHOWN = 3;

function listWays(pairs: readonly GatePair[]): string {
  const rest = pairs.length > SHOWN ? `; and ${pairs.length - SHOWN} more` : '';
  return `${pairs.slice(0, SHOWN).map(wayOf).join('; ')}${rest}`;
}

/** Tests that saw something else than the verdict says. */
export function disagreement(request: Judgement, sentences: readonly string[]): GateProblem {
  const words = sentences.length > 0 ? `: ${sentences.join('; ')}` : '';
  return problem('evidence-disagrees', `${wayOf(request)}, judged ${request.verdict}${words}`);
}

function wayOf(pair: Check): string {
  return `${pair.outgoing} -> ${pair.incoming} (${pair.profile}, ${pair.target})`;
}

function problem(rule: GateRuleId, message: string): GateProblem {
  return { rule, level: levelOf(rule), message, line: null };
}
