import { ToolError } from '../errors.ts';
import { isDay } from '../model/calendar.ts';
import type { EvidenceRecord, Outcome } from '../model/evidence.ts';
import { parseReleaseName } from '../model/release-name.ts';
import { TARGETS } from '../model/target.ts';
import { EFFECTS } from '../model/verdict-kind.ts';
import { validate } from '../schema/validate.ts';
import type { FieldName, ReportedTest } from './reported-test.ts';
import { FIELD_NAMES } from './reported-test.ts';

/** What a test can come to, as people write it. */
export const OUTCOMES: readonly Outcome[] = ['works', ...EFFECTS, 'fails', 'unsupported'];

/** The fields of a record as text, by their names; `conditions` apart, since they are many. */
export type Fields = Partial<Record<Exclude<FieldName, 'conditions'>, string>> & {
  conditions?: readonly string[];
};

const NEEDED = ['outgoing', 'incoming', 'profile', 'target', 'outcome', 'who', 'date', 'how'] as const;

/**
 * A record from its fields.
 * @throws ToolError DOCUMENT_INVALID naming the first field that is missing or wrong.
 */
export function recordOf(fields: Fields, label: string): EvidenceRecord {
  for (const name of NEEDED) {
    if (!fields[name]) throw invalid(label, `no ${name}${name === 'outcome' ? '' : `; give --${name}`}`);
  }
  const { outcome = '', target = '' } = fields;
  if (!(OUTCOMES as readonly string[]).includes(outcome)) {
    throw invalid(label, `outcome ${outcome}: known outcomes are ${OUTCOMES.join(', ')}`);
  }
  if (!(TARGETS as readonly string[]).includes(target)) {
    throw invalid(label, `target ${target}: known targets are ${TARGETS.join(', ')}`);
  }
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  const [record] = validate<EvidenceRecord[]>('evidence-import', [Object.fromEntries(given)], label);
  if (!record) throw invalid(label, 'no record');
  checkDates(record, label);
  return record;
}

/** Days that the calendar does not have. @throws ToolError DOCUMENT_INVALID */
export function checkDates({ date, settled }: EvidenceRecord, label: string): void {
  for (const text of [date, settled?.date]) {
    if (text === undefined) continue;
    const full = text.length === 7 ? `${text}-01` : text;
    if (!isDay(full)) throw invalid(label, `date ${text}: no such day; write YYYY-MM-DD or YYYY-MM`);
  }
}

/**
 * What a reported test says of a pair, over `defaults` where the report says nothing; undefined for a test that was
 * skipped or names no pair. The pair may stand in the name: `7.2.12 -> 7.3.4 (memfd)`, `… memfd on x86_64-4k`.
 * @throws ToolError DOCUMENT_INVALID
 */
export function recordOfTest(test: ReportedTest, defaults: Fields, path: string): EvidenceRecord | undefined {
  if (test.result === 'skipped') return undefined;
  const { conditions, ...own } = ownFields(test, path);
  const fields: Fields = { ...defaults, ...pairNamed(test.name), ...own };
  if (fields.outgoing === undefined && fields.incoming === undefined) return undefined;
  const seen = fields.seen ?? (test.result === 'failed' ? firstLine(test.message) : undefined);
  const all = conditions ?? test.conditions ?? defaults.conditions;
  return recordOf(
    {
      ...fields,
      outcome: outcomeOf(test, fields.outcome, path),
      ...(seen !== undefined && { seen }),
      ...(all !== undefined && { conditions: all }),
    },
    `${path}: ${test.name}`,
  );
}

function ownFields({ fields, name: test }: ReportedTest, path: string): Fields {
  const own: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    if (!(FIELD_NAMES as readonly string[]).includes(name)) {
      throw invalid(`${path}: ${test}`, `luo-abi.${name}: known are ${FIELD_NAMES.join(', ')}`);
    }
    own[name] = name === 'conditions' ? value.split(';').map((part) => part.trim()) : value;
  }
  return own;
}

const PAIR =
  /(?:^|\s)([0-9A-Za-z][0-9A-Za-z._+~-]{0,99})\s{0,9}(?:->|→)\s{0,9}([0-9A-Za-z][0-9A-Za-z._+~-]{0,99})(.{0,200})/;
const STATE = /^[\s([,:]*([0-9A-Za-z][0-9A-Za-z._+~-]*)(?: on ([0-9a-z_-]+))?[\s)\],]*$/;

/** The pair, and the profile and target, that the name of a test tells. */
function pairNamed(name: string): Fields {
  const [, outgoing = '', incoming = '', rest = ''] = PAIR.exec(name) ?? [];
  if (!parseReleaseName(outgoing) || !parseReleaseName(incoming)) return {};
  const [, profile, target] = STATE.exec(rest) ?? [];
  return {
    outgoing,
    incoming,
    ...(profile !== undefined && { profile }),
    ...(target !== undefined && { target }),
  };
}

/** A report that passes a pair which it says did not work is no evidence of anything. */
function outcomeOf(
  { result, failureType, name }: ReportedTest,
  told: string | undefined,
  path: string,
): string {
  if (result === 'failed' && told === 'works') {
    throw invalid(`${path}: ${name}`, 'the test failed, and its outcome is said to be works');
  }
  if (told !== undefined) return told;
  if (result === 'passed') return 'works';
  return failureType !== undefined && (EFFECTS as readonly string[]).includes(failureType)
    ? failureType
    : 'fails';
}

const SEEN = 500;

function firstLine(message: string | undefined): string | undefined {
  const [line] = (message ?? '').split('\n').filter((text) => text.trim() !== '');
  return line?.trim().slice(0, SEEN);
}

function invalid(label: string, what: string): ToolError {
  return new ToolError('DOCUMENT_INVALID', `${label}: ${what}`, { path: label });
}
