import type { ComparedLayouts } from '../model/finding.ts';
import type { Layout, Member } from '../model/layout.ts';
import type { RenderOptions } from './style.ts';

// The outgoing layout over the incoming one, byte for byte. A bar begins a member, carets stand under bytes that are
// read otherwise than they were written:
//
//   byte            0   1   2   3   4   5   6   7
//      0  written   |pos                           |
//         read      |size                          |
//                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//      8  the same up to byte 47

const MARGIN = 19;
const BYTES_PER_ROW = 16;
const MAX_ROWS = 12;

/** What one byte of a layout belongs to. */
export interface Cell {
  label: string;
  members: readonly Member[];
}

type Side = 'incoming' | 'outgoing';

/** Some bytes of both sides, one beside the other. */
export interface Row {
  start: number;
  cells: Record<Side, Cell[]>;
  /** A byte that is read, and otherwise than it was written. */
  differs: boolean[];
  isSame: boolean;
}

/** The map of one struct, a line an entry; nothing for a struct that one side lacks. */
export function renderByteMap(compared: ComparedLayouts, { chalk, width }: RenderOptions): string[] {
  const { struct, outgoing, incoming } = compared;
  if (!outgoing || !incoming) return [];
  const isWide = width >= MARGIN + BYTES_PER_ROW * 3 && !hasBitField(outgoing) && !hasBitField(incoming);
  const perRow = isWide ? BYTES_PER_ROW : BYTES_PER_ROW / 2;
  const columns = Math.max(2, Math.min(isWide ? 6 : 10, Math.floor((width - MARGIN - 2) / perRow)));
  const last = Math.max(outgoing.size, incoming.size) - 1;
  const groups = groupRows(rowsOf(outgoing, incoming, perRow)).map(({ row, end }) => ({
    row,
    end: Math.min(end, last),
  }));
  const head = `  ${struct}: ${outgoing.size} bytes written, ${incoming.size} bytes read`;
  const shown = groups.slice(0, MAX_ROWS);
  const rest = groups.length - shown.length;
  return [
    chalk.bold(head),
    chalk.dim(rulerLine(perRow, columns)),
    ...shown.flatMap((group) => renderGroup(group, columns)),
    ...(rest > 0 ? [`${' '.repeat(9)}and ${rest} more rows`] : []),
  ];
}

/** Members that share a byte need room for two names. */
function hasBitField({ members }: Layout): boolean {
  return leaves(members).some(({ encoding }) => encoding.includes(':'));
}

function rulerLine(perRow: number, columns: number): string {
  const step = columns >= 3 ? 2 : 4;
  const marks = Array.from({ length: perRow / step }, (_, index) =>
    String(index * step).padEnd(step * columns),
  );
  return `${'    byte'.padEnd(MARGIN)} ${marks.join('')}`.trimEnd();
}

/** Members down to those of unnamed structs, which C lets a program name; unions stay whole. */
function leaves(members: readonly Member[], prefix = '', base = 0): Member[] {
  return members.flatMap((member) => {
    const own = { ...member, name: prefix + member.name, bitOffset: base + member.bitOffset };
    const isOpen = member.encoding === 'struct' && (member.members ?? []).length > 0;
    return isOpen ? leaves(member.members ?? [], `${own.name}.`, own.bitOffset) : [own];
  });
}

function cellsOf({ size, members }: Layout, length: number): Cell[] {
  const all = leaves(members);
  return Array.from({ length }, (_, byte) => {
    if (byte >= size) return { label: '', members: [] };
    const here = all.filter(
      ({ bitOffset, bitSize }) => bitOffset < (byte + 1) * 8 && bitOffset + bitSize > byte * 8,
    );
    return { label: here.length > 0 ? here.map(({ name }) => name).join('+') : '(padding)', members: here };
  });
}

function elementOf({ encoding, members }: Member): string {
  return `${encoding.replace(/\[\d*\]/g, '')} ${JSON.stringify(members ?? [])}`;
}

