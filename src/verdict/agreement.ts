import type {
  Agreement,
  EvidenceDocument,
  EvidenceRecord,
  Outcome,
  PairEvidence,
} from '../model/evidence.ts';
import type { PairVerdict } from '../model/finding.ts';

/** What was predicted of a pair: the part of a verdict that a test can confirm or contradict. */
export type Prediction = Pick<
  PairVerdict,
  'effect' | 'incoming' | 'outgoing' | 'profile' | 'target' | 'verdict'
>;

/**
 * What the records say of a prediction. Records of other pairs, profiles or targets are left out. Pure.
 */
export function agreementOf(prediction: Prediction, records: readonly EvidenceDocument[]): PairEvidence {
  const own = records.filter((record) => isOf(prediction, record));
  const answers = own.map((record) => agreementWith(prediction, record));
  const disagreeing = own.filter((_, index) => answers[index] === 'disagrees').map(({ id }) => id);
  return { agreement: worst(answers), records: own, disagreeing };
}

/**
 * What one record of the pair says of its prediction. A test of a changed kernel, a settled record, and any record of a pair
 * whose verdict is `unknown` confirm and contradict nothing.
 */
export function agreementWith(
  prediction: Pick<Prediction, 'effect' | 'verdict'>,
  { outcome, changed, settled }: Pick<EvidenceRecord, 'changed' | 'outcome' | 'settled'>,
): Agreement {
  if (changed !== undefined || settled !== undefined || prediction.verdict === 'unknown') return 'untested';
  return isAsPredicted(prediction, outcome) ? 'agrees' : 'disagrees';
}

function isOf(prediction: Prediction, record: EvidenceRecord): boolean {
  return (
    prediction.outgoing === record.outgoing &&
    prediction.incoming === record.incoming &&
    prediction.profile === record.profile &&
    prediction.target === record.target
  );
}

/** What may come of data that was taken and read wrongly: a check further on can catch some of it, and say so in its own way. */
const OF_MISREAD: readonly Outcome[] = ['all-sessions-lost', 'boot-panic', 'corruption', 'file-lost'];

/** A run shows only that a pair works: `compatible` and `compatible-with-notes` both predict that. */
function isAsPredicted(
  { verdict, effect }: Pick<Prediction, 'effect' | 'verdict'>,
  outcome: Outcome,
): boolean {
  const isSafe = verdict === 'compatible' || verdict === 'compatible-with-notes';
  if (outcome === 'works' || outcome === 'ignored') return isSafe;
  if (outcome === 'fails') return !isSafe;
  if (outcome === 'unsupported') return verdict === 'unsupported';
  return verdict === 'misread' ? OF_MISREAD.includes(outcome) : !isSafe && effect === outcome;
}

function worst(answers: readonly Agreement[]): Agreement {
  if (answers.includes('disagrees')) return 'disagrees';
  return answers.includes('agrees') ? 'agrees' : 'untested';
}
