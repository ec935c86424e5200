import { createHash } from 'node:crypto';
import type { CaptureDocument } from '../model/capture.ts';
import type { CommitsDocument } from '../model/commits.ts';
import type { ComponentState } from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { Layout } from '../model/layout.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { compareReleases, parseReleaseName } from '../model/release-name.ts';
import type { ReviewDocument } from '../model/review.ts';
import { TARGETS } from '../model/target.ts';
import { appliesTo } from '../verdict/errata.ts';
import { STATE_COMPONENTS, stateSchemas } from '../verdict/state-schema.ts';
import type { Db } from './open.ts';
import { resolveOverlays } from './overlay.ts';

// A document is taken apart on the way in: its head, one snapshot a component (shared by every kernel that says the
// same), one layout a struct and target (shared by content), and the line numbers, which are the kernel's own.

export interface CatalogContent {
  documents: readonly CaptureDocument[];
  /** Kernels that stand on these documents or on one another. */
  overlays?: readonly OverlayDocument[];
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  /** Tests of pairs, each once. */
  evidence?: readonly EvidenceDocument[];
  /** Commits that touched handed-over data, a document a branch. */
  commits?: readonly CommitsDocument[];
  /** What the content was made from; compared to see whether the catalog is still good. */
  stamp: string;
}

const LAYOUT_KEYS = ['all', ...TARGETS] as const;

/** Fills an empty catalog in one transaction. */
export function writeContent(
  db: Db,
  { documents, overlays = [], errata, reviews, evidence = [], commits = [], stamp }: CatalogContent,
): void {
  const byRelease = new Map(documents.map((document) => [document.release, document]));
  const resolved = resolveOverlays(overlays, (release) => byRelease.get(release));
  const insert = statements(db);
  const write = db.transaction(() => {
    insert.meta.run('stamp', stamp);
    for (const review of reviews) insert.review.run(review.component, JSON.stringify(review));
    const ordered = [...documents, ...resolved].sort((a, b) => compareReleases(a.release, b.release));
    for (const erratum of errata) writeErratum(insert, erratum, ordered);
    for (const [position, document] of ordered.entries()) writeDocument(insert, document, position);
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
      'INSERT INTO kernel (release, position, series, base, vendor, date, head) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    layout: db.prepare('INSERT INTO layout (hash, json) VALUES (?, ?) ON CONFLICT DO NOTHING'),
    findSnapshot: db.prepare('SELECT id FROM snapshot WHERE hash = ?').pluck(),
    snapshot: db.prepare('INSERT INTO snapshot (hash, component, json) VALUES (?, ?, ?)'),
    snapshotLayout: db.prepare(
      'INSERT INTO snapshot_layout (snapshot, struct, target, layout) VALUES (?, ?, ?, ?)',
    ),
    stateSchema: db.prepare('INSERT INTO state_schema (snapshot, struct, target, json) VALUES (?, ?, ?, ?)'),
    component: db.prepare(
      'INSERT INTO kernel_component (kernel, component, snapshot, places) VALUES (?, ?, ?, ?)',
    ),
  };
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

function writeDocument(insert: Statements, document: CaptureDocument, position: number): void {
  const { components, ...head } = document;
  const series = parseReleaseName(document.release)?.series ?? document.base;
  const { lastInsertRowid } = insert.kernel.run(
    document.release,
    position,
    series,
    document.base,
    document.vendor,
    document.date ?? null,
    JSON.stringify(head),
  );
  for (const [id, state] of Object.entries(components)) {
    const { places, ...facts } = state;
    insert.component.run(lastInsertRowid, id, writeSnapshot(insert, id, facts), JSON.stringify(places));
  }
}

function writeSnapshot(
  insert: Statements,
  id: string,
  facts: Omit<ComponentState, 'places'>,
): number | bigint {
  const json = JSON.stringify(facts);
  const hash = hashText(`${id}\n${json}`);
  const known = insert.findSnapshot.get(hash) as number | undefined;
  if (known !== undefined) return known;
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

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
