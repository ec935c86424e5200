import { isLoss } from '../../model/condition.ts';
import type { MatrixPair } from '../../model/outputs.ts';
import { gatherBlocks } from '../../model/pair-block.ts';
import { badness } from '../../model/verdict-kind.ts';
import { releaseRanges } from '../release-ranges.ts';
import { verdictText } from '../style.ts';
import { markdownCell, markdownText } from './markdown.ts';
import type { SiteData, SiteMatrix } from './site-data.ts';

const WORDS = {
  'stable-sequential': 'a release and the next one of its series',
  'main+1': 'the newest of a series and the newest of the next',
  'stable+2': 'the newest of a series and the newest of the one after the next',
};

/** How many pairs of each class are safe, for every profile and target, and which are not. */
export function renderPairClasses({ matrices }: SiteData): string {
  return [
    '# Classes of pairs',
    '',
    ...Object.entries(WORDS).map(([name, words]) => `- **${name}**: ${words}`),
    '',
    'Upstream kernels that can carry the state of the profile; a pair is safe when everything is accepted and reads the same.',
    '',
    ...matrices.flatMap(renderOne),
  ].join('\n');
}

function renderOne({ profile, target, pairClasses, order }: SiteMatrix): string[] {
  const carried = pairClasses().map(({ name, pairs }) => ({
    name,
    pairs: pairs.filter(({ verdict }) => verdict !== 'unsupported'),
  }));
  const head = [`## ${profile} on ${target}`, ''];
  if (carried.every(({ pairs }) => pairs.length === 0)) {
    return [...head, `No upstream kernel can preserve ${profile} state.`, ''];
  }
  const rows = carried.map(({ name, pairs }) => {
    const safe = pairs.filter(isSafe).length;
    const count = (isCounted: (pair: MatrixPair) => boolean): number => pairs.filter(isCounted).length;
    const misread = count(({ verdict }) => verdict === 'misread');
    const panic = count(({ verdict, effect }) => verdict === 'refused' && effect === 'boot-panic');
    const refused = count(({ verdict }) => verdict === 'refused') - panic;
    return `| ${name} | ${pairs.length} | ${safe} | ${misread} | ${panic} | ${refused} |`;
  });
  return [
    ...head,
    '| class | pairs | safe | misread | panic | refused |',
    '| --- | --: | --: | --: | --: | --: |',
    ...rows,
    '',
    ...carried.flatMap(({ name, pairs }) => listUnsafe(name, pairs, order)),
    ...listConditional(carried),
  ];
}

/** Safe pairs that lose something under a condition, with it. */
function listConditional(carried: readonly { name: string; pairs: readonly MatrixPair[] }[]): string[] {
  const lines = carried.flatMap(({ name, pairs }) =>
    pairs.filter(isSafe).flatMap(({ outgoing, incoming, conditions = [] }) => {
      const losses = conditions.filter(isLoss).map(markdownCell).join('; ');
      return losses === ''
        ? []
        : [`- ${name}: ${markdownText(`${outgoing} → ${incoming}`)}: safe, but ${losses}`];
    }),
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

function isSafe({ verdict }: MatrixPair): boolean {
  return verdict === 'compatible' || verdict === 'compatible-with-notes';
}

function listUnsafe(name: string, pairs: readonly MatrixPair[], order: readonly string[]): string[] {
  const unsafe = pairs.filter((pair) => !isSafe(pair));
  if (unsafe.length === 0) return [];
  const worst = [...unsafe].sort((a, b) => badness(a.verdict, a.effect) - badness(b.verdict, b.effect));
  const blocks = gatherBlocks(worst, ({ verdict, effect, decidedBy }) => [verdict, effect, decidedBy]);
  const lines = blocks.map(({ outgoing, incoming, pair }) => {
    const sides = `${releaseRanges(outgoing, order)} → ${releaseRanges(incoming, order)}`;
    const cause = pair.decidedBy
      ? `; ${pair.decidedBy.component}: ${markdownCell(pair.decidedBy.subject)}`
      : '';
    return `- ${name}: ${markdownText(sides)}: ${verdictText(pair.verdict, pair.effect)}${cause}`;
  });
  return [...lines, ''];
}
