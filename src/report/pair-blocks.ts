import type { PairBlock, PairDecision } from '../model/route.ts';
import { conditionLines } from './condition-lines.ts';
import { releaseRanges } from './release-ranges.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

/** Pairs that come to the same in one entry of a few lines: sign, both sides as ranges, the verdict and its cause. */
export function renderBlock(block: PairBlock, order: readonly string[], options: RenderOptions): string[] {
  const { chalk, width } = options;
  const sign = signOf(block.verdict, block.effect);
  const back = block.isRollback ? ' backwards' : '';
  const sides = isAmong(block)
    ? `${releaseRanges(block.outgoing, order)} among themselves`
    : `${releaseRanges(block.outgoing, order)} -> ${releaseRanges(block.incoming, order)}${back}`;
  const [head = '', ...tail] = wrap(sides, width, '        ');
  return [
    `    ${sign.paint(chalk, ` ${sign.mark} `)} ${head.trimStart()}`,
    ...tail,
    `          ${decisionText(block, chalk)}`,
    ...conditionLines(block.conditions, '            ', options),
  ];
}

/** A kernel with itself is no pair, so that two equal sides can only mean all pairs between the kernels of one. */
function isAmong({ outgoing, incoming }: PairBlock): boolean {
  return outgoing.length > 1 && outgoing.join() === incoming.join();
}

/** `refused (state-dropped)  kho: KHO_FDT_COMPATIBLE [marker-changed]`. */
export function decisionText(
  { verdict, effect, decidedBy, profile }: PairDecision,
  chalk: RenderOptions['chalk'],
): string {
  const under = profile === undefined ? '' : ` for ${profile}`;
  const cause = decidedBy ? `  ${decidedBy.component}: ${decidedBy.subject} [${decidedBy.rule}]` : '';
  return `${verdictText(verdict, effect)}${under}${chalk.dim(cause)}`;
}
