import { byCodeUnit } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { Layout } from '../model/layout.ts';
import { parseReleaseName } from '../model/release-name.ts';
import { TARGETS } from '../model/target.ts';
import { appliesTo } from '../verdict/errata.ts';
import { STATE_COMPONENTS, stateSchemas } from '../verdict/state-schema.ts';
import type { CatalogContent } from './documents.ts';
import { documentsOf } from './documents.ts';
import { contentText, hashText } from './hash.ts';
import type { Db } from './open.ts';

// A document is taken apart on the way in: its head, one snapshot a component (shared by every kernel that says the
// same), one layout a struct and target (shared by content), and the line numbers. Kernels with the same snapshots share one
// content, those with the same line numbers in a component share their list. What was met before is known by its text.

const LAYOUT_KEYS = ['all', ...TARGETS] as const;

/** Fills an empty catalog in one transaction. */
export function writeContent(
  db: Db,
  { documents, overlays = [], errata, reviews, evidence = [], commits = [], stamp }: CatalogContent,
): void {
  const ordered = documentsOf({ documents, overlays });
  const insert = statements(db);
  const writing: Writing = { insert, written: new Written() };
  const write = db.transaction(() => {
    insert.meta.run('stamp', stamp);
    for (const review of reviews) insert.review.run(review.component, JSON.stringify(review));
    for (const erratum of errata) writeErratum(insert, erratum, ordered);
    for (const [position, document] of ordered.entries()) writeDocument(writing, document, position);
    for (const overlay of overlays) insert.overlay.run(overlay.release, JSON.stringify(overlay));
    writeEvidence(db, evidence);
    for (const document of commits) insert.commits.run(document.branch, JSON.stringify(document));
  });
  write();
}

type Statements = ReturnType<typeof statements>;

function statements(db: Db) {
  return {
    meta: db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)'),
    erratum: db.prepare('INSERT INTO erratum (id, json) VALUES (?, ?)'),
    erratumRelease: db.prepare('INSERT INTO erratum_release (erratum, release) VALUES (?, ?)'),
    review: db.prepare('INSERT INTO review (component, json) VALUES (?, ?)'),
    commits: db.prepare('INSERT INTO commits (branch, json) VALUES (?, ?)'),
    overlay: db.prepare('INSERT INTO overlay (release, json) VALUES (?, ?)'),
    kernel: db.prepare(
      'INSERT INTO kernel (release, position, series, base, vendor, date) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    head: db.prepare('INSERT INTO kernel_head (kernel, json) VALUES (?, ?)'),
    layout: db.prepare('INSERT INTO layout (hash, json) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    snapshot: db.prepare('INSERT INTO snapshot (hash, component, json) VALUES (?, ?, ?)'),
    snapshotLayout: db.prepare(
      'INSERT INTO snapshot_layout (snapshot, struct, target, layout) VALUES (?, ?, ?, ?)',
    ),
    stateSchema: db.prepare('INSERT INTO state_schema (snapshot, struct, target, json) VALUES (?, ?, ?, ?)'),
    content: db.prepare('INSERT INTO content (hash) VALUES (?)'),
    contentComponent: db.prepare(
      'INSERT INTO content_component (content, component, snapshot) VALUES (?, ?, ?)',
    ),
    placeList: db.prepare('INSERT INTO place_list (hash, json) VALUES (?, ?)'),
    kernelContent: db.prepare(
      'INSERT INTO kernel_content (kernel, content, places, brief) VALUES (?, ?, ?, ?)',
    ),
  };
}

/** What a row holds of a text, and the row. */
interface Stored {
  row: number | bigint;
  hash: string;
}

/** A component of a document, as rows: kernels may share the object as well. */
interface StoredState {
  snapshot: Stored;
  places: number | bigint;
}

/** What was written already, by its text. */
class Written {
  readonly #byText = new Map<string, Map<string, Stored>>();
  readonly #byState = new WeakMap<ComponentState, StoredState>();

  /** The row of a text of some kind, written by `insert` where it is the first of its kind. */
  once(kind: string, text: string, insert: (hash: string) => number | bigint): Stored {
    const known = this.#byText.get(kind) ?? new Map<string, Stored>();
    this.#byText.set(kind, known);
    const found = known.get(text);
    if (found) return found;
    const hash = hashText(kind === '' ? text : `${kind}\n${text}`);
    const stored = { row: insert(hash), hash };
    known.set(text, stored);
    return stored;
  }

  state(state: ComponentState, write: () => StoredState): StoredState {
    const known = this.#byState.get(state) ?? write();
    this.#byState.set(state, known);
    return known;
  }
}

/** Adds records of tests; one that is there already is replaced. */
export function writeEvidence(db: Db, evidence: readonly EvidenceDocument[]): void {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO evidence (id, outgoing, incoming, date, json) VALUES (?, ?, ?, ?, ?)',
  );
  for (const document of evidence) {
    const { id, outgoing, incoming, date } = document;
    insert.run(id, outgoing, incoming, date, JSON.stringify(document));
  }
}

