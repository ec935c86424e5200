import { existsSync } from 'node:fs';
import { ToolError } from '../../errors.ts';
import type { AuditOutput } from '../../model/audit.ts';
import type { Level } from '../../model/finding.ts';
import { renderUntouched } from '../../report/audit-terminal.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';

const LEVELS: readonly Level[] = ['note', 'warning', 'error'];

export const command = defineCommand({
  usage: 'audit [what...]',
  summary:
    'Commit by commit, or patch by patch: which handed-over data changed, which marker guards it, and whether that was raised. WHAT is a range (A..B), a commit (default: HEAD), REPO#RANGE, an mbox or patches. Exit 1 when a marker was not raised.',
  example: 'luo-abi audit v6.17..v6.18',
  options: [
    { flags: '--repo <folder>', summary: 'the git repository (default: the current folder)' },
    {
      flags: '--on <rev>',
      summary: 'the commit that patches apply to (default: HEAD), or REPO#REV, or a source',
    },
    { flags: '--staged', summary: 'what is staged for the next commit, against HEAD' },
    {
      ...FORMAT_OPTION,
      summary: 'terminal, json, sarif, github or mail (72 columns); NAME=FILE writes a file; may be repeated',
    },
    {
      flags: '--fail-on <level>',
      summary: 'exit 1 from this level on: error (default), warning, note, never',
    },
    { flags: '--no-catalog', summary: 'ask the tags of the repository which values of a marker are in use' },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(operands, options, io) {
    const limit = limitOf(options);
    const { auditWhat } = await import('../auditing.ts');
    const { what, output } = await auditWhat(whatOf(operands, options), options, io);
    const renderings = await renderingsOf(output ?? untouched(what), io);
    printResult(output ? renderings : { ...renderings, ...plainly(what) }, options, io);
    return output && isAtLeast(output, limit) ? 1 : 0;
  },
});

/** What is audited: a range or commit, files, or what is staged. */
export type AuditWhat =
  | { kind: 'patches'; paths: readonly string[] }
  | { kind: 'range'; text: string }
  | { kind: 'staged' };

function whatOf(operands: readonly string[], { staged, on }: OptionValues): AuditWhat {
  const [first = 'HEAD'] = operands;
  if (staged === true) {
    if (operands.length > 0) throw new ToolError('USAGE', '--staged names what is audited; give no operand');
    return { kind: 'staged' };
  }
  // A bare repository has a file HEAD; nobody means that one.
  const areFiles = operands.length > 0 && operands.every((path) => path !== 'HEAD' && existsSync(path));
  if (areFiles) return { kind: 'patches', paths: operands };
  if (operands.length > 1) {
    const stranger = operands.find((path) => !existsSync(path)) ?? first;
    throw new ToolError('FILE_UNREADABLE', `${stranger}: no such file; give one range, or patches`);
  }
  if (on !== undefined) throw misplacedOn(operands, String(on));
  return { kind: 'range', text: first };
}

/** `--on` names what patches apply to: with none of them, a range may have been meant, or a file that is not there. */
function misplacedOn([what]: readonly string[], on: string): ToolError {
  if (what !== undefined && !what.includes('..'))
    return new ToolError('FILE_UNREADABLE', `${what}: no such file; --on ${on} is for patches`);
  const range = on.includes('#') ? `${on}..HEAD` : `${what ?? `${on}..HEAD`}`;
  return new ToolError(
    'USAGE',
    `--on ${on} is what patches apply to, and none are given; for commits: audit ${range}`,
  );
}

async function renderingsOf(output: AuditOutput, io: Io) {
  const [terminal, mail, github, sarif, { ruleHelp }, { packageVersion }] = await Promise.all([
    import('../../report/audit-terminal.ts'),
    import('../../report/audit-mail.ts'),
    import('../../report/audit-github.ts'),
    import('../../report/audit-sarif.ts'),
    import('../../ask/explain/rule-help.ts'),
    import('../../schema/package-root.ts'),
  ]);
  return {
    terminal: () => terminal.renderAudit(output, io.render),
    json: () => output,
    mail: () => mail.renderAuditMail(output),
    github: () => github.renderAuditGithub(output),
    sarif: () => sarif.renderAuditSarif(output, { version: packageVersion(), helpOf: ruleHelp }),
  };
}

/** The answer where nothing of the range is handed over. */
function untouched(what: string): AuditOutput {
  const whole = { components: [], findings: [] };
  return { what, base: '', looked: 0, patches: [], whole, pairs: [] };
}

function plainly(what: string) {
  const text = (): string => renderUntouched(what);
  return { terminal: text, mail: text };
}

function limitOf({ failOn = 'error' }: OptionValues): Level | undefined {
  if (failOn === 'never') return undefined;
  const level = LEVELS.find((candidate) => candidate === failOn);
  if (level) return level;
  throw new ToolError('USAGE', `--fail-on ${String(failOn)}: give one of ${LEVELS.join(', ')}, never`);
}

function isAtLeast({ patches, whole }: AuditOutput, limit: Level | undefined): boolean {
  if (limit === undefined) return false;
  const findings = [...patches.flatMap((patch) => patch.findings), ...whole.findings];
  return findings.some(({ level }) => LEVELS.indexOf(level) >= LEVELS.indexOf(limit));
}
