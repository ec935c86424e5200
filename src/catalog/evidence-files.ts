import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import { validate } from '../schema/validate.ts';
import { evidenceFileName } from './evidence-id.ts';
import { makeFolder, unwritable } from './make-folder.ts';

/** Whether a folder has a record's document. */
export function hasEvidenceFile(folder: string, document: EvidenceDocument): boolean {
  return existsSync(join(folder, evidenceFileName(document)));
}

/**
 * Writes documents into a folder, which is made where it is missing: all of them or none. Then runs `last`; where that
 * throws, the documents that were not there before are taken away again.
 * @throws ToolError FILE_UNWRITABLE, and what `last` throws
 */
export function writeEvidenceFiles(
  folder: string,
  documents: readonly EvidenceDocument[],
  last: () => void = () => {},
): void {
  const files = documents.map((document) => {
    const path = join(folder, evidenceFileName(document));
    return { path, partial: `${path}.${randomUUID()}.partial`, isNew: !existsSync(path), document };
  });
  makeFolder(folder);
  try {
    for (const { partial, document, path } of files) {
      writeFileSync(partial, canonicalJson(validate('evidence', document, path)));
    }
    for (const { path, partial } of files) renameSync(partial, path);
    last();
  } catch (cause) {
    for (const { path, partial, isNew } of files) {
      rmSync(partial, { force: true });
      if (isNew) rmSync(path, { force: true });
    }
    throw cause instanceof ToolError ? cause : unwritable(folder, cause);
  }
}
