import Database from 'better-sqlite3';
import { MIGRATIONS } from './migrations.ts';
import type { Db } from './open.ts';
import { guard, openingOptions } from './open.ts';
import { CATALOG_VERSION } from './version.ts';

/** Creates an empty catalog at a path that does not exist yet. */
export function createEmpty(path: string): Db {
  return guard(path, () => {
    const db = new Database(path, openingOptions());
    // The file is private until it is renamed into place, so it needs no journal of its own; none at all is not allowed.
    db.pragma('journal_mode = MEMORY');
    db.pragma('synchronous = OFF');
    // A full disk has no room for sorting either.
    db.pragma('temp_store = MEMORY');
    db.pragma('foreign_keys = ON');
    migrate(db);
    return db;
  });
}

function migrate(db: Db): void {
  const from = Number(db.pragma('user_version', { simple: true }));
  for (const step of MIGRATIONS.slice(from)) db.exec(step);
  db.pragma(`user_version = ${CATALOG_VERSION}`);
}
