import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { CATALOG_VERSION } from './migrations.ts';

/** The JSON files below a folder, by their path in it, sorted. */
export function listJson(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new ToolError('FILE_UNREADABLE', `${folder}: no such folder`, { path: folder });
  }
  return namesBelow(folder).sort(byCodeUnit);
}

/**
 * Documents below a folder, with slashes; what has not the name of one may be a folder. A listing that Node makes of the whole
 * tree takes ten times as long, and one that tells files from folders twice.
 */
function namesBelow(folder: string, prefix = ''): string[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      if (name.endsWith('.json')) return [`${prefix}${name}`];
      const path = join(folder, name);
      return lstatSync(path).isDirectory() ? namesBelow(path, `${prefix}${name}/`) : [];
    });
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNREADABLE', `${folder}: cannot be read (${reason})`, { path: folder, cause });
  }
}

/**
 * Changes whenever a document is added, removed or edited, or the catalog's own layout changes: a line a file. Reads no
 * content. `evidence` names the folder of a user's own records, which need not be there.
 */
export function stampOf(folder: string, evidence?: string): string {
  const own = evidence !== undefined && existsSync(evidence) ? [evidence, ...recordsIn(evidence)] : [];
  return [`catalog ${CATALOG_VERSION}`, folder, ...linesOf(folder), ...own].join('\n');
}

/** The folder of records in the folder of a catalog's documents. */
const RECORDS = 'evidence/';

function linesOf(folder: string): string[] {
  const documents = listJson(folder).filter((name) => !name.startsWith(RECORDS));
  const lines = documents.map((name) => `${name} ${changeOf(`${folder}/${name}`)}`);
  const records = join(folder, RECORDS);
  return existsSync(records) ? [...lines, RECORDS, ...recordsIn(records)] : lines;
}

/** Ends the name of a record as the program writes it: the hash of what the record says. */
const NAMED_BY_CONTENT = /^[^/]*-[0-9a-f]{16}\.json$/;

/**
 * A record that is settled keeps its name; it is renamed into place, which changes the folder. So the folder is looked at
 * in the place of each record: there are hundreds, and that took a tenth of a `check`.
 */
function recordsIn(folder: string): string[] {
  const lines = listJson(folder).map((name) =>
    NAMED_BY_CONTENT.test(name) ? name : `${name} ${changeOf(`${folder}/${name}`)}`,
  );
  return [changeOf(folder), ...lines];
}

function changeOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}
