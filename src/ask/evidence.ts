import type { Catalog } from '../catalog/catalog.ts';
import { distinctEvidence, evidenceDocument } from '../catalog/evidence-id.ts';
import { ToolError } from '../errors.ts';
import { importEvidence } from '../evidence/import.ts';
import type { Fields } from '../evidence/record.ts';
import { checkDates, recordOf } from '../evidence/record.ts';
import { byCodeUnit } from '../model/canonical.ts';
import type { EvidenceDocument, EvidenceListOutput, EvidenceRecord, Settlement } from '../model/evidence.ts';
import { compareReleases } from '../model/release-name.ts';
import { readTextFile } from '../schema/validate.ts';
import { each, working } from '../work.ts';
import type { BootedImages } from './evidence/images.ts';
import { digestsOf } from './evidence/images.ts';
import { withPredictions } from './evidence/predictions.ts';
import type { EvidencePlace } from './evidence/store.ts';
import { inCatalog, predicted, store, write } from './evidence/store.ts';

/** A record of a test as people write it down: the fields of an `EvidenceRecord`, as text. */
export type EvidenceFields = Fields;

export interface ListEvidenceOptions {
  catalog: Catalog;
  /** Records with this kernel on either side. */
  release?: string | undefined;
  profile?: string | undefined;
  target?: string | undefined;
  /** Only what contradicts its prediction. */
  disagreeing?: boolean;
}

/** What was tested, beside what is predicted: what `luo-abi evidence list --format json` prints. */
export async function listEvidence(options: ListEvidenceOptions): Promise<EvidenceListOutput> {
  const { catalog, release, profile, target, disagreeing = false } = options;
  const chosen = catalog
    .evidence()
    .filter(
      (record) =>
        (release === undefined || record.outgoing === release || record.incoming === release) &&
        (profile === undefined || record.profile === profile) &&
        (target === undefined || record.target === target),
    )
    .sort(
      (a, b) =>
        compareReleases(a.outgoing, b.outgoing) ||
        compareReleases(a.incoming, b.incoming) ||
        byCodeUnit(a.date, b.date) ||
        byCodeUnit(a.id, b.id),
    );
  const all = await withPredictions(chosen, catalog);
  return { evidence: disagreeing ? all.filter(({ agreement }) => agreement === 'disagrees') : all };
}

/**
 * Adds the record of one test, and gives it beside what is predicted of its pair.
 *
 * @param images what was booted; the record then counts for these builds alone
 * @throws ToolError DOCUMENT_INVALID for a field that is missing or wrong, FILE_UNREADABLE, FILE_UNWRITABLE
 */
export function addEvidence(
  fields: EvidenceFields | EvidenceRecord,
  place: EvidencePlace = {},
  images: BootedImages = {},
): Promise<EvidenceListOutput> {
  return working(place, async () => {
    const record = recordOf(fields, `${fields.outgoing} -> ${fields.incoming}`);
    const digests = await digestsOf(images);
    return store([evidenceDocument({ ...record, ...(digests && { images: digests }) })], place);
  });
}

/**
 * Adds the tests of files: JUnit XML, TAP or JSON.
 *
 * @param defaults what the tests do not say themselves
 * @throws ToolError DOCUMENT_INVALID where no test of a file names a pair of kernels, and as `addEvidence`
 */
export function importEvidenceFiles(
  files: readonly string[],
  place: EvidencePlace = {},
  defaults: Omit<EvidenceFields, 'outcome'> = {},
): Promise<EvidenceListOutput> {
  return working(place, async () => {
    const documents: EvidenceDocument[] = [];
    for await (const file of each('reading tests', files)) {
      const { records, leftOut } = await importEvidence(readTextFile(file), file, defaults);
      if (records.length === 0) {
        throw new ToolError('DOCUMENT_INVALID', `${file}: none of ${leftOut} tests names a pair of kernels`);
      }
      if (leftOut > 0) place.note?.(`${file}: ${leftOut} tests were skipped or name no pair; left out`);
      documents.push(...records.map(evidenceDocument));
    }
    return store(distinctEvidence(documents), place);
  });
}

/**
 * Keeps a copy of a record that says why it does not count; what was observed stays as it is.
 * @throws ToolError USAGE for an id that no record has, DOCUMENT_INVALID for a day that is none
 */
export function settleEvidence(
  id: string,
  settled: Settlement,
  place: EvidencePlace = {},
): Promise<EvidenceListOutput> {
  return working(place, async () => {
    const record = await inCatalog(place, (catalog) =>
      catalog.evidence().find((candidate) => candidate.id === id),
    );
    if (!record)
      throw new ToolError('USAGE', `evidence settle: no record ${id}; luo-abi evidence list shows them`);
    const document = { ...record, settled };
    checkDates(document, id);
    write(place, [document], [document]);
    return predicted([document], place);
  });
}
