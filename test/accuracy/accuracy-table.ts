import type { Effect, Verdict } from '../../src/model/verdict-kind.ts';
import { badness } from '../../src/model/verdict-kind.ts';
import type { Judgment } from './judge-mutation.ts';
import { KNOWN_WRONG } from './known-wrong.ts';
import type { Answer, Answers, Mutation } from './mutation.ts';
import { FAMILIES, familyOf, MUTATION_KINDS } from './mutation.ts';

/**
 * - `missed`: the answer is better than what happens
 * - `false alarm`: the answer is worse than what happens
 * - `wrong effect`: the verdict is right, what it does to the machine is not
 */
export type Outcome = 'false alarm' | 'missed' | 'right' | 'wrong effect';

function rankOf(answer: Answer): number {
  const [verdict, effect] = answer.split(' ') as [Verdict, Effect | undefined];
  return badness(verdict, effect ?? null);
}

export function outcomeOf({ right, answer }: Pick<Judgment, 'answer' | 'right'>): Outcome {
  if (right.includes(answer)) return 'right';
  const ranks = right.map(rankOf);
  if (rankOf(answer) > Math.max(...ranks)) return 'missed';
  return rankOf(answer) < Math.min(...ranks) ? 'false alarm' : 'wrong effect';
}

const OUTCOMES = ['right', 'missed', 'false alarm', 'wrong effect'] as const;

function row(cells: readonly (number | string)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function counted(name: string, list: readonly Judgment[]): string {
  const counts = OUTCOMES.map((outcome) => list.filter((judgment) => outcomeOf(judgment) === outcome).length);
  return row([name, new Set(list.map(({ mutation }) => mutation)).size, list.length, ...counts]);
}

function countTable(what: string, names: readonly string[], nameOf: (mutation: Mutation) => string) {
  return (judgments: readonly Judgment[]): string[] => [
    row([what, 'mutations', 'verdicts', 'right', 'missed', 'false alarms', 'wrong effect']),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...names.map((name) =>
      counted(
        name,
        judgments.filter(({ mutation }) => nameOf(mutation) === name),
      ),
    ),
    counted('**all**', judgments),
  ];
}

/** The counts by family, as rows of a Markdown table. */
export const familyRows = countTable('family', FAMILIES, familyOf);

/** The counts by kind of mutation. */
export const kindRows = countTable('kind', MUTATION_KINDS, ({ kind }) => kind);

function wrongRows(judgments: readonly Judgment[]): string[] {
  const wrong = judgments.filter((judgment) => outcomeOf(judgment) !== 'right');
  if (wrong.length === 0) return ['None.'];
  return [
    row(['mutation', 'target', 'direction', 'right', 'answer', 'outcome', 'why']),
    row(['---', '---', '---', '---', '---', '---', '---']),
    ...wrong.map((judgment) => {
      const { mutation, target, direction, right, answer } = judgment;
      const why = KNOWN_WRONG.get(mutation.name) ?? '';
      return row([mutation.name, target, direction, right.join(' or '), answer, outcomeOf(judgment), why]);
    }),
  ];
}

function mutationRows(judgments: readonly Judgment[]): string[] {
  const mutations = [...new Set(judgments.map(({ mutation }) => mutation))];
  return [
    row(['mutation', 'family', 'kind', 'profile', 'target', 'unchanged to changed', 'changed to unchanged']),
    row(['---', '---', '---', '---', '---', '---', '---']),
    ...mutations.flatMap((mutation) => {
      const { name, kind, profile, target = 'all', perTarget = {} } = mutation;
      const rowOf = (on: string, { forward, backward }: Answers): string =>
        row([name, familyOf(mutation), kind, profile, on, forward.join(' or '), backward.join(' or ')]);
      const others = Object.entries(perTarget).map(([on, answers]) => rowOf(on, answers));
      return [rowOf(others.length > 0 ? 'others' : target, mutation), ...others];
    }),
  ];
}

/** The page docs/accuracy.md. */
export function accuracyPage(judgments: readonly Judgment[]): string {
  const lines = [
    '# Accuracy: one change at a time',
    '',
    'How often is a verdict right when one declaration changes? `test/accuracy/` holds declarations that give the layouts,',
    'constants, names and markers of 7.3.4 (a test compares them with `versions/7.3.4.json`). Each mutation changes them in',
    'one way; the changed tree is captured as any kernel is, and judged against the unchanged one in both directions. What',
    'is right follows from the rules of verdicts and from what the change does to the bytes, not from what the program',
    'answers. Where the rules leave two answers open, either counts as right. Each is judged on every target, except where',
    'it is made for one. `LUO_ABI_TREE` names a folder with the sources of 7.3.4: `test/accuracy/kernel.test.ts` makes the',
    'same changes to those.',
    '',
    'A verdict is **missed** when the answer is better than what happens, a **false alarm** when it is worse, and has the',
    '**wrong effect** when only the consequence named is another.',
    '',
    '`test/accuracy/sweep.test.ts` goes over every member of every captured struct and every constant beside this list:',
    'exchanged with the next, pushed back, taken out, made signed, or given another value, none may come out compatible;',
    'given another name, each must.',
    '',
    'This page is generated: `UPDATE_GOLDEN=1 node --import tsx --test test/accuracy/mutations.test.ts`.',
    '',
    '## Counts',
    '',
    ...familyRows(judgments),
    '',
    ...kindRows(judgments),
    '',
    '## Wrong answers',
    '',
    ...wrongRows(judgments),
    '',
    '## Every mutation and what is right',
    '',
    ...mutationRows(judgments),
  ];
  return `${lines.join('\n')}\n`;
}
