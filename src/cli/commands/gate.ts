import { gateRuleHelp } from '../../ask/explain/rule-help.ts';
import { gateFile } from '../../ask/gate.ts';
import { evidenceFolder } from '../../ask/open-catalog.ts';
import { packageVersion } from '../../ask/program.ts';
import { ToolError } from '../../errors.ts';
import { isDay } from '../../model/calendar.ts';
import type { GateReport } from '../../model/gate.ts';
import type { GateRenderOptions } from '../../report/gate-format.ts';
import { GATE_FORMATS } from '../../report/gate-formats.ts';
import { askingOf, withCatalog } from '../asking.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import type { Renderings } from '../formats.ts';
import { printResult } from '../formats.ts';
import { textOf } from '../options.ts';

export const command = defineCommand({
  usage: 'gate',
  summary: 'Check every pair that a policy asks for; exit 1 unless all of it may pass.',
  example: 'luo-abi gate --policy luo-abi.yaml --format terminal --format sarif=gate.sarif',
  options: [
    {
      flags: '--policy <file>',
      summary: 'what to check and what may pass: YAML or JSON (schemas/policy.md)',
    },
    {
      flags: '--today <date>',
      summary: 'the day against which waivers are held, YYYY-MM-DD (default: today, UTC)',
    },
    {
      flags: '--versions <folder>',
      summary: 'the documents that --catalog was built from (default: those that ship with luo-abi)',
    },
    {
      ...FORMAT_OPTION,
      summary: `${GATE_FORMATS.map(({ name }) => name).join(', ')}; NAME=FILE writes a file; may be repeated`,
    },
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(_args, options, io) {
    const { policy: path } = options;
    if (typeof path !== 'string') throw new ToolError('USAGE', 'gate: --policy <file> is missing');
    const today = todayOf(options);
    const named = textOf(options.catalog);
    const rebuild = `luo-abi catalog build${named === undefined ? '' : ` --catalog ${named}`}`;
    const versions = textOf(options.versions) ?? { evidence: evidenceFolder(io.env) };
    return withCatalog(options, io, async (catalog) => {
      const report = await gateFile(path, { ...askingOf(io), catalog, today, versions, rebuild });
      printResult(renderingsOf(report, io), options, io);
      return report.outcome === 'failed' ? 1 : 0;
    });
  },
});

/** The one place of the gate that looks at the clock. */
function todayOf({ today }: OptionValues): string {
  if (today === undefined) return new Date().toISOString().slice(0, 10);
  if (typeof today === 'string' && isDay(today)) return today;
  throw new ToolError('USAGE', `--today ${String(today)}: not a date; write YYYY-MM-DD`);
}

function renderingsOf(report: GateReport, io: Io): Renderings {
  const options: GateRenderOptions = { ...io.render, version: packageVersion(), helpOf: gateRuleHelp };
  const byName = Object.fromEntries(
    GATE_FORMATS.map(({ name, render }) => [name, (): string => render(report, options)] as const),
  );
  // printResult writes JSON itself, in the form that all commands share.
  return { ...byName, terminal: () => byName.terminal?.() ?? '', json: () => report };
}
