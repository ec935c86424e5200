import type { Impact } from '../model/finding.ts';
import type { ListedRule, Topic } from '../model/outputs.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

/** The rules under their impact, worst first. */
export function renderRules(rules: readonly ListedRule[], options: RenderOptions): string {
  const groups = IMPACT_WORDS.flatMap(([impact, words]) => {
    const own = rules.filter((rule) => rule.impact === impact);
    return own.length > 0 ? [renderGroup({ impact, words, rules: own }, options)] : [];
  });
  return `${groups.join('\n')}\nluo-abi explain RULE shows the page of a rule.\n`;
}

const IMPACT_WORDS: readonly (readonly [Impact, string])[] = [
  ['misread', 'accepted and read wrongly'],
  ['refused', 'refused by the incoming kernel'],
  ['unsupported', 'cannot be preserved'],
  ['unknown', 'a needed fact is missing'],
  ['note', 'reads the same, with something to know'],
  ['none', 'reads the same'],
];

interface Group {
  impact: Impact;
  words: string;
  rules: readonly ListedRule[];
}

function renderGroup({ impact, words, rules }: Group, { chalk, width }: RenderOptions): string {
  const lines = rules.flatMap(({ id, level, summary }) => [
    `  ${chalk.bold(id)} ${chalk.dim(level)}`,
    ...wrap(summary, width, '    '),
  ]);
  return `${chalk.bold(impact)}: ${words}\n${lines.join('\n')}\n`;
}

/** Pages as a terminal shows them: headings bold, paragraphs as wide as the terminal. */
export function renderTopics(topics: readonly Topic[], options: RenderOptions): string {
  return topics.map((topic) => renderPage(topic, options)).join('\n');
}

function renderPage({ kind, page }: Topic, options: RenderOptions): string {
  const blocks = page.trimEnd().split(/\n{2,}/);
  const lines = blocks.flatMap((block) => ['', ...renderBlock(block, kind, options)]);
  return `${lines.slice(1).join('\n')}\n`;
}

function renderBlock(block: string, kind: string, { chalk, width }: RenderOptions): string[] {
  // Lines of one paragraph belong together; a heading and an item of a list begin anew.
  const parts = block.replaceAll(/\n(?!- )/g, ' ').split('\n');
  const title = /^(#+) (.*?)(?:\n|$)/.exec(block);
  if (!title) return parts.flatMap((part) => wrap(part, width, ''));
  const [line, level = '', text = ''] = title;
  const head = level === '#' ? `${chalk.bold(text)} ${chalk.dim(`(${kind})`)}` : chalk.bold(text);
  const rest = block.slice(line.length);
  return rest === '' ? [head] : [head, ...renderBlock(rest, kind, { chalk, width })];
}
