import type { PairClass } from '../../model/outputs.ts';
import type { PageAnswer } from '../../model/page.ts';
import type { Setting, World } from './world.ts';

/** What the pairs of a selection come to, each counted once. */
export interface Tally {
  safe: number;
  misread: number;
  panic: number;
  refused: number;
  /** Unknown, or the outgoing kernel cannot carry the state. */
  open: number;
  total: number;
}

export type Outcome = Exclude<keyof Tally, 'total'>;

/** The outcomes in the order in which they are shown. */
export const OUTCOMES: readonly Outcome[] = ['safe', 'refused', 'panic', 'misread', 'open'];

/** Which of the few outcomes of an overview an answer is. */
export function outcomeOf({ verdict, effect }: PageAnswer): Outcome {
  if (verdict === 'misread') return 'misread';
  if (verdict === 'refused') return effect === 'boot-panic' ? 'panic' : 'refused';
  return verdict === 'compatible' || verdict === 'compatible-with-notes' ? 'safe' : 'open';
}

function emptyTally(): Tally {
  return { safe: 0, misread: 0, panic: 0, refused: 0, open: 0, total: 0 };
}

function add(tally: Tally, answer: PageAnswer | undefined, times = 1): void {
  if (!answer) return;
  tally[outcomeOf(answer)] += times;
  tally.total += times;
}

/** All ordered pairs of different kernels. Kernels of one class are counted together. */
export function tallyAll(world: World, setting: Setting, positions: readonly number[]): Tally {
  const sizes = new Map<number, { count: number; position: number }>();
  for (const position of positions) {
    const number = world.matrix(setting)?.classOf[position] ?? -1;
    const known = sizes.get(number);
    if (known) known.count += 1;
    else sizes.set(number, { count: 1, position });
  }
  const tally = emptyTally();
  for (const [row, from] of sizes) {
    for (const [column, to] of sizes) {
      const times = row === column ? from.count * (from.count - 1) : from.count * to.count;
      add(tally, world.answer(setting, from.position, to.position), times);
    }
  }
  return tally;
}

/** The pairs of one class among the kernels of a selection. */
export function tallyClass(
  world: World,
  setting: Setting,
  { positions, name }: { positions: readonly number[]; name: PairClass },
): Tally {
  const shown = new Set(positions);
  const tally = emptyTally();
  for (const [outgoing, incoming, classes] of world.classifiedPairs()) {
    if (!classes.includes(name) || !shown.has(outgoing) || !shown.has(incoming)) continue;
    add(tally, world.answer(setting, outgoing, incoming));
  }
  return tally;
}
