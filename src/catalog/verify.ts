import type { PerTarget } from '../model/target.ts';
import { stateSchemas } from '../verdict/state-schema.ts';
import type { Catalog, Facts } from './catalog.ts';
import { evidenceDocument } from './evidence-id.ts';
import { contentText, hashText } from './hash.ts';
import type { Db } from './open.ts';

/** Faults in a catalog's file, one line each: SQLite's own check, then every content hash made again. */
export function faultsIn(catalog: Catalog): string[] {
  const rows = catalog.inside((db, factsOf) => [
    ...faultsOfFile(db),
    ...faultsOfLayouts(db),
    ...faultsOfSnapshots(db, factsOf),
    ...(catalog.hasTable('kernel_content') ? faultsOfContents(db) : []),
    ...(catalog.hasTable('state_schema') ? faultsOfSchemas(db, factsOf) : []),
  ]);
  const edited = catalog.evidence().filter((document) => evidenceDocument(document).id !== document.id);
  return [...rows, ...edited.map(({ id }) => `evidence ${id}: content does not match its id`)];
}

type FactsOf = (snapshot: number) => Facts;

function faultsOfFile(db: Db): string[] {
  const rows = db.pragma('integrity_check', { simple: false }) as { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

function faultsOfLayouts(db: Db): string[] {
  const rows = db.prepare('SELECT hash, json FROM layout').all() as { hash: string; json: string }[];
  return rows.flatMap(({ hash, json }) =>
    hashText(json) === hash ? [] : [`layout ${hash}: content does not match its hash`],
  );
}

function faultsOfSnapshots(db: Db, factsOf: FactsOf): string[] {
  const rows = db.prepare('SELECT id, hash, component FROM snapshot').all() as {
    id: number;
    hash: string;
    component: string;
  }[];
  return rows.flatMap(({ id, hash, component }) => {
    const actual = hashText(`${component}\n${JSON.stringify(factsOf(id))}`);
    return actual === hash ? [] : [`snapshot ${id} of ${component}: content does not match its hash`];
  });
}

/** Contents and lists of places whose hash is another one. */
function faultsOfContents(db: Db): string[] {
  const lists = db.prepare('SELECT id, hash, json FROM place_list').all() as {
    id: number;
    hash: string;
    json: string;
  }[];
  const parts = db.prepare(
    `SELECT content_component.component, hash FROM content_component JOIN snapshot ON id = snapshot
     WHERE content = ? ORDER BY content_component.component`,
  );
  const contents = db.prepare('SELECT id, hash FROM content').all() as { id: number; hash: string }[];
  return [
    ...lists.flatMap(({ id, hash, json }) =>
      hashText(json) === hash ? [] : [`places ${id}: content does not match its hash`],
    ),
    ...contents.flatMap(({ id, hash }) => {
      const snapshots = parts.raw().all(id) as [string, string][];
      const isWhole = hashText(`content\n${contentText(snapshots)}`) === hash;
      return isWhole ? [] : [`content ${id}: its snapshots do not match its hash`];
    }),
  ];
}

/** Schemas that are not what the layout beside them gives. */
function faultsOfSchemas(db: Db, factsOf: FactsOf): string[] {
  const rows = db.prepare('SELECT snapshot, struct, target, json FROM state_schema').all() as {
    snapshot: number;
    struct: string;
    target: keyof PerTarget<unknown>;
    json: string;
  }[];
  return rows.flatMap(({ snapshot, struct, target, json }) => {
    const schema = stateSchemas(factsOf(snapshot), target).get(struct);
    const fault = `schema of ${struct} in snapshot ${snapshot}: not what its layout gives`;
    return JSON.stringify(schema) === json ? [] : [fault];
  });
}
