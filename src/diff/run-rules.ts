import type { Emission, PairByScope, RawFinding, Rule, Scope } from './rule.ts';
import { RULES } from './rules/index.ts';

const RULES_BY_SCOPE = groupByScope(RULES as readonly Rule[]);

function groupByScope(rules: readonly Rule[]): Map<Scope, Rule[]> {
  const groups = new Map<Scope, Rule[]>();
  for (const rule of rules) groups.set(rule.scope, [...(groups.get(rule.scope) ?? []), rule]);
  return groups;
}

/** Hands a pair to every rule of a scope; what they say is collected. */
export type Run = <S extends Scope>(scope: S, pair: PairByScope[S]) => void;

/** A `Run` that collects into `findings`. A rule that throws becomes a finding of impact unknown. */
export function runInto(findings: RawFinding[], component: string): Run {
  return (scope, pair) => {
    for (const rule of RULES_BY_SCOPE.get(scope) ?? []) runRule(rule, pair, component, findings);
  };
}

function runRule(rule: Rule, pair: PairByScope[Scope], component: string, findings: RawFinding[]): void {
  const emit = ({ impact, outgoing, incoming, placeKeys, ...emission }: Emission): void => {
    const actual = impact ?? rule.impact;
    findings.push({
      rule: rule.id,
      impact: actual,
      // A rule's level is meant for its own impact; where the case is harmless, it is told quietly.
      level: impact === 'note' || impact === 'none' ? 'note' : rule.level,
      outgoing: outgoing ?? {},
      incoming: incoming ?? {},
      ...emission,
      placeKeys: placeKeys ?? { outgoing: emission.subject, incoming: emission.subject },
    });
  };
  try {
    (rule.check as (pair: PairByScope[Scope], emit: (emission: Emission) => void) => void)(pair, emit);
  } catch (error) {
    emit({
      subject: component,
      message: `the rule ${rule.id} failed on ${component}: ${error instanceof Error ? error.message : String(error)}`,
      impact: 'unknown',
    });
  }
}
