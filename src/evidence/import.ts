import { checkEvidence } from '../catalog/evidence-id.ts';
import type { EvidenceDocument, EvidenceImport, EvidenceRecord } from '../model/evidence.ts';
import { parseDocument } from '../schema/validate.ts';
import { readJUnit } from './junit.ts';
import type { Fields } from './record.ts';
import { checkDates, recordOfTest } from './record.ts';
import { readTap } from './tap.ts';

/** What a file says of pairs. */
export interface ImportedEvidence {
  records: EvidenceRecord[];
  /** How many of its tests were skipped or name no pair. */
  leftOut: number;
}

/**
 * The records in a test report (JUnit XML or TAP) or in JSON; which it is, its first character tells. `defaults` stand for
 * what a report does not say; JSON says all.
 * @throws ToolError DOCUMENT_INVALID
 */
export async function importEvidence(
  text: string,
  path: string,
  defaults: Fields,
): Promise<ImportedEvidence> {
  const body = text.replace(/^\uFEFF/, '').trimStart();
  if (body.startsWith('[') || body.startsWith('{')) return { records: readJson(body, path), leftOut: 0 };
  const tests = body.startsWith('<') ? await readJUnit(body, path) : await readTap(text, path);
  const records = tests.flatMap((test) => recordOfTest(test, defaults, path) ?? []);
  return { records, leftOut: tests.length - records.length };
}

/** A list of records, or one stored document. */
function readJson(text: string, path: string): EvidenceRecord[] {
  const records = text.startsWith('[')
    ? parseDocument<EvidenceImport>('evidence-import', text, path)
    : [checkEvidence(parseDocument<EvidenceDocument>('evidence', text, path), path)];
  for (const record of records) checkDates(record, path);
  return records;
}
