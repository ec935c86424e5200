/** What a test report says of one test, whatever its format. */
export interface ReportedTest {
  name: string;
  result: 'failed' | 'passed' | 'skipped';
  /** What the report says for this program (`luo-abi.date`, …), by the name behind the prefix. */
  fields: ReadonlyMap<string, string>;
  /** `conditions`, where the format has lists. */
  conditions?: readonly string[];
  /** What went wrong, in the report's words. */
  message?: string;
  /** How the report classes the failure. */
  failureType?: string;
}

/** The names that a report may use for this program, behind `luo-abi.` or below `luo-abi:`. */
export const FIELD_NAMES = [
  'conditions',
  'date',
  'how',
  'incoming',
  'log',
  'outcome',
  'outgoing',
  'profile',
  'seen',
  'target',
  'who',
] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** What reports say under this program's name begins so. */
export const PREFIX = 'luo-abi.';
