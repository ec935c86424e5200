import type { Result } from 'tap-parser';
import { ToolError } from '../errors.ts';
import type { ReportedTest } from './reported-test.ts';

/**
 * The tests of a TAP stream, those of subtests among them. What is said for this program stands in the YAML block of a test
 * under `luo-abi:`. A stream that was cut short is refused whole: it does not say what the missing tests came to.
 * @throws ToolError DOCUMENT_INVALID
 */
export async function readTap(text: string, path: string): Promise<ReportedTest[]> {
  const { Parser } = await import('tap-parser');
  const tests: ReportedTest[] = [];
  for (const [event, value] of parse(() => Parser.parse(text, { flat: true }), path)) {
    if (event === 'assert' && !value.closingTestPoint) tests.push(readResult(value as Result, path));
    if (event === 'bailout') throw invalid(path, `the run was given up: ${String(value)}`);
    if (event === 'extra' && String(value).startsWith('---')) {
      throw invalid(path, `a YAML block cannot be read, behind test ${tests.length}`);
    }
    if (event === 'complete') checkComplete(value as Completion, path);
  }
  return tests;
}

/** What is looked at of the parser's last event. */
interface Completion {
  count: number;
  bailout: boolean | string;
  failures: { tapError?: string | null }[];
}

type Events = [string, { closingTestPoint?: unknown }][];

function parse(step: () => unknown, path: string): Events {
  try {
    return step() as Events;
  } catch (cause) {
    throw invalid(path, `not TAP: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function checkComplete({ count, bailout, failures }: Completion, path: string): void {
  if (bailout !== false) throw invalid(path, `the run was given up: ${String(bailout)}`);
  const fault = failures.find(({ tapError }) => typeof tapError === 'string')?.tapError;
  if (fault !== undefined) throw invalid(path, `not sound TAP: ${fault}`);
  if (count === 0) throw invalid(path, 'neither JUnit XML, JSON nor TAP with a test');
}

function invalid(path: string, what: string): ToolError {
  return new ToolError('DOCUMENT_INVALID', `${path}: ${what.replaceAll('\n', ' ')}`, { path });
}

function readResult({ ok, name, skip, todo, diag }: Result, path: string): ReportedTest {
  const own = isRecord(diag) ? diag['luo-abi'] : undefined;
  if (own !== undefined && !isRecord(own)) throw invalid(path, `${name}: luo-abi: is not a map`);
  const { conditions, ...rest } = own ?? {};
  const message = isRecord(diag) ? (diag.message ?? diag.error) : undefined;
  return {
    name,
    result: isSet(skip) || isSet(todo) ? 'skipped' : ok ? 'passed' : 'failed',
    fields: new Map(Object.entries(rest).map(([key, value]) => [key, textOf(value)])),
    ...(conditions !== undefined && {
      conditions: (Array.isArray(conditions) ? conditions : [conditions]).map(textOf),
    }),
    ...(typeof message === 'string' && { message }),
  };
}

function isSet(directive: boolean | string): boolean {
  return directive !== false && directive !== undefined;
}

function isRecord(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** YAML reads a day as a date; it is written back as it stood. */
function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
