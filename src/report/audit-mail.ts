import type { AuditedPatch, AuditFinding, AuditHunk, AuditOutput } from '../model/audit.ts';
import { printable } from './audit-terminal.ts';
import { adviceFor, hitBy, pairLines, summaryOf } from './audit-text.ts';
import { wrap } from './wrap.ts';

/** Columns of a mail. */
const WIDTH = 72;
/** Lines of a hunk that are quoted. */
const QUOTED = 16;

/** An audit as the body of a reply: what is meant is quoted, the answer stands below it. */
export function renderAuditMail(output: AuditOutput): string {
  const said = output.patches.filter(({ findings }) => findings.length > 0);
  const pairs = pairLines(output);
  const lines = [
    ...paragraph(summaryOf(output)),
    ...said.flatMap((patch) => ['', ...renderPatch(patch)]),
    ...(pairs.length > 0
      ? ['', 'With the last releases:', ...pairs.flatMap((text) => wrap(text, WIDTH, '  '))]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function paragraph(text: string): string[] {
  return wrap(printable(text), WIDTH, '').flatMap((line) => cut(line));
}

/** A word longer than a line (a path) goes on in the next. */
function cut(line: string): string[] {
  if (line.length <= WIDTH) return [line];
  return [line.slice(0, WIDTH), ...cut(line.slice(WIDTH))];
}

function renderPatch(patch: AuditedPatch): string[] {
  const head = `On ${patch.name} ("${printable(patch.title)}"):`;
  return [...paragraph(head), ...patch.findings.flatMap((finding) => ['', ...renderFinding(finding)])];
}

function renderFinding(finding: AuditFinding): string[] {
  const quoted = finding.hunks.slice(0, 2).flatMap(quote);
  const causes = finding.causes.slice(0, 4).map(({ message }) => `- ${message}`);
  return [
    ...(quoted.length > 0 ? [...quoted, ''] : []),
    ...paragraph(`${finding.level}: ${finding.rule}: ${finding.message}.`),
    ...causes.flatMap((text) => paragraph(text)),
    ...[hitBy(finding), adviceFor(finding)].flatMap((text) => (text ? paragraph(text) : [])),
  ];
}

function quote({ file, line, lines }: AuditHunk): string[] {
  const changed = lines.length > QUOTED ? aroundChange(lines) : lines;
  return [`> ${file}:${line}`, ...changed.map((text) => `> ${expanded(printable(text))}`)].map((text) =>
    text.length > WIDTH ? `${text.slice(0, WIDTH - 3)}...` : text.trimEnd(),
  );
}

/** The lines of a long hunk around the first that changes. */
function aroundChange(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((text) => !text.startsWith(' '));
  const start = Math.max(0, first - 2);
  return lines.slice(start, start + QUOTED);
}

/** A tab counts eight columns for whoever reads it; here it may not break the width. */
function expanded(text: string): string {
  return text.replaceAll('\t', '    ');
}
