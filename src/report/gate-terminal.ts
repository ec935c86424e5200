import type { GateFinding, GatePair, GateProblem, GateReport, GateWaiver } from '../model/gate.ts';
import { conditionLines } from './condition-lines.ts';
import { defineGateFormat } from './gate-format.ts';
import { conditionalPairs, pairWords, visibleReport, waiverOf, waiverWords, wayOf } from './gate-words.ts';
import type { RenderOptions } from './style.ts';
import { signOf, verdictText } from './style.ts';
import { wrap } from './wrap.ts';

const SHOWN_PAIRS = 40;

/** For people: the outcome, what fails and why, what was waived, what is wrong with the run itself. */
export const gateTerminal = defineGateFormat({
  name: 'terminal',
  render(given, options) {
    const report = visibleReport(given);
    const { chalk, width } = options;
    const paint = report.outcome === 'failed' ? chalk.bgRed.whiteBright.bold : chalk.bgGreen.black.bold;
    const of = (status: GateFinding['status']): GateFinding[] =>
      report.findings.filter((finding) => finding.status === status);
    const lines = [
      `${paint(` ${report.outcome} `)} ${chalk.bold(report.policy)}`,
      ...wrap(report.summary, width, '  '),
      ...section('Failed checks', renderPairs(report.pairs, 'failed', options), options),
      ...section(
        'What fails',
        of('failing').flatMap((finding) => renderFinding(finding, report, options)),
        options,
      ),
      ...section('Checks that pass by a waiver', renderPairs(report.pairs, 'waived', options), options),
      ...section(
        'Waived',
        of('waived').flatMap((finding) => renderFinding(finding, report, options)),
        options,
      ),
      ...section('Pass under conditions', renderConditions(report, options), options),
      ...section(
        'The gate itself',
        report.problems.flatMap((problem) => renderProblem(problem, options)),
        options,
      ),
      ...section('Also', renderRest(report), options),
    ];
    return `${lines.join('\n')}\n`;
  },
});

function section(title: string, lines: readonly string[], { chalk }: RenderOptions): string[] {
  return lines.length > 0 ? ['', chalk.bold(title), ...lines] : [];
}

function renderPairs(
  pairs: readonly GatePair[],
  status: GatePair['status'],
  options: RenderOptions,
): string[] {
  const { chalk, width } = options;
  const own = pairs.filter((pair) => pair.status === status);
  const lines = own.slice(0, SHOWN_PAIRS).flatMap((pair) => {
    const { verdict, effect, profile, target, remaining, reasons } = pair;
    const sign = signOf(verdict, effect);
    const left =
      status === 'waived'
        ? [`left after waivers: ${remaining ? verdictText(remaining.verdict, remaining.effect) : 'nothing'}`]
        : reasons;
    return [
      `  ${sign.paint(chalk, ` ${sign.mark} `)} ${wayOf(pair)}  ${profile} on ${target}: ${verdictText(verdict, effect)}`,
      ...conditionLines(pair.conditions, '        ', options),
      ...left.flatMap((text) => wrap(text, width, '        ')).map((text) => chalk.dim(text)),
    ];
  });
  const rest = own.length - SHOWN_PAIRS;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
}

function renderFinding(finding: GateFinding, report: GateReport, { chalk, width }: RenderOptions): string[] {
  const { rule, level, component, subject, message, fingerprint, pairs } = finding;
  const paint = { error: chalk.redBright, warning: chalk.yellow, note: chalk.cyan }[level];
  const waiver: GateWaiver | undefined = waiverOf(finding, report);
  const details = [
    `in ${pairWords(pairs)}`,
    ...finding.where.map(({ file, line, side }) => `${side} ${file}:${line}`),
    ...(waiver ? [`waived: ${waiverWords(waiver)}`] : []),
    `fingerprint ${fingerprint}`,
  ];
  return [
    ...wrap(`${paint(`${level}[${rule}]`)} ${component}: ${subject}`, width, '  '),
    ...wrap(message, width, '    '),
    ...(finding.condition === undefined ? [] : wrap(`condition: ${finding.condition}`, width, '    ')),
    ...details.flatMap((text) => wrap(text, width, '      ')).map((text) => chalk.dim(text)),
  ];
}

function renderConditions(report: GateReport, options: RenderOptions): string[] {
  const pairs = conditionalPairs(report).filter(({ status }) => status === 'passed');
  const lines = pairs
    .slice(0, SHOWN_PAIRS)
    .flatMap((pair) => [
      `  ${wayOf(pair)}  ${pair.profile} on ${pair.target}`,
      ...conditionLines(pair.conditions, '        ', options),
    ]);
  const rest = pairs.length - SHOWN_PAIRS;
  return rest > 0 ? [...lines, `  and ${rest} more`] : lines;
}

function renderProblem(
  { rule, level, message, line }: GateProblem,
  { chalk, width }: RenderOptions,
): string[] {
  const paint = { error: chalk.redBright, warning: chalk.yellow, note: chalk.cyan }[level];
  const place = line === null ? '' : `line ${line}: `;
  return [...wrap(`${paint(`${level}[${rule}]`)} ${place}${message}`, width, '  ')];
}

function renderRest({ findings }: GateReport): string[] {
  const count = (status: GateFinding['status']): number =>
    findings.filter((finding) => finding.status === status).length;
  const rows = [
    [count('allowed'), 'findings that the policy allows'],
    [count('noted'), 'notes'],
  ] as const;
  return rows
    .filter(([number]) => number > 0)
    .map(([number, words]) => `  ${number} ${words}; --format json lists them`);
}
