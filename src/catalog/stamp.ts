import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../errors.ts';
import { byCodeUnit } from '../model/canonical.ts';
import { CATALOG_VERSION } from './migrations.ts';

/** The JSON files below a folder, by their path in it, sorted. */
export function listJson(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new ToolError('FILE_UNREADABLE', `${folder}: no such folder`, { path: folder });
  }
  return namesBelow(folder)
    .filter((name) => name.endsWith('.json'))
    .sort(byCodeUnit);
}

/** Paths below a folder, with slashes. A listing that Node makes of the whole tree takes ten times as long. */
function namesBelow(folder: string, prefix = ''): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const name = `${prefix}${entry.name}`;
      return entry.isDirectory() ? namesBelow(join(folder, entry.name), `${name}/`) : [name];
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
  const own = evidence !== undefined && existsSync(evidence) ? [evidence, ...linesOf(evidence)] : [];
  return [`catalog ${CATALOG_VERSION}`, folder, ...linesOf(folder), ...own].join('\n');
}

function linesOf(folder: string): string[] {
  return listJson(folder).map((name) => {
    const { size, mtimeMs } = statSync(`${folder}/${name}`);
    return `${name} ${size} ${mtimeMs}`;
  });
}
