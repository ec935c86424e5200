import type { EvidenceDocument } from '../model/evidence.ts';
import type { PairTable, TestedPair } from '../model/pair-table.ts';
import { answerAt } from '../model/pair-table.ts';
import type { Target } from '../model/target.ts';
import { agreementOf } from '../verdict/agreement.ts';
import { pairAt } from './expand-table.ts';
import { pairKey } from './pair-classes.ts';

/** Says of each pair that was tested whether the tests agree; a table of which nothing was tested stays as it is. */
export function withTested(table: PairTable, records: readonly EvidenceDocument[]): PairTable {
  const { profile } = table;
  const target = table.target as Target;
  const positions = new Map(table.releases.map((release, position) => [release, position]));
  const byPair = new Map<string, EvidenceDocument[]>();
  for (const record of records) {
    if (record.profile !== profile || record.target !== target) continue;
    const key = pairKey(record.outgoing, record.incoming);
    byPair.set(key, [...(byPair.get(key) ?? []), record]);
  }
  const tested = [...byPair.values()].flatMap((own): TestedPair[] => {
    const [outgoing, incoming] = [own[0]?.outgoing, own[0]?.incoming].map((name) =>
      positions.get(name ?? ''),
    );
    if (outgoing === undefined || incoming === undefined) return [];
    if (!answerAt(table, outgoing, incoming)) return [];
    const { agreement } = agreementOf({ ...pairAt(table, outgoing, incoming), profile, target }, own);
    return agreement === 'untested' ? [] : [{ outgoing, incoming, tested: agreement }];
  });
  return {
    ...table,
    tested: tested.sort((a, b) => a.outgoing - b.outgoing || a.incoming - b.incoming),
  };
}
