import { ToolError } from '../errors.ts';

/** @throws ToolError DOCUMENT_INVALID for a document of a later version than this program knows */
export function checkVersion(
  { schemaVersion }: { schemaVersion: number },
  known: number,
  path: string,
): void {
  if (schemaVersion <= known) return;
  throw new ToolError('DOCUMENT_INVALID', `${path}: schemaVersion ${schemaVersion} is newer than ${known}`, {
    path,
  });
}
