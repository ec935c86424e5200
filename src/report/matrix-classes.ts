import type { PairTable, TableAnswer } from '../model/pair-table.ts';
import { answerAt } from '../model/pair-table.ts';
import { rangeName } from './release-ranges.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';

// The grid of a matrix with one row and one column for each class of kernels that behave alike:
//                       6.18.5
//                       …
//                       6.18.15  7.0
//   6.18.5 … 6.18.15     n        =

interface ClassRow {
  name: string;
  /** The position of a member that stands for all. */
  first: number;
  /** Three lines above a column. */
  heading: readonly [string, string, string];
}

/**
 * The grid by classes; undefined where no two kernels are equal, where kernels are shown in groups by their marker, and
 * where a class is no row of neighbours or the columns do not fit.
 */
export function renderClassGrid(table: PairTable, options: RenderOptions): string[] | undefined {
  const { equivalents, groups, releases } = table;
  if (groups || equivalents.every(({ length }) => length === 1)) return undefined;
  const placeOf = new Map(releases.map((release, place) => [release, place]));
  const rows = equivalents.flatMap((members) => describeClass(members, releases, placeOf) ?? []);
  if (rows.length !== equivalents.length) return undefined;
  const label = Math.max(...rows.map(({ name }) => name.length)) + 4;
  const cell = Math.max(...rows.flatMap(({ heading }) => heading.map(({ length }) => length)), 3) + 2;
  if (label + cell * rows.length > options.width) return undefined;
  const heads = [0, 1, 2].map((line) => {
    const cells = rows.map(({ heading }) => (heading[line] ?? '').padEnd(cell));
    return `${' '.repeat(label)}${cells.join('')}`.trimEnd();
  });
  const lines = rows.map(({ name, first }) => {
    const cells = rows.map((column) => renderCell(answerAt(table, first, column.first), cell, options));
    return `  ${name}`.padEnd(label) + cells.join('').trimEnd();
  });
  return [...heads.filter((line) => line !== ''), ...lines];
}

/** Undefined for a class with a stranger between its members. */
function describeClass(
  members: readonly string[],
  order: readonly string[],
  placeOf: ReadonlyMap<string, number>,
): ClassRow | undefined {
  const [first, last] = [members[0], members.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const start = placeOf.get(first) ?? -1;
  if (members.some((release, at) => order[start + at] !== release)) return undefined;
  const name = rangeName(members, order);
  if (members.length === 1) return { name, first: start, heading: ['', '', first] };
  return { name, first: start, heading: [first, members.length > 2 ? '…' : '', last] };
}

function renderCell(pair: TableAnswer | undefined, width: number, { chalk }: RenderOptions): string {
  if (!pair) return ' '.repeat(width);
  const sign = signOf(pair.verdict, pair.effect);
  return sign.paint(chalk, ` ${sign.mark} `) + ' '.repeat(width - 3);
}
