import type { PairTable, TableAnswer } from '../model/pair-table.ts';
import { answerAt, countOf, pairsOf } from '../model/pair-table.ts';
import type { RenderOptions } from './style.ts';
import { verdictText } from './style.ts';

/** How much of a matrix was tested, and every pair whose tests saw something else; nothing where nothing was tested. */
export function renderTested(table: PairTable, { chalk }: RenderOptions): string[] {
  const { tested, releases } = table;
  const agreeing = tested.filter((pair) => pair.tested === 'agrees').length;
  const contrary = tested.filter((pair) => pair.tested === 'disagrees');
  const count = agreeing + contrary.length;
  if (count === 0) return [];
  const head = `  ${'tested'.padEnd(18)} ${count} of ${countOf(pairsOf(table))} pairs: ${agreeing} as predicted`;
  if (contrary.length === 0) return [head];
  return [
    `${head}, ${contrary.length} otherwise (luo-abi evidence list --disagreeing)`,
    ...contrary.map(({ outgoing, incoming }) => {
      const way = `${releases[outgoing]} -> ${releases[incoming]}`;
      const { verdict, effect } = answerAt(table, outgoing, incoming) as TableAnswer;
      return chalk.redBright(`     !  ${way.padEnd(22)} tests disagree with ${verdictText(verdict, effect)}`);
    }),
  ];
}
