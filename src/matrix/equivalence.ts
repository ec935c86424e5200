import type { TableAnswer } from '../model/pair-table.ts';
import type { Steps } from './steps.ts';
import { atOnce } from './steps.ts';

// Kernels that write and read the same are one class: with every other kernel, on either side, they have the same answer.

/** What stands in a table. */
type CellOf = (row: number, column: number) => number | string;

/**
 * Numbers of 0..size-1 gathered into classes of those that have equal cells, in row and column, with every number.
 * Classes stand in the order of their first member, members in theirs.
 */
export function partition(size: number, cellOf: CellOf): number[][] {
  return atOnce(partitionSteps(size, cellOf));
}

/** The same in steps: a row each. */
export function* partitionSteps(size: number, cellOf: CellOf): Steps<number[][]> {
  const byCells = new Map<string, number[]>();
  for (let at = 0; at < size; at += 1) {
    const cells: (number | string)[] = [];
    for (let other = 0; other < size; other += 1) cells.push(cellOf(at, other), cellOf(other, at));
    gather(byCells, cells.join('\n'), at);
    yield;
  }
  return [...byCells.values()];
}

/** Positions of equal keys, in the order of the first of each. */
export function groupByKey(keys: readonly string[]): number[][] {
  const byKey = new Map<string, number[]>();
  for (const [at, key] of keys.entries()) gather(byKey, key, at);
  return [...byKey.values()];
}

/** Puts a number to those with its key. */
export function gather<K>(groups: Map<K, number[]>, key: K, at: number): void {
  const known = groups.get(key);
  if (known) known.push(at);
  else groups.set(key, [at]);
}

/** The releases in classes of equals: the same verdict, effect, and deciding component and rule in every pair of these. */
export function* equivalentReleases(
  releases: readonly string[],
  units: readonly (readonly number[])[],
  answer: (outgoing: number, incoming: number) => TableAnswer,
): Steps<string[][]> {
  const numbers = new Map<string, number>();
  const known = new Map<TableAnswer, number>();
  const cellOf = (outgoing: number, incoming: number): number => {
    const own = answer(outgoing, incoming);
    const cell = known.get(own) ?? numberOf(numbers, answerKey(own));
    known.set(own, cell);
    return cell;
  };
  const classes = yield* partitionSteps(units.length, cellOf);
  return classes.map((members) =>
    members
      .flatMap((unit) => units[unit] ?? [])
      .sort((a, b) => a - b)
      .map((position) => releases[position] as string),
  );
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return number;
}

/** What must be equal for two answers to be one. */
function answerKey({ verdict, effect, decidedBy }: TableAnswer): string {
  return `${verdict} ${effect} ${decidedBy?.component} ${decidedBy?.rule}`;
}
