import { createHash } from 'node:crypto';
import { canonicalJson } from '../model/canonical.ts';
import type { GateFinding, GateProblem, GateReport } from '../model/gate.ts';
import { defineGateFormat } from './gate-format.ts';
import type { ConditionalPair } from './gate-words.ts';
import {
  CONDITION,
  conditionalPairs,
  conditionText,
  findingText,
  pairWords,
  placeOf,
  sentence,
  waiverOf,
  waiverWords,
} from './gate-words.ts';

// GitLab's code quality report: a JSON array in which a fingerprint stands once. A finding that fails in one pair and is
// waived in another is two entries.

/** One entry of the report. */
interface Issue {
  description: string;
  check_name: string;
  fingerprint: string;
  severity: 'blocker' | 'critical' | 'info' | 'major' | 'minor';
  location: { path: string; lines: { begin: number } };
}

/** For the merge request widget of GitLab. */
export const gateGitlab = defineGateFormat({
  name: 'gitlab',
  render(report) {
    const findings = report.findings.map((finding) => findingIssue(finding, report));
    const problems = report.problems.map((problem) => problemIssue(problem, report));
    const conditions = conditionalPairs(report).map((pair) => conditionIssue(pair, report));
    return canonicalJson([...findings, ...problems, ...conditions]);
  },
});

function findingIssue(finding: GateFinding, report: GateReport): Issue {
  const { rule, pairs, status, fingerprint } = finding;
  const { file, line } = placeOf(finding) ?? { file: report.policy, line: 1 };
  const waiver = waiverOf(finding, report);
  const words = waiver ? ` Waived: ${sentence(waiverWords(waiver))}` : '';
  const suffix = [
    status === 'failing' ? '' : `-${status}`,
    finding.waiver === null ? '' : `-${finding.waiver}`,
  ];
  return {
    description: `${sentence(findingText(finding))} In ${pairWords(pairs)}.${words}`,
    check_name: rule,
    fingerprint: `${fingerprint}${suffix.join('')}`,
    severity: severityOf(finding),
    location: { path: file, lines: { begin: line } },
  };
}

function severityOf({ status, impact, effect, level }: GateFinding): Issue['severity'] {
  if (status === 'noted') return level === 'note' ? 'info' : 'minor';
  if (status !== 'failing') return 'info';
  if (impact === 'misread') return 'blocker';
  if (effect === 'boot-panic') return 'critical';
  return impact === 'note' ? 'minor' : 'major';
}

function problemIssue({ rule, level, message, line }: GateProblem, { policy }: GateReport): Issue {
  return {
    description: message,
    check_name: rule,
    fingerprint: fingerprintOf(rule, message),
    severity: level === 'error' ? 'major' : 'minor',
    location: { path: policy, lines: { begin: line ?? 1 } },
  };
}

function conditionIssue(pair: ConditionalPair, { policy }: GateReport): Issue {
  const description = conditionText(pair);
  return {
    description,
    check_name: CONDITION,
    fingerprint: fingerprintOf(CONDITION, description),
    severity: 'info',
    location: { path: policy, lines: { begin: 1 } },
  };
}

function fingerprintOf(rule: string, message: string): string {
  return createHash('sha256').update(`${rule} ${message}`).digest('hex').slice(0, 32);
}
