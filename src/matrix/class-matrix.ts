import type { ClassMatrix } from '../model/page.ts';
import { CLASS_MATRIX_SCHEMA_VERSION } from '../model/page.ts';
import type { PairTable, TableAnswer } from '../model/pair-table.ts';
import type { Target } from '../model/target.ts';
import { partition } from './equivalence.ts';

/** A table by classes of kernels that answer alike in every pair, to the subject and the conditions: as small as they are few. */
export function classMatrixOf(table: PairTable): ClassMatrix {
  const { profile, target, units, releases } = table;
  const answers: ClassMatrix['answers'] = [];
  const byText = new Map<string, number>();
  const byAnswer = new Map<TableAnswer, number>();
  const numberOf = (outgoing: number, incoming: number): number => {
    const answer = table.answer(outgoing, incoming);
    const known = byAnswer.get(answer) ?? numberAnew(answer);
    byAnswer.set(answer, known);
    return known;
  };
  const numberAnew = ({ verdict, effect, decidedBy, conditions }: TableAnswer): number => {
    const told = { verdict, effect, decidedBy, ...(conditions && { conditions }) };
    const text = JSON.stringify(told);
    const known = byText.get(text) ?? answers.push(told) - 1;
    byText.set(text, known);
    return known;
  };
  const classes = partition(units.length, numberOf);
  const firsts = classes.map(([first = 0]) => first);
  return {
    $schema: 'class-matrix.schema.json',
    schemaVersion: CLASS_MATRIX_SCHEMA_VERSION,
    profile,
    target: target as Target,
    classes: classes.map((members) => {
      const positions = members.flatMap((unit) => units[unit] ?? []).sort((a, b) => a - b);
      return positions.map((position) => releases[position] as string);
    }),
    answers,
    cells: firsts.map((outgoing) => firsts.map((incoming) => numberOf(outgoing, incoming))),
  };
}
