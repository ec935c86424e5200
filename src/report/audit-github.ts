import type { AuditOutput } from '../model/audit.ts';
import { adviceFor, hitBy, summaryOf } from './audit-text.ts';
import { spellAnnotation } from './github-annotation.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** An audit as annotations of a GitHub workflow, errors first; a finding without a place stands at the Makefile. */
export function renderAuditGithub(output: AuditOutput): string {
  const annotations = output.patches.flatMap((patch) =>
    patch.findings.map((finding) => {
      const [, file = 'Makefile', line = '1'] = /^(.*):(\d+)$/.exec(finding.where ?? '') ?? [];
      const texts = [
        `${finding.message}.`,
        hitBy(finding),
        adviceFor(finding),
        `In ${patch.name} "${patch.title}".`,
      ];
      return {
        command: COMMANDS[finding.level],
        file,
        line: Number(line),
        title: finding.rule,
        message: texts.filter((text) => text !== undefined).join(' '),
      };
    }),
  );
  const order = ['error', 'warning', 'notice'];
  const sorted = [...annotations].sort((a, b) => order.indexOf(a.command) - order.indexOf(b.command));
  const summary = { command: 'notice', file: 'Makefile', line: 1, title: 'luo-abi audit' } as const;
  return [...sorted, { ...summary, message: summaryOf(output) }]
    .map((annotation) => `${spellAnnotation(annotation)}\n`)
    .join('');
}
