import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import Database from 'better-sqlite3';
import { ToolError } from '../errors.ts';
import { CATALOG_VERSION } from './version.ts';

export type Db = Database.Database;

/** better-sqlite3 takes its own binary as an object too, which its types do not say. */
let nativeBinding: string | undefined;

/** What better-sqlite3 opens a catalog with. */
export function openingOptions() {
  // Named outright: looking for the binary in every place where it might be costs more than opening it.
  nativeBinding ??= createRequire(import.meta.url)(
    'better-sqlite3/build/Release/better_sqlite3.node',
  ) as string;
  // A catalog is renamed into place whole: who has it locked is another program, and is not waited for long.
  return { nativeBinding, timeout: 1000 };
}

/** Opens a catalog for reading; a file of another version or kind is refused. */
export function openReadOnly(path: string): Db {
  if (!existsSync(path)) throw new ToolError('CATALOG_MISSING', `${path}: no such catalog`, { path });
  return guard(path, () => {
    const db = new Database(path, { readonly: true, fileMustExist: true, ...openingOptions() });
    checkVersion(db, path);
    return db;
  });
}

function checkVersion(db: Db, path: string): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > CATALOG_VERSION) {
    const message = `${path}: written by a newer luo-abi (version ${version}, this one reads ${CATALOG_VERSION})`;
    throw new ToolError('CATALOG_TOO_NEW', message, { path });
  }
  if (version < 1) throw new ToolError('CATALOG_CORRUPT', `${path}: not a catalog of luo-abi`, { path });
}

/** Runs a step and gives SQLite's own errors a code. */
export function guard<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    const isBusy = cause.code.startsWith('SQLITE_BUSY') || cause.code.startsWith('SQLITE_LOCKED');
    const isFull = ['SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_IOERR'].some((code) =>
      cause.code.startsWith(code),
    );
    const cannotOpen = cause.code.startsWith('SQLITE_CANTOPEN');
    const code = isBusy ? 'CATALOG_BUSY' : isFull || cannotOpen ? 'FILE_UNWRITABLE' : 'CATALOG_CORRUPT';
    throw new ToolError(code, `${path}: ${cause.message} (${cause.code})`, { path, cause });
  }
}
