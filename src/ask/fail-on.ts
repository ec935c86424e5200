import type { Agreement } from '../model/evidence.ts';
import type { ComponentVerdict, PairVerdict } from '../model/finding.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { badness } from '../model/verdict-kind.ts';

/** The verdict from which on an answer counts as a failure, in the order of badness. */
export type FailOn = Verdict | 'never';

/** What counts as a failure where nobody says it. */
export const DEFAULT_FAIL_ON: FailOn = 'unsupported';

/** An answer with what its components came to, where that is at hand: a matrix keeps only what decides. */
export type FailingAnswer = Pick<PairVerdict, 'effect' | 'verdict'> & {
  components?: readonly Pick<ComponentVerdict, 'role' | 'verdict'>[];
};

/**
 * Whether some answer is at or above a limit in the order of badness. `unsupported` decides before anything that it rests on,
 * and must not hide that the incoming kernel takes wrong values there: such a component counts by itself.
 */
export function isFailure(answers: readonly FailingAnswer[], failOn: FailOn = DEFAULT_FAIL_ON): boolean {
  if (failOn === 'never') return false;
  const limit = badness(failOn, null);
  return answers.some((answer) => badness(answer.verdict, answer.effect) <= limit || restsOnMisread(answer));
}

/** `misread` is the worst there is, so that it fails under every limit but `never`. */
function restsOnMisread({ components = [] }: FailingAnswer): boolean {
  return components.some(
    ({ role, verdict }) => verdict === 'misread' && (role === 'required' || role === 'dependency'),
  );
}

/** An answer that recorded tests contradict counts as unknown as well, whatever it says. */
export function doubtOf({ tested }: { tested?: Agreement }): FailingAnswer[] {
  return tested === 'disagrees' ? [{ verdict: 'unknown', effect: null }] : [];
}
