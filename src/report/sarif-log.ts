import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import { byCodeUnit, canonicalJson } from '../model/canonical.ts';
import type { Level } from '../model/finding.ts';

// SARIF 2.1.0 (OASIS), as code scanning reads it: one run, its rules with their pages.

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** What a rule's page says of it. */
export interface SarifRule {
  summary: string;
  /** Markdown. */
  page: string;
  level: Level;
}

export interface SarifOptions {
  /** Of this program. */
  version: string;
  helpOf(rule: string): SarifRule | undefined;
}

/** A log with one run: the rules of its results are described and pointed at by index. */
export function sarifLog(
  results: readonly Result[],
  { version, helpOf }: SarifOptions,
  { properties, ...run }: Partial<Run> = {},
): string {
  const ids = [...new Set(results.flatMap(({ ruleId }) => ruleId ?? []))].sort(byCodeUnit);
  const rules = ids.map((id) => descriptorOf(id, helpOf(id)));
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'luo-abi', version, rules } },
        ...run,
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => ({ ...result, ruleIndex: ids.indexOf(result.ruleId ?? '') })),
        ...(properties && { properties }),
      },
    ],
  };
  return canonicalJson(log);
}

function descriptorOf(id: string, help: SarifRule | undefined): ReportingDescriptor {
  if (!help) return { id };
  const { summary, page, level } = help;
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: page, markdown: page },
    defaultConfiguration: { level },
  };
}
