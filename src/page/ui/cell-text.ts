import { isLoss } from '../../model/condition.ts';
import type { Agreement } from '../../model/evidence.ts';
import type { PairClass } from '../../model/outputs.ts';
import type { AxisItem } from '../view/axis.ts';
import type { Setting, World } from '../view/world.ts';
import { answerText } from './words.ts';

/** A cell as a screen reader says it: `7.1.13 to 7.2.12: refused (state-dropped), predicted`. */
export function describeCell(world: World, setting: Setting, from: AxisItem, to: AxisItem): string {
  const [outgoing = 0, incoming = 0] = [from.members[0], to.members[0]];
  const answer = world.answer(setting, outgoing, incoming);
  const text = answer ? answerText(answer) : 'not captured for this target';
  const test = TEST_WORDS[testedOf(world, setting, from, to)];
  const cause = answer?.decidedBy
    ? `, decided by ${answer.decidedBy.component}: ${answer.decidedBy.subject}`
    : '';
  const conditions = world.conditions(setting, outgoing, incoming).map((condition) => `, ${condition}`);
  return `${from.label} to ${to.label}: ${text}${cause}, ${test}${conditions.join('')}`;
}

const TEST_WORDS: Record<Agreement, string> = {
  agrees: 'tested, as predicted',
  disagrees: 'tests disagree',
  untested: 'predicted',
};

/** Whether a pass of a cell may be lost: then it is no plain pass to whoever only looks at the colours. */
export function isConditional(world: World, setting: Setting, from: AxisItem, to: AxisItem): boolean {
  const [outgoing = 0, incoming = 0] = [from.members[0], to.members[0]];
  const verdict = world.answer(setting, outgoing, incoming)?.verdict ?? 'unknown';
  return verdict.startsWith('compatible') && world.conditions(setting, outgoing, incoming).some(isLoss);
}

/** What tests say of the pairs of a cell: a contradiction counts before an agreement, one of them for all. */
export function testedOf(world: World, setting: Setting, from: AxisItem, to: AxisItem): Agreement {
  const found = from.members.flatMap((outgoing) =>
    to.members.map((incoming) => world.agreement(setting, outgoing, incoming)),
  );
  if (found.includes('disagrees')) return 'disagrees';
  return found.includes('agrees') ? 'agrees' : 'untested';
}

/** Whether some pair of a cell is of a class. */
export function isInClass(world: World, only: PairClass, from: AxisItem, to: AxisItem): boolean {
  return from.members.some((outgoing) =>
    to.members.some((incoming) => world.pairClasses(outgoing, incoming).includes(only)),
  );
}
