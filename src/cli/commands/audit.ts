import { untouched } from '../../ask/audit.ts';
import { ToolError } from '../../errors.ts';
import type { AuditOutput } from '../../model/audit.ts';
import type { Level } from '../../model/finding.ts';
import { askingOf } from '../asking.ts';
import { whatOf } from '../audit-request.ts';
import type { OptionValues } from '../command.ts';
import { CATALOG_OPTION, COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import { printResult } from '../formats.ts';
import { textOf } from '../options.ts';

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
    const { auditTouched } = await import('../../ask/history/audit.ts');
    const path = textOf(options.catalog);
    const { what, output } = await auditTouched(whatOf(operands, options), {
      ...askingOf(io),
      repo: textOf(options.repo),
      on: textOf(options.on),
      catalog: options.noCatalog === true ? false : path === undefined ? {} : { path },
      env: io.env,
    });
    const { renderingsOf } = await import('../audit-renderings.ts');
    printResult(await renderingsOf({ what, output, shown: output ?? untouched(what) }, io), options, io);
    return output && isAtLeast(output, limit) ? 1 : 0;
  },
});

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
