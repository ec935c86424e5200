import type { MatrixPair, ProfileMatrix } from '../model/outputs.ts';
import type { PairsOutput } from '../model/route.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { VERDICTS } from '../model/verdict-kind.ts';
import { rankOf } from '../verdict/walk.ts';
import { isSafe } from './route-graph.ts';

/** The pairs of a matrix with some verdicts, worst first; a kernel with itself is no pair. All verdicts where none is named. */
export function listPairs(matrix: ProfileMatrix, verdicts: readonly Verdict[]): PairsOutput {
  const { profile, target, releases, equivalents = [] } = matrix;
  const all = matrix.pairs.filter(({ outgoing, incoming }) => outgoing !== incoming);
  const wanted = verdicts.length > 0 ? verdicts : VERDICTS;
  return {
    profile,
    target,
    releases,
    equivalents,
    counts: countVerdicts(all),
    safe: all.filter(isSafe).length,
    total: all.length,
    pairs: all.filter(({ verdict }) => wanted.includes(verdict)).sort((a, b) => rankOf(a) - rankOf(b)),
  };
}

function countVerdicts(pairs: readonly MatrixPair[]): PairsOutput['counts'] {
  const counts: PairsOutput['counts'] = {};
  for (const verdict of VERDICTS) {
    const count = pairs.filter((pair) => pair.verdict === verdict).length;
    if (count > 0) counts[verdict] = count;
  }
  return counts;
}
