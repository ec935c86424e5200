/** What a trial of a pair came to: it works, it does not, or it could not be made and says nothing. */
export type BisectAnswer = 'bad' | 'good' | 'skip';

/** The first bad of some candidates that come one after the other. */
export interface Turn<T> {
  /** The one at which the answer turns; undefined where all that were asked are good. */
  firstBad: T | undefined;
  /** Candidates right before it that could not be asked: it may be one of these as well. */
  suspects: T[];
}

/**
 * Halves a row of candidates, oldest first, of which the last is asked first. One that cannot be asked is passed over for
 * the nearest that can.
 */
export async function bisect<T>(
  candidates: readonly T[],
  ask: (candidate: T) => Promise<BisectAnswer>,
): Promise<Turn<T>> {
  const answers = new Map<number, BisectAnswer>();
  const answer = async (at: number): Promise<BisectAnswer> => {
    const known = answers.get(at) ?? (await ask(candidates[at] as T));
    answers.set(at, known);
    return known;
  };
  // All before `low` is good, `high` is bad.
  let low = 0;
  let high = candidates.length - 1;
  if (high < 0 || (await answer(high)) !== 'bad') return { firstBad: undefined, suspects: [] };
  for (;;) {
    const middle = (low + high) >> 1;
    const order = Array.from({ length: high - low }, (_, index) => low + index);
    order.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
    let asked: number | undefined;
    for (const at of order) {
      if (answers.get(at) === 'skip' || (await answer(at)) === 'skip') continue;
      asked = at;
      break;
    }
    if (asked === undefined) return { firstBad: candidates[high], suspects: candidates.slice(low, high) };
    if (answers.get(asked) === 'bad') high = asked;
    else low = asked + 1;
  }
}
