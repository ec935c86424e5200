import type { WalkStep } from '../verdict/walk.ts';
import type { ComponentTable } from './component-table.ts';
import { PENDING, startOfRow } from './component-table.ts';
import { Ways } from './ways.ts';

/** Kinds of kernels that read the same at the first step. */
export type Group = readonly number[];

/** Steps of a pair with the table of each. */
export interface Plan {
  steps: readonly WalkStep[];
  tables: readonly ComponentTable[];
  /** By what an outgoing kernel has of them, as text. */
  ways: Map<string, Ways>;
}

/** Judges what a table does not hold yet, by its place; the code. */
export type Judge = (table: ComponentTable, at: number) => number;

/** Where the walks of a row look: its tables, and by step where the codes of the outgoing kernel begin. */
interface Row {
  ways: Ways;
  tables: readonly ComponentTable[];
  starts: readonly number[];
  judge: Judge;
}

/** A row behind its first steps: the ranks of those kinds whose way ended there, and those that go on, from which state. */
interface BegunRow {
  ranks: Uint8Array;
  open: readonly { part: number; state: number; kinds: Group }[];
}

/** Kinds of one shape, in groups of those that read the same at the first step of their plan. */
export interface RowPart {
  plan: Plan;
  groups: readonly Group[];
}

/** The ranks of an outgoing kind with all kinds, by kind. Rows that begin alike are begun once. */
export class RowWalk {
  readonly #size: number;
  readonly #judge: Judge;
  /** By what a row begins with. */
  readonly #begun = new Map<string, BegunRow>();

  /** `size`: how many kinds there are. */
  constructor(size: number, judge: Judge) {
    this.#size = size;
    this.#judge = judge;
  }

  ranks(parts: readonly RowPart[], outgoing: number): Uint8Array {
    const rows = parts.map(({ plan }): Row => {
      const starts = plan.tables.map((table) => startOfRow(table, outgoing));
      return { ways: waysOf(plan, outgoing), tables: plan.tables, starts, judge: this.#judge };
    });
    const begun = this.#begunWith(parts, rows);
    const ranks = begun.ranks.slice();
    for (const { part, state, kinds } of begun.open) {
      const row = rows[part] as Row;
      for (const kind of kinds) ranks[kind] = row.ways.ranks[walkOn(row, state, kind)] as number;
    }
    return ranks;
  }

  #begunWith(parts: readonly RowPart[], rows: readonly Row[]): BegunRow {
    const key = rows.map(({ ways, starts }) => `${ways.number} ${starts[0]}`).join();
    const known = this.#begun.get(key);
    if (known) return known;
    const begun = begin(parts, rows, this.#size);
    if ((this.#begun.size + 1) * this.#size <= KEPT) this.#begun.set(key, begun);
    return begun;
  }
}

/** Bytes of begun rows that are kept: where kernels differ in their first component each has one of its own. */
const KEPT = 4 << 20;

/** Where the first step fails, as it does for nearly all, nothing more is asked. */
function begin(parts: readonly RowPart[], rows: readonly Row[], size: number): BegunRow {
  const ranks = new Uint8Array(size);
  const open: { part: number; state: number; kinds: Group }[] = [];
  for (const [part, { groups }] of parts.entries()) {
    const row = rows[part] as Row;
    for (const kinds of groups) {
      const state = stepOn(row, 0, kinds[0] as number);
      if ((row.ways.asking[state] as number) >= 0) open.push({ part, state, kinds });
      else for (const kind of kinds) ranks[kind] = row.ways.ranks[state] as number;
    }
  }
  return { ranks, open };
}

/** The state at the end of the way of one kind. */
function walkOn(row: Row, from: number, incoming: number): number {
  const { asking } = row.ways;
  let state = from;
  while ((asking[state] as number) >= 0) state = stepOn(row, state, incoming);
  return state;
}

/** The state behind the step that a state asks; itself at the end. */
function stepOn({ ways, tables, starts, judge }: Row, state: number, incoming: number): number {
  const at = ways.asking[state] as number;
  if (at < 0) return state;
  const table = tables[at] as ComponentTable;
  const place = (starts[at] as number) + (table.read[incoming] as number);
  const known = table.codes[place] as number;
  const own = known === PENDING ? judge(table, place) : known;
  const next = ways.next[state * 64 + own] as number;
  return next < 0 ? ways.behind(state, own) : next;
}

function waysOf({ steps, tables, ways }: Plan, outgoing: number): Ways {
  const isWritten = tables.map(({ notWritten, written }) => notWritten[written[outgoing] as number] === 0);
  const key = isWritten.join();
  const known = ways.get(key) ?? new Ways(steps, isWritten);
  ways.set(key, known);
  return known;
}
