import type { Rule } from '../../diff/rule.ts';
import { RULES } from '../../diff/rules/index.ts';
import { AUDIT_RULES } from '../../history/audit-rules.ts';
import { GATE_RULES } from '../../matrix/gate-rules.ts';
import type { RuleHelp } from '../../report/gate-format.ts';
import type { SarifRule } from '../../report/sarif-log.ts';
import { topicsOf } from './topics.ts';

/** What `explain` says of the rule of a finding of an audit, and how loud it is. */
export function ruleHelp(id: string): SarifRule | undefined {
  const rules: readonly Pick<Rule, 'id' | 'level'>[] = [...RULES, ...AUDIT_RULES];
  const rule = rules.find((candidate) => candidate.id === id);
  const topic = topicsOf(id).find(({ kind }) => kind === 'rule');
  return rule && topic && { level: rule.level, summary: topic.summary, page: topic.page };
}

/** The same of the rule of a finding or problem of a gate. */
export function gateRuleHelp(id: string): RuleHelp | undefined {
  const rules: readonly Pick<Rule, 'id' | 'level' | 'summary'>[] = [
    ...(RULES as readonly Rule[]),
    ...GATE_RULES,
  ];
  const rule = rules.find((candidate) => candidate.id === id);
  const page = topicsOf(id).find(({ kind }) => kind === 'rule')?.page;
  return rule && page !== undefined ? { id, level: rule.level, summary: rule.summary, page } : undefined;
}
