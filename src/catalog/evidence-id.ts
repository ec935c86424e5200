import { ToolError } from '../errors.ts';
import type { EvidenceDocument, EvidenceRecord } from '../model/evidence.ts';
import { EVIDENCE_SCHEMA_VERSION } from '../model/evidence.ts';
import { hashText } from './hash.ts';

/**
 * The stored form of a record. Its id follows from what was observed, by whom, when and how; a settlement, which comes
 * later, does not change it.
 */
export function evidenceDocument(record: EvidenceRecord): EvidenceDocument {
  const { outgoing, incoming, profile, target, outcome, seen, conditions, changed, images } = record;
  const { who, date, how, log } = record;
  const observed: EvidenceRecord = {
    outgoing,
    incoming,
    profile,
    target,
    outcome,
    ...(seen !== undefined && { seen }),
    ...(conditions !== undefined && { conditions }),
    ...(changed !== undefined && { changed }),
    ...(images !== undefined && { images }),
    who,
    date,
    how,
    ...(log !== undefined && { log }),
  };
  return {
    $schema: 'evidence.schema.json',
    schemaVersion: EVIDENCE_SCHEMA_VERSION,
    id: hashText(JSON.stringify(observed)).slice(0, 16),
    ...observed,
    ...(record.settled !== undefined && { settled: record.settled }),
  };
}

/** `7.2.12-to-7.3.4-memfd-0123456789abcdef.json`. */
export function evidenceFileName({ outgoing, incoming, profile, id }: EvidenceDocument): string {
  return `${outgoing}-to-${incoming}-${profile}-${id}.json`;
}

/**
 * The document in its own form, keys in their order.
 * @throws ToolError DOCUMENT_INVALID where the id is not that of the content: the record was edited after it was made.
 */
export function checkEvidence(document: EvidenceDocument, path: string): EvidenceDocument {
  if (document.schemaVersion > EVIDENCE_SCHEMA_VERSION) {
    const message = `${path}: schemaVersion ${document.schemaVersion} is newer than ${EVIDENCE_SCHEMA_VERSION}`;
    throw new ToolError('DOCUMENT_INVALID', message, { path });
  }
  const made = evidenceDocument(document);
  if (made.id === document.id) return made;
  const message = `${path}: id ${document.id} is not that of its content, ${made.id}; add a changed observation as a new record`;
  throw new ToolError('DOCUMENT_INVALID', message, { path });
}

/** Each observation once; of two documents with one id, the one that was settled. */
export function distinctEvidence(documents: readonly EvidenceDocument[]): EvidenceDocument[] {
  const byId = new Map<string, EvidenceDocument>();
  for (const document of documents) {
    const known = byId.get(document.id);
    if (!known || known.settled === undefined) byId.set(document.id, document);
  }
  return [...byId.values()];
}
