import { XMLBuilder } from 'fast-xml-parser';
import type { GateFinding, GatePair, GateProblem, GateReport } from '../model/gate.ts';
import { defineGateFormat } from './gate-format.ts';
import { findingText, waiverOf, waiverWords, wayOf } from './gate-words.ts';
import { verdictText } from './style.ts';

// JUnit XML as CI servers read it: a suite for each profile and target, a case for each pair; the run itself is a suite.

const ATTRIBUTE = '@';

interface Case {
  name: string;
  classname: string;
  failure?: { message: string; type: string; text: string };
  output?: string;
}

/** For CI servers that show tests. */
export const gateJunit = defineGateFormat({
  name: 'junit',
  render(report) {
    const suites = [...suitesOf(report), suiteNode('policy', report.problems.map(problemCase))];
    const builder = new XMLBuilder({
      ignoreAttributes: false,
      attributeNamePrefix: ATTRIBUTE,
      format: true,
      indentBy: ' ',
      suppressEmptyNode: true,
    });
    const { pairs, failed } = report.counts;
    const errors = report.problems.filter(({ level }) => level === 'error').length;
    return builder.build({
      '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
      testsuites: {
        ...attributes({
          name: `luo-abi gate ${report.policy}`,
          tests: pairs + report.problems.length,
          failures: failed + errors,
        }),
        testsuite: suites,
      },
    });
  },
});

function suitesOf(report: GateReport): object[] {
  const byName = new Map<string, GatePair[]>();
  for (const pair of report.pairs) {
    const name = `${pair.profile} on ${pair.target}`;
    byName.set(name, [...(byName.get(name) ?? []), pair]);
  }
  const findings = new Map<string, GateFinding[]>();
  for (const finding of report.findings) {
    const key = `${finding.fingerprint} ${finding.status}`;
    findings.set(key, [...(findings.get(key) ?? []), finding]);
  }
  return [...byName].map(([name, pairs]) =>
    suiteNode(
      name,
      pairs.map((pair) => pairCase(pair, report, findings)),
    ),
  );
}

function pairCase(
  pair: GatePair,
  report: GateReport,
  findings: ReadonlyMap<string, readonly GateFinding[]>,
): Case {
  const { verdict, effect, profile, target, reasons } = pair;
  const name = `${wayOf(pair)} (${pair.direction})`;
  const classname = `${profile}.${target}`;
  const found = (status: GateFinding['status']): GateFinding[] =>
    pair.findings.flatMap((fingerprint) => {
      const same = findings.get(`${fingerprint} ${status}`) ?? [];
      return same.find(({ pairs }) => pairs.some((seen) => wayOf(seen) === wayOf(pair))) ?? [];
    });
  if (pair.status === 'failed') {
    const lines = found('failing').map((finding) => `${finding.rule}: ${findingText(finding)}`);
    const message = reasons.join('; ');
    return {
      name,
      classname,
      failure: {
        message,
        type: verdictText(verdict, effect),
        text: [...reasons, ...lines, ...(pair.conditions ?? [])].join('\n'),
      },
    };
  }
  const conditions = pair.conditions ?? [];
  if (pair.status === 'passed') {
    return { name, classname, ...(conditions.length > 0 && { output: conditions.join('\n') }) };
  }
  const lines = found('waived').map((finding) => {
    const waiver = waiverOf(finding, report);
    return `waived ${finding.rule}: ${waiver ? waiverWords(waiver) : ''}`;
  });
  return { name, classname, output: [...lines, ...conditions].join('\n') };
}

function problemCase({ rule, level, message, line }: GateProblem): Case {
  const name = line === null ? message : `line ${line}: ${message}`;
  const classname = `policy.${rule}`;
  if (level !== 'error') return { name, classname, output: message };
  return { name, classname, failure: { message, type: rule, text: message } };
}

function suiteNode(name: string, cases: readonly Case[]): object {
  const failures = cases.filter(({ failure }) => failure).length;
  return { ...attributes({ name, tests: cases.length, failures }), testcase: cases.map(caseNode) };
}

function caseNode({ name, classname, failure, output }: Case): object {
  const { text, ...rest } = failure ?? { text: '' };
  return {
    ...attributes({ name, classname }),
    ...(failure && { failure: { ...attributes(rest), '#text': legal(text) } }),
    ...(output !== undefined && { 'system-out': legal(output) }),
  };
}

function attributes(values: { [name: string]: number | string }): { [name: string]: number | string } {
  const entries = Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'string' ? legal(value).replaceAll('\n', ' ') : value;
    return [`${ATTRIBUTE}${name}`, text] as const;
  });
  return Object.fromEntries(entries);
}

/** Without the characters that XML 1.0 cannot hold. */
function legal(text: string): string {
  return text.replace(/[\p{Cs}\ufffe\uffff]|(?![\t\n\r])\p{Cc}/gu, '?');
}
