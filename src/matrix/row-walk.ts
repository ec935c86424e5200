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

/** The ranks of an outgoing kind with the kinds of some groups, into `ranks` by kind. */
export function walkRow(
  ranks: Uint8Array,
  { plan, outgoing, groups, judge }: { plan: Plan; outgoing: number; groups: readonly Group[]; judge: Judge },
): void {
  const ways = waysOf(plan, outgoing);
  const starts = plan.tables.map((table) => startOfRow(table, outgoing));
  const row = { ways, tables: plan.tables, starts, judge };
  for (const group of groups) {
    const first = stepOn(row, 0, group[0] as number);
    const rank = ways.ranks[first] as number;
    // Where the first step fails, as it does for nearly all, nothing more is asked.
    if ((ways.asking[first] as number) < 0) for (const kind of group) ranks[kind] = rank;
    else for (const kind of group) ranks[kind] = ways.ranks[walkOn(row, first, kind)] as number;
  }
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
