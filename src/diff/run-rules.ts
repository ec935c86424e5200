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
  // The rules run one after the other, so that one function serves them all.
  let rule: Rule;
  const emit = (emission: Emission): void => {
    findings.push(findingOf(rule, emission));
  };
  return (scope, pair) => {
    for (rule of RULES_BY_SCOPE.get(scope) ?? NONE) {
      try {
        (rule.check as Check)(pair, emit);
      } catch (error) {
        const message = `the rule ${rule.id} failed on ${component}: ${error instanceof Error ? error.message : String(error)}`;
        emit({ subject: component, message, impact: 'unknown' });
      }
    }
  };
}

type Check = (pair: PairByScope[Scope], emit: (emission: Emission) => void) => void;

const NONE: readonly Rule[] = [];

function findingOf(rule: Rule, emission: Emission): RawFinding {
  const { impact = rule.impact, outgoing = {}, incoming = {}, subject } = emission;
  const { placeKeys = { outgoing: subject, incoming: subject } } = emission;
  // A rule's level is meant for its own impact; where the case is harmless, it is told quietly.
  const isQuiet = emission.impact === 'note' || emission.impact === 'none';
  const level = isQuiet ? 'note' : rule.level;
  return Object.assign({ rule: rule.id, impact, level, outgoing, incoming }, emission, {
    impact,
    outgoing,
    incoming,
    placeKeys,
  });
}
