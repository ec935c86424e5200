import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { ToolError } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { CATALOG_VERSION } from './version.ts';

/** The JSON files below a folder, by their path in it, sorted. */
export function listJson(folder: string): string[] {
  return listed(folder).filter((name) => name.endsWith('.json'));
}

/** Folders, which end with a slash, and JSON files below a folder, sorted; the folder itself is the empty name. */
function listed(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new ToolError('FILE_UNREADABLE', `${folder}: no such folder`, { path: folder });
  }
  return namesBelow(folder).sort(byCodeUnit);
}

/**
 * What has not the name of a document may be a folder. A listing that Node makes of the whole tree takes ten times as long,
 * and one that tells files from folders twice.
 */
function namesBelow(folder: string, prefix = ''): string[] {
  try {
    const names = readdirSync(folder).flatMap((name) => {
      if (name.endsWith('.json')) return [`${prefix}${name}`];
      const path = join(folder, name);
      return lstatSync(path).isDirectory() ? namesBelow(path, `${prefix}${name}/`) : [];
    });
    return [prefix, ...names];
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNREADABLE', `${folder}: cannot be read (${reason})`, { path: folder, cause });
  }
}

/** The folder of records in the folder of a catalog's documents. */
const RECORDS = 'evidence/';

/** Ends the name of a record as the program writes it: the hash of what the record says. */
const NAMED_BY_CONTENT = /-[0-9a-f]{16}\.json$/;

/**
 * Changes whenever a document is added, removed or edited, or the catalog's own layout changes: a line for each folder and
 * document. Reads no content. `evidence` names the folder of a user's own records, which need not be there. A record under
 * the name of its content has no line: one that is settled is renamed into place, which changes its folder.
 */
export function stampOf(folder: string, evidence?: string): string {
  const documents = listed(folder).filter(
    (name) => !(name.startsWith(RECORDS) && NAMED_BY_CONTENT.test(name)),
  );
  const own = ownRecords(evidence).filter((path) => !NAMED_BY_CONTENT.test(path));
  const lines = [...documents, ...own].map((name) => `${changeOf(placeOf(name, folder))} ${name}`);
  return [headOf(folder, evidence), ...lines].join('\n');
}

function ownRecords(evidence: string | undefined): string[] {
  if (evidence === undefined || !existsSync(evidence)) return [];
  return listed(evidence).map((name) => join(evidence, name));
}

function headOf(folder: string, evidence: string | undefined): string {
  const own = evidence !== undefined && existsSync(evidence) ? ` and ${evidence}` : '';
  return `catalog ${CATALOG_VERSION} of ${folder}${own}`;
}

/** A name of a stamp's line as a path: a user's own records bear theirs. */
function placeOf(name: string, folder: string): string {
  return isAbsolute(name) ? name : `${folder}/${name}`;
}

/**
 * Whether a catalog with this stamp was made from the documents as they are now. Where no folder was changed, what stands in
 * them has the names of the stamp: looking at those alone takes half as long as listing, which a short command feels.
 */
export function isStampOf(stamp: string, folder: string, evidence?: string): boolean {
  const [head, ...lines] = stamp.split('\n');
  if (head !== headOf(folder, evidence)) return false;
  return lines.every((line) => isUnchanged(line, folder)) || isSame(stamp, stampOf(folder, evidence));
}

function isUnchanged(line: string, folder: string): boolean {
  const name = nameIn(line);
  try {
    return line === `${changeOf(placeOf(name, folder))} ${name}`;
  } catch {
    return false;
  }
}

/** A folder may have changed by something else than documents; of records it tells which there are. */
function isSame(one: string, other: string): boolean {
  const documents = (stamp: string): string =>
    stamp
      .split('\n')
      .filter((line) => !isFolderOfDocuments(nameIn(line)))
      .join('\n');
  return documents(one) === documents(other);
}

function isFolderOfDocuments(name: string): boolean {
  return name === '' || (name.endsWith('/') && !name.startsWith(RECORDS) && !isAbsolute(name));
}

/** The name in a line, behind its size and time. */
function nameIn(line: string): string {
  return line.slice(line.indexOf(' ', line.indexOf(' ') + 1) + 1);
}

function changeOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}
