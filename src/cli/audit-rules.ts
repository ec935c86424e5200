import type { Rule } from '../diff/rule.ts';
import { RULES } from '../diff/rules/index.ts';
import { AUDIT_RULES } from '../history/audit-rules.ts';
import type { SarifRule } from '../report/sarif-log.ts';
import { topicsOf } from './topics.ts';

/** What `explain` says of a finding's rule, and how loud it is. */
export function ruleHelp(id: string): SarifRule | undefined {
  const rules: readonly Pick<Rule, 'id' | 'level'>[] = [...RULES, ...AUDIT_RULES];
  const rule = rules.find((candidate) => candidate.id === id);
  const topic = topicsOf(id).find(({ kind }) => kind === 'rule');
  return rule && topic && { level: rule.level, summary: topic.summary, page: topic.page };
}
