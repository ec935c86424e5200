import type { MatrixGroup, MatrixPair, PairClass } from './outputs.ts';
import type { PairsOutput } from './route.ts';

// The verdicts of very many pairs. Kernels that no pair tells apart are one unit: what is known of pairs is known of pairs of
// units, and only what is printed of single kernels is told for each of them.

/** What a pair comes to, without the name of a kernel, so that pairs share it. */
export type TableAnswer = Pick<MatrixPair, 'conditions' | 'decidedBy' | 'effect' | 'marker' | 'verdict'>;

/** Positions of kernels that no pair tells apart, in order; never empty. */
export type Unit = readonly number[];

/** Every pair from a kernel of one unit to a kernel of another, or of the same one. */
export interface UnitPair {
  outgoing: Unit;
  incoming: Unit;
  answer: TableAnswer;
}

/** A pair that was tested, by positions. */
export interface TestedPair {
  outgoing: number;
  incoming: number;
  tested: NonNullable<MatrixPair['tested']>;
}

export interface PairTable {
  profile: string;
  target: string;
  /** Oldest first; positions count from 0. */
  releases: readonly string[];
  /** As in the JSON of a matrix. */
  groups?: MatrixGroup[];
  equivalents: readonly (readonly string[])[];
  /** Only pairs of this class are in it. */
  only?: PairClass;
  /** All positions, in the order of the first of each unit. */
  units: readonly Unit[];
  /** By position: the number of its unit. */
  unitOf: ArrayLike<number>;
  /** By the numbers of two units. */
  answer(outgoing: number, incoming: number): TableAnswer;
  /** The class of a pair, by positions. */
  classOf(outgoing: number, incoming: number): PairClass | undefined;
  /** The incoming kernels with which an outgoing one is a pair of a class, in order. */
  incomingOf(name: PairClass, outgoing: number): readonly number[];
  /** The pairs of a class, whether or not others are in the table, in the order of the first kernels. */
  classPairs(name: PairClass): UnitPair[];
  /** In order. */
  tested: readonly TestedPair[];
}

/** Pairs of some verdicts. A kernel with itself is no pair, though its unit may stand on both sides. */
export interface ListedPairs extends Omit<PairsOutput, 'pairs'> {
  table: PairTable;
  /** The pairs that were asked for, worst first. */
  listed: UnitPair[];
}

/** Every pair that is in a table, in the order of the first kernels. */
export function pairsOf(table: PairTable): UnitPair[] {
  if (table.only !== undefined) return table.classPairs(table.only);
  return table.units.flatMap((outgoing, from) =>
    table.units.map((incoming, to) => ({ outgoing, incoming, answer: table.answer(from, to) })),
  );
}

/** How many pairs of kernels stand behind pairs of units. */
export function countOf(pairs: readonly Pick<UnitPair, 'incoming' | 'outgoing'>[]): number {
  return pairs.reduce((sum, { outgoing, incoming }) => sum + outgoing.length * incoming.length, 0);
}

/** The incoming kernels of one outgoing one, in order, as far as they are in the table. */
export function incomingIn(table: PairTable, outgoing: number): readonly number[] {
  if (table.only !== undefined) return table.incomingOf(table.only, outgoing);
  return table.releases.map((_, position) => position);
}

/** What a pair of kernels comes to, by positions; undefined where it is not in the table. */
export function answerAt(table: PairTable, outgoing: number, incoming: number): TableAnswer | undefined {
  if (table.only !== undefined && table.classOf(outgoing, incoming) !== table.only) return undefined;
  return table.answer(table.unitOf[outgoing] as number, table.unitOf[incoming] as number);
}
