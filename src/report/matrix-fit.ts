import type { PairTable, TableAnswer } from '../model/pair-table.ts';
import { answerAt } from '../model/pair-table.ts';
import { rangeName } from './release-ranges.ts';
import type { RenderOptions } from './style.ts';
import { signOf } from './style.ts';
import { wrap } from './wrap.ts';

// A grid whose columns are numbers, for matrices that are too wide for names over their columns:
//                                 1  2  3
//   6.19, pci: no marker
//     1 6.19.11+pci-luo-v2 +10    P  X  R
// Narrower still, the digits of a number stand one above the other. What does not fit then is counted.

/** A row, and the column of its number. */
export interface GridLine {
  name: string;
  /** A kernel that stands for all of the line. */
  first: string;
  /** How many kernels the line stands for. */
  size: number;
  /** What stands above the first line of a group. */
  title?: string;
}

/** Each kernel a line, the groups of a matrix one after the other. */
export function linesAlone({ groups, releases }: PairTable): GridLine[] {
  const alone = (release: string): GridLine => ({ name: release, first: release, size: 1 });
  if (!groups) return releases.map(alone);
  return groups.flatMap((group) => titled(group, group.releases.map(alone)));
}

/** Lines of vendors' kernels without the release below them, which then stands above the group where it is one for all. */
export function shortened(lines: readonly GridLine[]): GridLine[] {
  const groups: GridLine[][] = [];
  for (const line of lines) {
    if (line.title !== undefined || groups.length === 0) groups.push([]);
    groups.at(-1)?.push(line);
  }
  return groups.flatMap((group) => {
    const bases = new Set(group.map(({ first }) => first.split('+', 1)[0]));
    const [base = ''] = bases;
    const isOne = bases.size === 1 && group.every(({ first }) => first.startsWith(`${base}+`));
    if (!isOne) return group;
    return group.map(({ title, ...line }) => {
      const name = line.name.slice(base.length);
      return title === undefined ? { ...line, name } : { ...line, name, title: `${base} of ${title}` };
    });
  });
}

/** Kernels that behave alike in one line: neighbours by their range, those of a group by the first of them. */
export function linesByClass(table: PairTable): GridLine[] {
  const { groups, releases, equivalents } = table;
  const classOf = new Map(equivalents.flatMap((members, at) => members.map((release) => [release, at])));
  if (!groups) {
    const runs = gather(releases, (release, previous) => classOf.get(release) === classOf.get(previous));
    return runs.map((run) => ({ name: rangeName(run, run), first: run[0] ?? '', size: run.length }));
  }
  return groups.flatMap((group) => {
    const byClass = new Map<number | string, string[]>();
    for (const release of group.releases) {
      const at = classOf.get(release) ?? release;
      const known = byClass.get(at);
      if (known) known.push(release);
      else byClass.set(at, [release]);
    }
    const lines = [...byClass.values()].map((members): GridLine => {
      const [first = ''] = members;
      const others = members.length > 1 ? ` +${members.length - 1}` : '';
      return { name: `${first}${others}`, first, size: members.length };
    });
    return titled(group, lines);
  });
}

function titled(group: { series: string; component: string; marker: string }, lines: GridLine[]): GridLine[] {
  const title = `${group.series}, ${group.component}: ${group.marker}`;
  return lines.map((line, at) => (at === 0 ? { ...line, title } : line));
}

function gather(
  releases: readonly string[],
  isAlike: (one: string, previous: string) => boolean,
): string[][] {
  const runs: string[][] = [];
  for (const release of releases) {
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (run && previous !== undefined && isAlike(release, previous)) run.push(release);
    else runs.push([release]);
  }
  return runs;
}

/** Columns of a cell: 3 for numbers beside each other, 2 for digits one above the other. */
export type CellWidth = 2 | 3;

/** The columns that a numbered grid takes. */
export function widthOf(lines: readonly GridLine[], cell: CellWidth): number {
  return labelOf(lines) + cellOf(lines, cell) * lines.length;
}

/** A numbered grid; of what is wider than the window the newest columns, and a line that says how many are left out. */
export function renderNumbered(
  lines: readonly GridLine[],
  table: PairTable,
  { cell, isWide, chalk, width }: RenderOptions & { cell: CellWidth; isWide: boolean },
): string[] {
  const label = labelOf(lines);
  const columnWidth = cellOf(lines, cell);
  const room = isWide ? lines.length : Math.max(1, Math.floor((width - label) / columnWidth));
  const left = Math.max(0, lines.length - room);
  const columns = lines.slice(left);
  const placeOf = new Map(table.releases.map((release, place) => [release, place]));
  const answer = (outgoing: string, incoming: string): TableAnswer | undefined =>
    answerAt(table, placeOf.get(outgoing) ?? -1, placeOf.get(incoming) ?? -1);
  const digits = String(lines.length).length;
  const rows = lines.flatMap(({ name, first, title }, row) => {
    const cells = columns.map((column, at) => {
      const end = columns[at + 1]?.title === undefined ? ' ' : '|';
      return renderCell(answer(first, column.first), { chalk, width: columnWidth, end });
    });
    const number = String(row + 1).padStart(Math.max(3, digits));
    const text = `  ${number} ${name}`.padEnd(label) + cells.join('').trimEnd();
    return title === undefined ? [text] : [chalk.dim(`  ${title}`), text];
  });
  const numbers = columns.map((_, at) => left + at + 1);
  const heads = (cell === 2 ? stacked(numbers, digits) : beside(numbers, columnWidth)).map((line) =>
    `${' '.repeat(label)}${line}`.trimEnd(),
  );
  const hidden = lines.slice(0, left).reduce((sum, { size }) => sum + size, 0);
  // The name of a range tells what it joins; that of a line in a group only counts it.
  const isJoined = lines.some(({ title }) => title !== undefined) && lines.some(({ size }) => size > 1);
  const notes = [
    ...(isJoined ? ['kernels that behave alike stand in one line; --wide shows each'] : []),
    ...(hidden > 0
      ? [`${hidden} older incoming kernels do not fit ${width} columns; --wide shows them`]
      : []),
  ];
  const told = notes.flatMap((note) => wrap(note, width, '  '));
  return [...heads, ...rows, ...told.map((line) => chalk.dim(line))];
}

function labelOf(lines: readonly GridLine[]): number {
  const digits = Math.max(3, String(lines.length).length);
  return lines.reduce((most, { name }) => Math.max(most, name.length), 0) + digits + 4;
}

function cellOf(lines: readonly GridLine[], cell: CellWidth): number {
  return cell === 2 ? 2 : Math.max(2, String(lines.length).length) + 1;
}

/** Each number over the sign of its column. */
function beside(numbers: readonly number[], width: number): string[] {
  return [numbers.map((number) => String(number).padStart(2).padEnd(width)).join('')];
}

/** The digits of each number one above the other, over the sign of its column. */
function stacked(numbers: readonly number[], digits: number): string[] {
  const texts = numbers.map((number) => String(number).padStart(digits));
  return Array.from({ length: digits }, (_, line) => texts.map((text) => `${text[line]} `).join(''));
}

function renderCell(
  pair: TableAnswer | undefined,
  { chalk, width, end }: Pick<RenderOptions, 'chalk'> & { width: number; end: string },
): string {
  const room = width - 1;
  if (!pair) return ' '.repeat(room) + end;
  const sign = signOf(pair.verdict, pair.effect);
  const text = room === 1 ? sign.mark : ` ${sign.mark} `.slice(0, room);
  return sign.paint(chalk, text) + ' '.repeat(room - text.length) + end;
}
