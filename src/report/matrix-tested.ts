import type { MatrixPair } from '../model/outputs.ts';
import type { RenderOptions } from './style.ts';
import { verdictText } from './style.ts';

/** How much of a matrix was tested, and every pair whose tests saw something else; nothing where nothing was tested. */
export function renderTested(pairs: readonly MatrixPair[], { chalk }: RenderOptions): string[] {
  const agreeing = pairs.filter(({ tested }) => tested === 'agrees').length;
  const contrary = pairs.filter(({ tested }) => tested === 'disagrees');
  const count = agreeing + contrary.length;
  if (count === 0) return [];
  const head = `  ${'tested'.padEnd(18)} ${count} of ${pairs.length} pairs: ${agreeing} as predicted`;
  if (contrary.length === 0) return [head];
  return [
    `${head}, ${contrary.length} otherwise (luo-abi evidence list --disagreeing)`,
    ...contrary.map(({ outgoing, incoming, verdict, effect }) =>
      chalk.redBright(
        `     !  ${`${outgoing} -> ${incoming}`.padEnd(22)} tests disagree with ${verdictText(verdict, effect)}`,
      ),
    ),
  ];
}
