import type { ListedRule } from '../../model/outputs.ts';
import { markdownCell } from './markdown.ts';

const IMPACTS = ['misread', 'refused', 'unsupported', 'unknown', 'note', 'none'] as const;

/** The rules by which kernels are compared, worst impact first. */
export function renderRulesPage(rules: readonly ListedRule[]): string {
  const rows = IMPACTS.flatMap((impact) => rules.filter((rule) => rule.impact === impact)).map(
    ({ id, impact, level, summary }) =>
      `| [${id}](../docs/rules/${id}.md) | ${impact} | ${level} | ${markdownCell(summary)} |`,
  );
  return [
    '# Rules',
    '',
    'What two kernels are compared by. The impact decides the verdict; the level is how loud a finding is.',
    '',
    '| rule | impact | level | says |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
