import { JsonList } from '../model/canonical.ts';
import type { ListedPairs, PairTable, TableAnswer, UnitPair } from '../model/pair-table.ts';
import { pairsOf } from '../model/pair-table.ts';
import type { PairsOutput } from '../model/route.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { VERDICTS } from '../model/verdict-kind.ts';
import { rankOf } from '../verdict/walk.ts';
import { isSafe } from './route-graph.ts';
import { rowsOf } from './table-json.ts';

/** The pairs of a table with some verdicts, worst first. All verdicts where none is named. */
export function listPairs(table: PairTable, verdicts: readonly Verdict[]): ListedPairs {
  const { profile, target, releases, equivalents } = table;
  const all = pairsOf(table);
  const wanted = verdicts.length > 0 ? verdicts : VERDICTS;
  return {
    profile,
    target,
    releases: [...releases],
    equivalents: equivalents.map((members) => [...members]),
    counts: countVerdicts(all),
    safe: countOthers(all.filter(({ answer }) => isSafe(answer))),
    total: countOthers(all),
    table,
    listed: all
      .filter((pair) => wanted.includes(pair.answer.verdict) && countOthers([pair]) > 0)
      .sort((a, b) => rankOf(a.answer) - rankOf(b.answer)),
  };
}

/** `pairs --format json`, its pairs made as they are written. */
export function pairsJson({ table, listed, ...head }: ListedPairs): Omit<PairsOutput, 'pairs'> & {
  pairs: JsonList;
} {
  const verdicts = new Set(listed.map(({ answer }) => answer.verdict));
  const ranks = [...new Set(listed.map(({ answer }) => rankOf(answer)))];
  const pairs = new JsonList(function* (indent) {
    for (const rank of ranks) {
      const isWanted = (answer: TableAnswer): boolean =>
        verdicts.has(answer.verdict) && rankOf(answer) === rank;
      yield* rowsOf(table, indent, { isWanted, withoutSelf: true });
    }
  });
  return { ...head, pairs };
}

/** How many pairs of two kernels stand behind pairs of units. */
function countOthers(pairs: readonly UnitPair[]): number {
  return pairs.reduce((sum, { outgoing, incoming }) => {
    const isSame = outgoing === incoming;
    return sum + outgoing.length * (incoming.length - (isSame ? 1 : 0));
  }, 0);
}

function countVerdicts(pairs: readonly UnitPair[]): PairsOutput['counts'] {
  const counts: PairsOutput['counts'] = {};
  for (const verdict of VERDICTS) {
    const count = countOthers(pairs.filter(({ answer }) => answer.verdict === verdict));
    if (count > 0) counts[verdict] = count;
  }
  return counts;
}
