import type { GateFinding, GatePair, GateReport } from '../model/gate.ts';
import { defineGateFormat } from './gate-format.ts';
import {
  conditionalPairs,
  findingText,
  pairWords,
  visibleReport,
  waiverOf,
  waiverWords,
  wayOf,
} from './gate-words.ts';
import { escapeText, markdownTable } from './markdown-text.ts';
import { verdictText } from './style.ts';

const SHOWN = 50;

/** For a job's summary or a comment: GitHub's Markdown. */
export const gateMarkdown = defineGateFormat({
  name: 'markdown',
  render(given) {
    const report = visibleReport(given);
    const { outcome, summary, policy, today, problems } = report;
    const of = (status: GateFinding['status']): GateFinding[] =>
      report.findings.filter((finding) => finding.status === status);
    const blocks = [
      `## luo-abi gate: ${outcome}`,
      `${escapeText(summary)} (policy ${code(policy)}, ${today}).`,
      ...pairTable('Failed', report.pairs, 'failed'),
      ...findingTable('What fails', of('failing'), report),
      ...pairTable('Pass by a waiver', report.pairs, 'waived'),
      ...findingTable('Waived', of('waived'), report),
      ...table(
        'Pass under conditions',
        ['pair', 'profile', 'target', 'condition'],
        conditionalPairs(report).map((pair) => [
          escapeText(wayOf(pair)),
          escapeText(pair.profile),
          pair.target,
          escapeText(pair.conditions.join('; ')),
        ]),
      ),
      ...table(
        'The gate itself',
        ['rule', 'level', 'what'],
        problems.map(({ rule, level, message, line }) => [
          code(rule),
          level,
          escapeText(line === null ? message : `line ${line}: ${message}`),
        ]),
      ),
    ];
    return `${blocks.join('\n\n')}\n`;
  },
});

function pairTable(title: string, pairs: readonly GatePair[], status: GatePair['status']): string[] {
  const own = pairs.filter((pair) => pair.status === status);
  const head = ['pair', 'profile', 'target', 'verdict', status === 'failed' ? 'why' : 'left after waivers'];
  return table(
    title,
    head,
    own.map((pair) => {
      const { profile, target, verdict, effect, reasons, remaining } = pair;
      const left = remaining ? verdictText(remaining.verdict, remaining.effect) : 'nothing';
      return [
        escapeText(wayOf(pair)),
        escapeText(profile),
        target,
        verdictText(verdict, effect),
        status === 'failed' ? escapeText(reasons.join('; ')) : left,
      ];
    }),
  );
}

function findingTable(title: string, findings: readonly GateFinding[], report: GateReport): string[] {
  const rows = findings.map((finding) => {
    const waiver = waiverOf(finding, report);
    const words = waiver ? `<br>waived: ${escapeText(waiverWords(waiver))}` : '';
    return [
      code(finding.rule),
      `${escapeText(findingText(finding))}<br>in ${escapeText(pairWords(finding.pairs))}${words}`,
      code(finding.fingerprint),
    ];
  });
  return table(title, ['rule', 'what', 'fingerprint'], rows);
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, SHOWN);
  const rest = rows.length > SHOWN ? [`and ${rows.length - SHOWN} more`] : [];
  return [`### ${title}`, markdownTable(head, shown), ...rest];
}

/** A name as code; only for names that hold no backtick. */
function code(text: string): string {
  return /[`|\s\\]/.test(text) ? escapeText(text) : `\`${text}\``;
}
