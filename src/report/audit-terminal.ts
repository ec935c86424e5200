import type { AuditCause, AuditedPatch, AuditFinding, AuditHunk, AuditOutput } from '../model/audit.ts';
import { adviceFor, hitBy, pairLines, summaryOf, touchedLines } from './audit-text.ts';
import type { RenderOptions } from './style.ts';
import { wrap } from './wrap.ts';

/** An audit, patch by patch, then as a whole. */
export function renderAudit(output: AuditOutput, options: RenderOptions): string {
  const { chalk, width } = options;
  const pairs = pairLines(output);
  const lines = [
    chalk.bold(summaryOf(output)),
    ...output.patches.flatMap((patch) => ['', ...renderPatch(patch, options)]),
    ...(pairs.length > 0 ? ['', chalk.bold('With the last releases'), ...indented(pairs, width)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** What is said where a range touches nothing. */
export function renderUntouched(what: string): string {
  return `${what}: no handed-over data touched\n`;
}

function indented(texts: readonly string[], width: number): string[] {
  return texts.flatMap((text) => wrap(text, width, '  '));
}

function renderPatch(patch: AuditedPatch, options: RenderOptions): string[] {
  const { chalk, width } = options;
  return [
    `${chalk.yellow(patch.name)} ${chalk.bold(patch.title)}`,
    ...indented(touchedLines(patch), width).map((line) => chalk.dim(line)),
    ...patch.findings.flatMap((finding) => renderFinding(finding, options)),
  ];
}

function renderFinding(finding: AuditFinding, options: RenderOptions): string[] {
  const { chalk, width } = options;
  const paint = { error: chalk.redBright, warning: chalk.yellow, note: chalk.cyan }[finding.level];
  const advice = [hitBy(finding), adviceFor(finding)].flatMap((text) => text ?? []);
  return [
    `  ${paint(`${finding.level}[${finding.rule}]`)} ${finding.subject}${finding.where ? chalk.dim(` ${finding.where}`) : ''}`,
    ...wrap(finding.message, width, '    '),
    ...finding.causes.flatMap(({ rule, message }: AuditCause) =>
      wrap(`${rule}: ${message}`, width, '      ').map((line) => chalk.dim(line)),
    ),
    ...advice.flatMap((text) => wrap(text, width, '    ')),
    ...finding.hunks.flatMap((hunk) => renderHunk(hunk, options)),
  ];
}

function renderHunk({ file, line, lines }: AuditHunk, { chalk }: RenderOptions): string[] {
  const painted = lines.map((text) => {
    const shown = `      ${printable(text)}`;
    if (text.startsWith('+')) return chalk.green(shown);
    return text.startsWith('-') ? chalk.red(shown) : chalk.dim(shown);
  });
  return [chalk.dim(`      ${file}:${line}`), ...painted];
}

/** Tabs stay; other control characters of a patch are not for a terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '?');
}
