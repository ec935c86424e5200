import type { PairClass } from '../model/outputs.ts';
import type { PairTable, Unit, UnitPair } from '../model/pair-table.ts';
import type { PairClassifier } from './pair-classes.ts';

/**
 * The pairs of a class, kernels of one unit that have the same partners together: where every release of a series stands for
 * it they are as many as the kernels squared.
 */
export function classPairs(
  classifier: PairClassifier,
  name: PairClass,
  { unitOf, answer }: Pick<PairTable, 'answer' | 'unitOf'>,
): UnitPair[] {
  const rows = gatherRows(classifier, name, unitOf);
  return rows.flatMap(({ outgoing, incoming }) =>
    incoming.map((unit) => ({
      outgoing,
      incoming: unit,
      answer: answer(unitOf[outgoing[0] as number] as number, unitOf[unit[0] as number] as number),
    })),
  );
}

interface Row {
  outgoing: number[];
  incoming: readonly Unit[];
}

/** Outgoing kernels of a unit with the same partners, in the order of their first. */
function gatherRows(classifier: PairClassifier, name: PairClass, unitOf: ArrayLike<number>): Row[] {
  const rows = new Map<string, Row>();
  const partners = new Map<string, readonly Unit[]>();
  const known = new Map<string, Unit>();
  const keyOf = (position: number): string => `${classifier.partnersKey(name, position)} ${unitOf[position]}`;
  for (let outgoing = 0; outgoing < unitOf.length; outgoing += 1) {
    const key = classifier.partnersKey(name, outgoing);
    if (key === undefined) continue;
    const incoming = partners.get(key) ?? inUnits(classifier.incomingOf(name, outgoing), keyOf, known);
    partners.set(key, incoming);
    if (incoming.length === 0) continue;
    const row = `${key} ${unitOf[outgoing]}`;
    const same = rows.get(row);
    if (same) same.outgoing.push(outgoing);
    else rows.set(row, { outgoing: [outgoing], incoming });
  }
  return [...rows.values()];
}

/** Positions by their key, in the order of the first of each; one array for a key wherever it stands. */
function inUnits(
  positions: readonly number[],
  keyOf: (position: number) => string,
  known: Map<string, Unit>,
): Unit[] {
  const units = new Map<string, number[]>();
  for (const position of positions) {
    const key = keyOf(position);
    const own = units.get(key);
    if (own) own.push(position);
    else units.set(key, [position]);
  }
  return [...units].map(([key, own]) => {
    const unit = known.get(key) ?? own;
    known.set(key, unit);
    return unit;
  });
}
