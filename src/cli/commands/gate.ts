import type { Catalog } from '../../catalog/catalog.ts';
import { dateLookup } from '../../catalog/dates.ts';
import { ownEvidence } from '../../catalog/own-kernel.ts';
import { shippedStamp } from '../../catalog/shipped.ts';
import { stampOf } from '../../catalog/stamp.ts';
import type { Rule } from '../../diff/rule.ts';
import { RULES } from '../../diff/rules/index.ts';
import { ToolError } from '../../errors.ts';
import { runGate } from '../../matrix/gate.ts';
import { evidenceLookup } from '../../matrix/gate-evidence.ts';
import { GATE_RULES } from '../../matrix/gate-rules.ts';
import { isDay } from '../../model/calendar.ts';
import type { GateProblem, GateReport } from '../../model/gate.ts';
import type { GateRenderOptions, RuleHelp } from '../../report/gate-format.ts';
import { GATE_FORMATS } from '../../report/gate-formats.ts';
import { packageVersion } from '../../schema/package-root.ts';
import { windowProblems } from '../../window/policy.ts';
import { evidenceFolder, openCatalog, versionsFolder } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, COMPONENTS_OPTION, defineCommand, FORMAT_OPTION } from '../command.ts';
import type { Renderings } from '../formats.ts';
import { printResult } from '../formats.ts';
import { gateKernels } from '../gate-kernels.ts';
import { judgingFrom } from '../judging.ts';
import { type PolicyFile, readPolicy } from '../policy-file.ts';
import { policyProfiles } from '../policy-profiles.ts';
import { topicsOf } from '../topics.ts';

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
    const file = readPolicy(path);
    return file.withItsComponents(() => checked(file, { path, today, options, io }));
  },
});

async function checked(
  { policy, lineOfWaiver }: PolicyFile,
  { path, today, options, io }: Run,
): Promise<number> {
  const catalog = await openCatalog(options, io);
  try {
    const kernels = await gateKernels(policy, path, { catalog, io });
    const profiles = policyProfiles(policy, path, catalog);
    const judging = await judgingFrom(catalog, kernels.strangers);
    const { kernelOf } = kernels;
    const dateOf = dateLookup(catalog);
    const report = runGate({
      ...kernels,
      policy,
      path,
      profiles,
      today,
      lineOfWaiver,
      judging,
      evidenceFor: evidenceLookup(ownEvidence(catalog.evidence(), catalog)),
      problems: [
        ...staleCatalog(catalog, options, io),
        ...windowProblems({ policy, profiles, known: kernels, kernelOf, judging, dateOf }),
      ],
    });
    printResult(renderingsOf(report, io), options, io);
    return report.outcome === 'failed' ? 1 : 0;
  } finally {
    catalog.close();
  }
}

/** What a run of the gate was asked for. */
interface Run {
  path: string;
  today: string;
  options: OptionValues;
  io: Io;
}

/** The one place of the gate that looks at the clock. */
function todayOf({ today }: OptionValues): string {
  if (today === undefined) return new Date().toISOString().slice(0, 10);
  if (typeof today === 'string' && isDay(today)) return today;
  throw new ToolError('USAGE', `--today ${String(today)}: not a date; write YYYY-MM-DD`);
}

/** A catalog of other documents than those at hand may not know what they know. */
function staleCatalog(catalog: Catalog, { versions, catalog: named }: OptionValues, io: Io): GateProblem[] {
  const folder = typeof versions === 'string' ? versions : versionsFolder();
  const stamp = catalog.madeFrom();
  const withRecords = (): string => shippedStamp({ evidence: evidenceFolder(io.env) });
  if (stamp === stampOf(folder) || (typeof versions !== 'string' && stamp === withRecords())) return [];
  const mend =
    typeof named === 'string' ? `luo-abi catalog build --catalog ${named}` : 'luo-abi catalog build';
  const message = `${catalog.path}: not built from the documents in ${folder}; run: ${mend}`;
  return [{ rule: 'catalog-stale', level: 'error', message, line: null }];
}

function renderingsOf(report: GateReport, io: Io): Renderings {
  const options: GateRenderOptions = { ...io.render, version: packageVersion(), helpOf };
  const byName = Object.fromEntries(
    GATE_FORMATS.map(({ name, render }) => [name, (): string => render(report, options)] as const),
  );
  // printResult writes JSON itself, in the form that all commands share.
  return { ...byName, terminal: () => byName.terminal?.() ?? '', json: () => report };
}

function helpOf(id: string): RuleHelp | undefined {
  const rules: readonly Pick<Rule, 'id' | 'level' | 'summary'>[] = [
    ...(RULES as readonly Rule[]),
    ...GATE_RULES,
  ];
  const rule = rules.find((candidate) => candidate.id === id);
  const page = topicsOf(id).find(({ kind }) => kind === 'rule')?.page;
  return rule && page !== undefined ? { id, level: rule.level, summary: rule.summary, page } : undefined;
}
