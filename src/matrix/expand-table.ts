import { namedConditions } from '../model/condition.ts';
import type { ClassCount, MatrixPair, ProfileMatrix } from '../model/outputs.ts';
import type { PairTable, UnitPair } from '../model/pair-table.ts';
import { incomingIn } from '../model/pair-table.ts';
import { PAIR_CLASSES, pairKey } from './pair-classes.ts';

// From a table of units to single pairs of kernels, as they are printed for other programs.

/** The whole matrix: as many objects as there are pairs. */
export function expandTable(table: PairTable): ProfileMatrix {
  const { classes, groups, ...head } = headOfTable(table);
  return { ...head, pairs: [...eachPair(table)], classes, ...(groups && { groups }) };
}

/** A matrix without its pairs. */
export function headOfTable(table: PairTable): Omit<ProfileMatrix, 'pairs'> {
  const { profile, target, releases, equivalents, only, groups } = table;
  const classes: ProfileMatrix['classes'] = {};
  for (const name of only === undefined ? PAIR_CLASSES : [only])
    classes[name] = countPairs(table.classPairs(name));
  return {
    profile,
    target,
    releases: [...releases],
    equivalents: equivalents.map((members) => [...members]),
    classes,
    ...(groups && { groups }),
  };
}

/** One pair after the other, by outgoing kernel, then incoming one. */
export function* eachPair(table: PairTable): Generator<MatrixPair> {
  const testedOf = testedByPair(table);
  for (const [from, outgoing] of table.releases.entries()) {
    for (const to of incomingIn(table, from)) yield pairAt(table, from, to, testedOf?.(outgoing, to));
  }
}

/** What tests say of a pair, by the outgoing release and the position of the incoming one; undefined where nothing was tested. */
export function testedByPair({
  tested,
  releases,
}: PairTable): ((outgoing: string, incoming: number) => MatrixPair['tested']) | undefined {
  if (tested.length === 0) return undefined;
  const byPair = new Map(
    tested.map((pair) => [
      pairKey(releases[pair.outgoing] as string, releases[pair.incoming] as string),
      pair.tested,
    ]),
  );
  return (outgoing, incoming) => byPair.get(pairKey(outgoing, releases[incoming] as string));
}

/** A pair by positions, as it is printed. */
export function pairAt(
  table: PairTable,
  outgoing: number,
  incoming: number,
  tested?: MatrixPair['tested'],
): MatrixPair {
  const { releases, unitOf } = table;
  const answer = table.answer(unitOf[outgoing] as number, unitOf[incoming] as number);
  const { verdict, effect, decidedBy, conditions, marker } = answer;
  const name = table.classOf(outgoing, incoming);
  const release = releases[outgoing] as string;
  return {
    outgoing: release,
    incoming: releases[incoming] as string,
    class: name === undefined ? [] : [name],
    verdict,
    effect,
    decidedBy,
    ...(conditions && { conditions: namedConditions(conditions, release) }),
    ...(marker !== undefined && { marker }),
    ...(tested !== undefined && { tested }),
  };
}

function countPairs(pairs: readonly UnitPair[]): ClassCount {
  const verdicts: ClassCount['verdicts'] = {};
  let total = 0;
  for (const { outgoing, incoming, answer } of pairs) {
    const count = outgoing.length * incoming.length;
    verdicts[answer.verdict] = (verdicts[answer.verdict] ?? 0) + count;
    total += count;
  }
  const safe = (verdicts.compatible ?? 0) + (verdicts['compatible-with-notes'] ?? 0);
  return { pairs: total, safe, verdicts };
}