function writeErratum(insert: Statements, erratum: Erratum, documents: readonly CaptureDocument[]): void {
  insert.erratum.run(erratum.id, JSON.stringify(erratum));
  for (const { release } of documents) {
    if (appliesTo(erratum, release)) insert.erratumRelease.run(erratum.id, release);
  }
}

/** What verdicts and lists take of a document's head. */
export type KernelBrief = Pick<CaptureDocument, 'fidelity' | 'khoByDefault' | 'origin' | 'targets'> & {
  source: string;
};

interface Writing {
  insert: Statements;
  written: Written;
}

function writeDocument(writing: Writing, document: CaptureDocument, position: number): void {
  const { insert, written } = writing;
  const { components, ...head } = document;
  const series = parseReleaseName(document.release)?.series ?? document.base;
  const { lastInsertRowid } = insert.kernel.run(
    document.release,
    position,
    series,
    document.base,
    document.vendor,
    document.date ?? null,
  );
  insert.head.run(lastInsertRowid, JSON.stringify(head));
  // The order in which they are read.
  const ids = Object.keys(components).sort(byCodeUnit);
  const states = ids.map((id) => {
    const state = components[id] as ComponentState;
    return written.state(state, () => writeState(writing, id, state));
  });
  const content = writeContentOf(writing, ids, states);
  const places = states.map((state) => Number(state.places));
  const { targets, origin, fidelity, khoByDefault, provenance } = document;
  const brief: KernelBrief = {
    targets,
    origin,
    ...(fidelity && { fidelity }),
    ...(khoByDefault !== undefined && { khoByDefault }),
    source: provenance.kind,
  };
  insert.kernelContent.run(lastInsertRowid, content, JSON.stringify(places), JSON.stringify(brief));
}

function writeState(writing: Writing, id: string, { places, ...facts }: ComponentState): StoredState {
  const { insert, written } = writing;
  const list = JSON.stringify(places);
  const { row } = written.once('', list, (hash) => insert.placeList.run(hash, list).lastInsertRowid);
  return { snapshot: writeSnapshot(writing, id, facts), places: row };
}

/** Kernels that say the same of every component have one content. */
function writeContentOf(
  { insert, written }: Writing,
  ids: readonly string[],
  states: readonly StoredState[],
): number | bigint {
  const lines = contentText(states.map(({ snapshot }, at) => [ids[at] as string, snapshot.hash]));
  const { row } = written.once('content', lines, (hash) => {
    const { lastInsertRowid } = insert.content.run(hash);
    for (const [at, { snapshot }] of states.entries()) {
      insert.contentComponent.run(lastInsertRowid, ids[at], snapshot.row);
    }
    return lastInsertRowid;
  });
  return row;
}

function writeSnapshot(
  { insert, written }: Writing,
  id: string,
  facts: Omit<ComponentState, 'places'>,
): Stored {
  const json = JSON.stringify(facts);
  return written.once(id, json, (hash) => {
    const bare = Object.entries(facts.structs).map(([name, { layout: _layout, ...rest }]) => [name, rest]);
    const stripped = { ...facts, structs: Object.fromEntries(bare) };
    const { lastInsertRowid } = insert.snapshot.run(hash, id, JSON.stringify(stripped));
    for (const [name, { layout }] of Object.entries(facts.structs)) {
      for (const key of LAYOUT_KEYS) {
        const value = layout[key];
        if (value) insert.snapshotLayout.run(lastInsertRowid, name, key, writeLayout(insert, value));
      }
    }
    if (STATE_COMPONENTS.includes(id)) writeStateSchemas(insert, lastInsertRowid, facts);
    return lastInsertRowid;
  });
}

/** One beside each layout: a target of its own where the layout has one, else what is the same on all. */
function writeStateSchemas(
  insert: Statements,
  snapshot: number | bigint,
  facts: Omit<ComponentState, 'places'>,
): void {
  for (const key of LAYOUT_KEYS) {
    for (const [name, schema] of stateSchemas(facts, key)) {
      if (facts.structs[name]?.layout[key] === undefined) continue;
      insert.stateSchema.run(snapshot, name, key, JSON.stringify(schema));
    }
  }
}

function writeLayout(insert: Statements, layout: Layout): string {
  const json = JSON.stringify(layout);
  const hash = hashText(json);
  insert.layout.run(hash, json);
  return hash;
}
