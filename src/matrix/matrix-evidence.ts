import type { EvidenceDocument } from '../model/evidence.ts';
import type { MatrixPair, ProfileMatrix } from '../model/outputs.ts';
import type { Target } from '../model/target.ts';
import { agreementOf } from '../verdict/agreement.ts';
import { pairKey } from './pair-classes.ts';

/** Says of each pair that was tested whether the tests agree; a matrix of which nothing was tested stays as it is. */
export function withTested(matrix: ProfileMatrix, records: readonly EvidenceDocument[]): ProfileMatrix {
  const { profile } = matrix;
  const target = matrix.target as Target;
  const byPair = new Map<string, EvidenceDocument[]>();
  for (const record of records) {
    if (record.profile !== profile || record.target !== target) continue;
    const key = pairKey(record.outgoing, record.incoming);
    byPair.set(key, [...(byPair.get(key) ?? []), record]);
  }
  if (byPair.size === 0) return matrix;
  const pairs = matrix.pairs.map((pair): MatrixPair => {
    const own = byPair.get(pairKey(pair.outgoing, pair.incoming));
    const agreement = own ? agreementOf({ ...pair, profile, target }, own).agreement : 'untested';
    return agreement === 'untested' ? pair : { ...pair, tested: agreement };
  });
  return { ...matrix, pairs };
}
