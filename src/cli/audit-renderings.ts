import type { AuditOutput } from '../model/audit.ts';
import type { Io } from './command.ts';

/** An audit as it is shown; without `output` nothing that is handed over was touched. */
export interface ShownAudit {
  what: string;
  output: AuditOutput | undefined;
  shown: AuditOutput;
}

/** The formats of an audit, loaded together. */
export async function renderingsOf({ what, output, shown }: ShownAudit, io: Io) {
  const [terminal, mail, github, sarif, { ruleHelp }, { packageVersion }] = await Promise.all([
    import('../report/audit-terminal.ts'),
    import('../report/audit-mail.ts'),
    import('../report/audit-github.ts'),
    import('../report/audit-sarif.ts'),
    import('../ask/explain/rule-help.ts'),
    import('../ask/program.ts'),
  ]);
  return {
    terminal: () => (output ? terminal.renderAudit(output, io.render) : terminal.renderUntouched(what)),
    json: () => shown,
    mail: () => (output ? mail.renderAuditMail(output) : terminal.renderUntouched(what)),
    github: () => github.renderAuditGithub(shown),
    sarif: () => sarif.renderAuditSarif(shown, { version: packageVersion(), helpOf: ruleHelp }),
  };
}
