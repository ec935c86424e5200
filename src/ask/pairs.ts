import { eachPair } from '../matrix/expand-table.ts';
import { listPairs, pairsJson } from '../matrix/pairs.ts';
import type { ListedPairs, PairTable } from '../model/pair-table.ts';
import type { Profile } from '../model/profile.ts';
import type { PairsOutput } from '../model/route.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { rankOf } from '../verdict/walk.ts';
import { profileFrom } from './kernels/profiles.ts';
import type { PairSelection } from './matrices/tables.ts';
import { tablesOf } from './matrices/tables.ts';

export interface PairsOptions extends PairSelection {
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Only pairs with one of these verdicts (default: all). */
  verdicts?: readonly Verdict[];
}

/**
 * The pairs of each verdict, worst first, and how many there are: what `luo-abi pairs --format json` prints.
 * @throws ToolError as `matrix`
 */
export async function pairs(options: PairsOptions): Promise<PairsOutput> {
  const { table, listed, ...head } = await listedPairs(options);
  const verdicts = new Set(listed.map(({ answer }) => answer.verdict));
  const ranks = [...new Set(listed.map(({ answer }) => rankOf(answer)))];
  const all = [...eachPair(table)].filter(
    ({ outgoing, incoming, verdict }) => outgoing !== incoming && verdicts.has(verdict),
  );
  return { ...head, pairs: ranks.flatMap((rank) => all.filter((pair) => rankOf(pair) === rank)) };
}

/** The same before it is written out pair by pair. */
export async function listedPairs({
  profile,
  verdicts = [],
  ...selection
}: PairsOptions & { pairByPair?: string | undefined }): Promise<ListedPairs> {
  const profiles = [profileFrom(profile)];
  const [table] = await tablesOf({ ...selection, profiles, carriersOnly: false });
  return listPairs(table as PairTable, verdicts);
}

/** What is printed of listed pairs; they are made as they are written. */
export const jsonOfPairs: (listed: ListedPairs) => unknown = pairsJson;
