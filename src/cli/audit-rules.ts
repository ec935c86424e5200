import type { Rule } from '../diff/rule.ts';
import { RULES } from '../diff/rules/index.ts';
import type { SarifRule } from '../report/sarif-log.ts';
import { topicsOf } from './topics.ts';

/** Rules that only an audit has: a pair of kernels alone does not show them. */
const OWN: Readonly<Record<string, SarifRule>> = {
  'marker-value-taken': {
    level: 'warning',
    summary: 'The marker was raised to a value that already names another layout in some known kernel.',
    page: 'Two kernels that agree on the marker and disagree on what it names accept each other and read wrong values. Raise it to the next free value, which the finding names.',
  },
  'uncovered-declaration': {
    level: 'warning',
    summary:
      'A struct or marker was declared among the handed-over data, and luo-abi does not know what guards it.',
    page: 'Its changes go unseen until a component covers it: docs/adding-a-component.md.',
  },
};

/** What the page of a finding's rule says. */
export function ruleHelp(id: string): SarifRule | undefined {
  const own = OWN[id];
  if (own) return own;
  const rule = (RULES as readonly Rule[]).find((candidate) => candidate.id === id);
  const [topic] = topicsOf(id);
  return rule && topic && { level: rule.level, summary: topic.summary, page: topic.page };
}
