import type { Catalog } from '../../catalog/catalog.ts';
import { judgingFrom } from '../../catalog/judging.ts';
import { ownEvidence } from '../../catalog/own-kernel.ts';
import type { EvidenceDocument, ListedEvidence } from '../../model/evidence.ts';
import type { PairVerdict } from '../../model/finding.ts';
import { PROFILES } from '../../model/profile.ts';
import { agreementWith } from '../../verdict/agreement.ts';
import { judgePair } from '../../verdict/pair.ts';

type Answer = Pick<PairVerdict, 'effect' | 'verdict'>;

/** Records beside what is predicted of their pairs, in their order; each pair is judged once. */
export async function withPredictions(
  records: readonly EvidenceDocument[],
  catalog: Catalog,
): Promise<ListedEvidence[]> {
  const judging = await judgingFrom(catalog);
  const own = new Set(ownEvidence(records, catalog).map(({ id }) => id));
  const known = new Map<string, Answer | null>();
  return records.map((record): ListedEvidence => {
    const { outgoing, incoming, profile, target, changed } = record;
    const key = `${outgoing} ${incoming} ${profile} ${target}`;
    const judged = known.get(key);
    const answer = judged === undefined ? predict(record) : judged;
    known.set(key, answer);
    const predicted = changed === undefined && own.has(record.id) ? answer : null;
    return { ...record, predicted, agreement: predicted ? agreementWith(predicted, record) : 'untested' };
  });

  function predict({ outgoing, incoming, profile: name, target }: EvidenceDocument): Answer | null {
    const [from, to] = [catalog.kernel(outgoing), catalog.kernel(incoming)];
    const profile = PROFILES.find((candidate) => candidate.name === name);
    if (!from || !to || !profile) return null;
    if ([from, to].some(({ targets }) => targets !== undefined && !targets.includes(target))) return null;
    const { verdict, effect } = judgePair({ ...judging, outgoing: from, incoming: to, profile, target });
    return { verdict, effect };
  }
}
