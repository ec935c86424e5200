import type { EvidenceDocument } from '../model/evidence.ts';
import { agreementOf } from '../verdict/agreement.ts';
import type { EvidenceRequest, GateEvidence } from './gate.ts';
import { pairKey } from './pair-classes.ts';

/** Answers a gate out of records of tests. */
export function evidenceLookup(
  records: readonly EvidenceDocument[],
): (request: EvidenceRequest) => GateEvidence {
  const byPair = new Map<string, EvidenceDocument[]>();
  for (const record of records) {
    const key = pairKey(record.outgoing, record.incoming);
    byPair.set(key, [...(byPair.get(key) ?? []), record]);
  }
  return (request) => {
    const own = byPair.get(pairKey(request.outgoing, request.incoming)) ?? [];
    const { agreement, disagreeing } = agreementOf(request, own);
    const contrary = own.filter(({ id }) => disagreeing.includes(id));
    return { agreement, disagreements: contrary.map(sentenceOf) };
  };
}

function sentenceOf({ outcome, seen, who, date, id }: EvidenceDocument): string {
  const words = seen === undefined ? '' : ` (${seen})`;
  return `${who} saw ${outcome}${words}, ${date}, record ${id}`;
}