/** Whether a byte means the same on both sides; a new name at the same place, size and type counts as a rename. */
function isSameByte(out: Cell, into: Cell, names: Record<Side, ReadonlySet<string>>): boolean {
  if (out.members.length !== into.members.length) return false;
  return out.members.every((one, index) => {
    const other = into.members[index] as Member;
    const isPlaced = one.bitOffset === other.bitOffset && elementOf(one) === elementOf(other);
    if (one.name === other.name) return isPlaced;
    const isKnown = names.incoming.has(one.name) || names.outgoing.has(other.name);
    return isPlaced && !isKnown && one.bitSize === other.bitSize;
  });
}

/** Both layouts cut into rows of `perRow` bytes; a side that is shorter has empty labels at its end. */
export function rowsOf(outgoing: Layout, incoming: Layout, perRow: number): Row[] {
  const size = Math.ceil(Math.max(outgoing.size, incoming.size) / perRow) * perRow;
  const cells = { outgoing: cellsOf(outgoing, size), incoming: cellsOf(incoming, size) };
  const names = {
    outgoing: new Set(leaves(outgoing.members).map(({ name }) => name)),
    incoming: new Set(leaves(incoming.members).map(({ name }) => name)),
  };
  return Array.from({ length: size / perRow }, (_, index) => {
    const start = index * perRow;
    const out = cells.outgoing.slice(start, start + perRow);
    const into = cells.incoming.slice(start, start + perRow);
    const isSame = out.map((cell, byte) => isSameByte(cell, into[byte] as Cell, names));
    const differs = into.map(({ label }, byte) => label !== '' && isSame[byte] === false);
    return { start, cells: { outgoing: out, incoming: into }, differs, isSame: !isSame.includes(false) };
  });
}

/** Rows that are told as one. */
export interface RowGroup {
  row: Row;
  /** The last byte that the rows like this one cover. */
  end: number;
}

function patternOf({ cells, differs }: Row): string {
  return JSON.stringify([
    cells.outgoing.map(({ label }) => label),
    cells.incoming.map(({ label }) => label),
    differs,
  ]);
}

/** Rows without a difference, and rows that look the same, are told once. */
export function groupRows(rows: readonly Row[]): RowGroup[] {
  const groups: RowGroup[] = [];
  for (const row of rows) {
    const end = row.start + row.differs.length - 1;
    const last = groups.at(-1);
    const isLike = row.isSame
      ? last?.row.isSame
      : !last?.row.isSame && last && patternOf(last.row) === patternOf(row);
    if (last && isLike) last.end = end;
    else groups.push({ row, end });
  }
  return groups;
}

function renderGroup({ row, end }: RowGroup, columns: number): string[] {
  const start = `${String(row.start).padStart(7)}  `;
  if (row.isSame) return [`${start}the same up to byte ${end}`];
  const isLong = end >= row.start + row.differs.length;
  // Carets under a whole line that stands for many point at nothing: words say it.
  const isWhole = isLong && !row.differs.includes(false);
  const carets = row.differs
    .map((differs) => ` ${(differs && !isWhole ? '^' : ' ').repeat(columns - 1)}`)
    .join('');
  const line = (text: string, side: string, cells: readonly Cell[]): string =>
    `${text}${side.padEnd(MARGIN - text.length)} ${segments(cells, columns)}`.trimEnd();
  return [
    line(start, 'written', row.cells.outgoing),
    line(' '.repeat(start.length), 'read', row.cells.incoming),
    ...(carets.trim() === '' ? [] : [`${' '.repeat(MARGIN + 1)}${joinCarets(carets)}`.trimEnd()]),
    ...(isLong
      ? [`${' '.repeat(9)}and so on up to byte ${end}${isWhole ? ', all of it read otherwise' : ''}`]
      : []),
  ];
}

/** Closes the gaps between carets of neighbouring bytes. */
function joinCarets(text: string): string {
  return text.replace(/(?<=\^) (?=\^)/g, '^');
}

/** `|pos            |size           |`: a bar where a member begins, its name as far as there is room. */
function segments(cells: readonly Cell[], columns: number): string {
  if (cells.every(({ label }) => label === '')) return '(not there)';
  let text = '';
  for (let start = 0; start < cells.length; ) {
    const { label } = cells[start] as Cell;
    let end = start + 1;
    while (end < cells.length && cells[end]?.label === label) end += 1;
    const room = (end - start) * columns;
    text += `|${label.slice(0, room - 1)}`.padEnd(room);
    start = end;
  }
  return cells.at(-1)?.label === '' ? text : `${text}|`;
}
