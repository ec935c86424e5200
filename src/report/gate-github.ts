import type { GateFinding, GateProblem, GateReport } from '../model/gate.ts';
import { defineGateFormat } from './gate-format.ts';
import type { ConditionalPair } from './gate-words.ts';
import {
  conditionalPairs,
  findingText,
  pairWords,
  placeOf,
  sentence,
  visibleReport,
  waiverOf,
  waiverWords,
  wayOf,
} from './gate-words.ts';
import type { GithubAnnotation } from './github-annotation.ts';
import { spellAnnotation } from './github-annotation.ts';

// What fails is an error, what is waived a notice; GitHub shows the first ten of a kind, so what fails comes first.

/** Annotations for a GitHub workflow; print them to stdout of a step. */
export const gateGithub = defineGateFormat({
  name: 'github',
  render(given) {
    const report = visibleReport(given);
    const findings = report.findings.flatMap((finding) => findingAnnotation(finding, report));
    const problems = report.problems.map((problem) => problemAnnotation(problem, report));
    const summary: GithubAnnotation = {
      command: report.outcome === 'failed' ? 'error' : 'notice',
      file: report.policy,
      line: 1,
      title: `luo-abi gate ${report.outcome}`,
      message: report.summary,
    };
    const conditions = conditionalPairs(report).map((pair) => conditionAnnotation(pair, report));
    return [...findings, ...problems, ...conditions, summary]
      .map((annotation) => `${spellAnnotation(annotation)}\n`)
      .join('');
  },
});

function findingAnnotation(finding: GateFinding, report: GateReport): GithubAnnotation[] {
  if (finding.status !== 'failing' && finding.status !== 'waived') return [];
  const { file, line } = placeOf(finding) ?? { file: report.policy, line: 1 };
  const waiver = waiverOf(finding, report);
  const words = waiver ? ` Waived: ${sentence(waiverWords(waiver))}` : '';
  return [
    {
      command: finding.status === 'failing' ? 'error' : 'notice',
      file,
      line,
      title: `${finding.rule} (${finding.component})`,
      message: `${sentence(findingText(finding))} In ${pairWords(finding.pairs)}.${words} Fingerprint ${finding.fingerprint}`,
    },
  ];
}

function conditionAnnotation(pair: ConditionalPair, { policy }: GateReport): GithubAnnotation {
  const title = `${wayOf(pair)} (${pair.profile} on ${pair.target})`;
  return { command: 'notice', file: policy, line: 1, title, message: pair.conditions.join('; ') };
}

function problemAnnotation(
  { rule, level, message, line }: GateProblem,
  { policy }: GateReport,
): GithubAnnotation {
  const command = level === 'note' ? 'notice' : level;
  return { command, file: policy, line: line ?? 1, title: rule, message };
}
