import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import type { CaptureDocument } from '../model/capture.ts';
import type { CommitsDocument } from '../model/commits.ts';
import type { ComponentState, StructState } from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { Layout } from '../model/layout.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import type { ProvenanceFile } from '../model/provenance.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { ContentSchema } from '../model/state.ts';
import type { PerTarget, Target } from '../model/target.ts';
import type { Kernel, KernelComponent } from '../verdict/kernel.ts';
import { kernelHead } from '../verdict/kernel.ts';
import type { Db } from './open.ts';
import { guard, openReadOnly } from './open.ts';
import type { StoredParts, StoredRow } from './stored-kernel.ts';
import { storedKernel } from './stored-kernel.ts';
import type { KernelBrief } from './write.ts';

type Statement = Database.Statement;

export interface KernelRow {
  release: string;
  series: string;
  base: string;
  vendor: string | null;
  date: string | null;
}

/** A kernel, its row, and of what kind its source is. */
export interface ListedKernel {
  row: KernelRow;
  kernel: Kernel;
  source: string;
}

export interface CatalogInfo {
  path: string;
  stamp: string;
  kernels: number;
  snapshots: number;
  layouts: number;
  errata: number;
  evidence: number;
}

/** What a kernel says of a component. */
export type Facts = KernelComponent['facts'];

type StrippedFacts = Omit<ComponentState, 'places' | 'structs'> & {
  structs: { [name: string]: Omit<StructState, 'layout'> };
};

/** So many questions are answered row by row. */
const ASKED_ALONE = 32;

/** A catalog opened for reading. Kernels that say the same of a component share the `facts` object. */
export class Catalog {
  readonly path: string;
  readonly #db: Db;
  readonly #facts = new Map<number, Facts>();
  readonly #layouts = new Map<string, Layout>();
  readonly #contents = new Map<number, ReadonlyMap<string, Facts>>();
  readonly #places = new Map<number, KernelComponent['places']>();
  readonly #kernels = new Map<string, Kernel>();
  readonly #briefs = new Map<string, KernelBrief>();
  readonly #statements = new Map<string, Statement>();
  readonly #tables = new Map<string, boolean>();
  #faulty: Map<string, Set<string>> | undefined;
  #asked = 0;
  readonly #parts: StoredParts = {
    facts: (content) => this.#factsIn(content),
    places: (list) => this.#placesIn(list),
    brief: (text) => this.#briefOf(text),
    files: (id) => this.#filesOf(id),
  };

  private constructor(path: string, db: Db) {
    this.path = path;
    this.#db = db;
  }

  static open(path: string): Catalog {
    return new Catalog(path, openReadOnly(path));
  }

  /**
   * A catalog over a database that is open already.
   * @internal
   */
  static over(path: string, db: Db): Catalog {
    return new Catalog(path, db);
  }

  close(): void {
    this.#db.close();
  }

  /** Every kernel, oldest first. */
  kernels(): KernelRow[] {
    return this.#read(
      () =>
        this.#db
          .prepare('SELECT release, series, base, vendor, date FROM kernel ORDER BY position')
          .all() as KernelRow[],
    );
  }

  has(release: string): boolean {
    const query = 'SELECT 1 FROM kernel WHERE release = ?';
    return this.#read(() => this.#statement(query).get(release)) !== undefined;
  }

  /** The components that some kernel speaks of. */
  componentIds(): string[] {
    const query = 'SELECT DISTINCT component FROM snapshot ORDER BY component';
    return this.#read(() => this.#db.prepare(query).pluck().all() as string[]);
  }

  /** Every kernel as verdicts see it, oldest first; those with the same facts share them (`alike`). */
  allKernels(): Kernel[] {
    if (!this.hasTable('kernel_content')) return this.listedKernels().map(({ kernel }) => kernel);
    return this.#storedRows().map((row) => storedKernel(row, this.#parts));
  }

  /**
   * What is read of every kernel, oldest first, and further columns. Row by row: texts that many share are kept once, and all
   * copies of them together would be most of what is read.
   */
  #storedRows<R extends StoredRow>(columns = ''): R[] {
    const texts = new Map<string, string>();
    const once = (text: string): string => {
      const known = texts.get(text);
      if (known === undefined) texts.set(text, text);
      return known ?? text;
    };
    // They were written in the order of their positions, and need no sorting, for which SQLite would write a file.
    const query = `SELECT id, release, content, places, brief${columns}
                   FROM kernel JOIN kernel_content ON kernel = id ORDER BY id`;
    return this.#read(() => {
      const rows = this.#db.prepare(query).iterate() as Iterable<R>;
      return Array.from(rows, (row) => {
        row.places = once(row.places);
        row.brief = once(row.brief);
        return row;
      });
    });
  }

  /** The same with what a list says of each beside its facts. */
  listedKernels(): ListedKernel[] {
    if (!this.hasTable('kernel_content')) {
      return this.kernels().flatMap((row) => {
        const kernel = this.kernel(row.release);
        const head = JSON.parse(this.#headOf(row.release) ?? '{}') as CaptureDocument;
        return kernel ? [{ row, kernel, source: head.provenance.kind }] : [];
      });
    }
    const rows = this.#storedRows<KernelRow & StoredRow>(', series, base, vendor, date');
    return rows.map((row) => ({
      row,
      kernel: storedKernel(row, this.#parts),
      source: this.#briefOf(row.brief).source,
    }));
  }

  /** Upstream's kernels, of those with the same facts and faults the newest alone, oldest first; without some releases. */
  distinctUpstream(without: ReadonlySet<string>): Kernel[] {
    if (!this.hasTable('kernel_content')) {
      const upstream = this.kernels().filter(
        ({ release, vendor }) => vendor === null && !without.has(release),
      );
      return upstream.flatMap(({ release }) => this.kernel(release) ?? []);
    }
    const query = `SELECT id, release, content, places, brief, max(position)
                   FROM kernel JOIN kernel_content ON kernel = id
                   WHERE vendor IS NULL AND release NOT IN (SELECT value FROM json_each(?))
                   GROUP BY content, (
                     SELECT group_concat(erratum) FROM erratum_release
                     WHERE erratum_release.release = kernel.release
                   ), json_extract(brief, '$.targets')
                   ORDER BY position`;
    const rows = this.#read(() => this.#statement(query).all(JSON.stringify([...without])) as StoredRow[]);
    return rows.map((row) => storedKernel(row, this.#parts));
  }

  /** A kernel as verdicts see it, the same one each time, or undefined. */
  kernel(release: string): Kernel | undefined {
    const known = this.#kernels.get(release);
    if (known) return known;
    const kernel = this.#read(() => {
      if (!this.hasTable('kernel_content')) return this.#kernelOfOldCatalog(release);
      const row = this.#statement(
        `SELECT id, release, content, places, brief FROM kernel JOIN kernel_content ON kernel = id
         WHERE release = ?`,
      ).get(release) as StoredRow | undefined;
      return row && storedKernel(row, this.#parts);
    });
    if (kernel) this.#kernels.set(release, kernel);
    return kernel;
  }

  /** Up to version 5 each kernel had a row for each of its components. */
  #kernelOfOldCatalog(release: string): Kernel | undefined {
    const head = this.#headOf(release);
    if (head === undefined) return undefined;
    const rows = this.#statement(
      `SELECT component, snapshot, places FROM kernel_component
       JOIN kernel ON kernel.id = kernel WHERE release = ? ORDER BY component`,
    ).all(release) as { component: string; snapshot: number; places: string }[];
    const components = new Map<string, KernelComponent>();
    for (const { component, snapshot, places } of rows) {
      components.set(component, { facts: this.#factsOf(snapshot), places: JSON.parse(places) });
    }
    return { ...kernelHead(JSON.parse(head) as Omit<CaptureDocument, 'components'>), components };
  }

  #headOf(release: string): string | undefined {
    const query = this.hasTable('kernel_head')
      ? 'SELECT json FROM kernel_head JOIN kernel ON id = kernel WHERE release = ?'
      : 'SELECT head FROM kernel WHERE release = ?';
    return this.#read(() => this.#statement(query).pluck().get(release) as string | undefined);
  }

  /** Every document without its components, in the order of the kernels. */
  heads(): Omit<CaptureDocument, 'components'>[] {
    return this.#jsonColumn(
      this.hasTable('kernel_head')
        ? 'SELECT json FROM kernel_head JOIN kernel ON id = kernel ORDER BY position'
        : 'SELECT head FROM kernel ORDER BY position',
    );
  }

  /** The document that a kernel was built from, equal to the byte once written as canonical JSON. */
  document(release: string): CaptureDocument | undefined {
    const head = this.#headOf(release);
    const kernel = this.kernel(release);
    if (!kernel || head === undefined) return undefined;
    const components: CaptureDocument['components'] = {};
    for (const [id, { facts, places }] of kernel.components) components[id] = { ...facts, places };
    const { findings, ...rest } = JSON.parse(head) as Omit<CaptureDocument, 'components'>;
    return { ...rest, components, findings };
  }

  errata(): Erratum[] {
    return this.#jsonColumn('SELECT json FROM erratum ORDER BY id');
  }

  /** Whether a release of this catalog has the fault of an erratum. Asked of many, it reads them all at once. */
  hasErratum(erratum: string, release: string): boolean {
    if (this.#faulty) return this.#faulty.get(erratum)?.has(release) === true;
    this.#asked += 1;
    if (this.#asked > ASKED_ALONE) this.#faulty = this.#releasesByErratum();
    const query = 'SELECT 1 FROM erratum_release WHERE erratum = ? AND release = ?';
    return this.#read(() => this.#statement(query).get(erratum, release)) !== undefined;
  }

  #releasesByErratum(): Map<string, Set<string>> {
    const rows = this.#read(
      () =>
        this.#db.prepare('SELECT erratum, release FROM erratum_release').raw().all() as [string, string][],
    );
    const found = new Map<string, Set<string>>();
    for (const [erratum, release] of rows) {
      const known = found.get(erratum) ?? new Set<string>();
      found.set(erratum, known.add(release));
    }
    return found;
  }

  /** The overlays that some of the kernels were made of, by release; a catalog of version 1 has none. */
  overlays(): OverlayDocument[] {
    return this.hasTable('overlay') ? this.#jsonColumn('SELECT json FROM overlay ORDER BY release') : [];
  }

  /**
   * What each struct of a component holds once decoded, by struct; empty for a kernel that lacks it, for a component that is
   * not among those whose content is described, and in a catalog of version 1 or 2.
   */
  stateSchemas(release: string, component: string, target: Target): Map<string, ContentSchema> {
    if (!this.hasTable('state_schema')) return new Map();
    const rows = this.#read(
      () =>
        this.#db
          .prepare(
            `SELECT struct, json FROM state_schema
             ${this.hasTable('kernel_content') ? 'JOIN content_component USING (snapshot) JOIN kernel_content USING (content)' : 'JOIN kernel_component USING (snapshot)'}
             JOIN kernel ON kernel.id = kernel
             WHERE release = ? AND component = ? AND target IN ('all', ?) ORDER BY struct, target = 'all' DESC`,
          )
          .all(release, component, target) as { struct: string; json: string }[],
    );
    return new Map(rows.map(({ struct, json }) => [struct, JSON.parse(json) as ContentSchema]));
  }

  /** Every record of a test, by pair, oldest first; a catalog of version 1 to 3 has none. */
  evidence(): EvidenceDocument[] {
    if (!this.hasTable('evidence')) return [];
    return this.#jsonColumn('SELECT json FROM evidence ORDER BY outgoing, incoming, date, id');
  }

  /** The records of one ordered pair, whatever the profile and target, oldest first. */
  evidenceOf(outgoing: string, incoming: string): EvidenceDocument[] {
    if (!this.hasTable('evidence')) return [];
    const query = 'SELECT json FROM evidence WHERE outgoing = ? AND incoming = ? ORDER BY date, id';
    const rows = this.#read(() => this.#db.prepare(query).pluck().all(outgoing, incoming) as string[]);
    return rows.map((json) => JSON.parse(json) as EvidenceDocument);
  }

  reviews(): ReviewDocument[] {
    return this.#jsonColumn('SELECT json FROM review ORDER BY component');
  }

  /** The commits that touched handed-over data, by branch; a catalog of version 1 to 4 has none. */
  commits(): CommitsDocument[] {
    return this.hasTable('commits') ? this.#jsonColumn('SELECT json FROM commits ORDER BY branch') : [];
  }

  info(): CatalogInfo {
    const count = (table: string): number =>
      this.#db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    return this.#read(() => ({
      path: this.path,
      stamp: this.stamp(),
      kernels: count('kernel'),
      snapshots: count('snapshot'),
      layouts: count('layout'),
      errata: count('erratum'),
      evidence: this.hasTable('evidence') ? count('evidence') : 0,
    }));
  }

  /** Names what the catalog was made from: a SHA-256 in hex. */
  stamp(): string {
    return createHash('sha256').update(this.madeFrom()).digest('hex');
  }

  /** What the catalog was made from, as `stampOf` tells it. */
  madeFrom(): string {
    return this.#read(
      () => (this.#db.prepare("SELECT value FROM meta WHERE key = 'stamp'").pluck().get() as string) ?? '',
    );
  }

  /**
   * Looks at the rows themselves.
   * @internal
   */
  inside<T>(look: (db: Db, factsOf: (snapshot: number) => Facts) => T): T {
    return this.#read(() => look(this.#db, (snapshot) => this.#factsOf(snapshot)));
  }

  /** @internal */
  hasTable(name: string): boolean {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    const found = this.#read(() => this.#statement(query).get(name)) !== undefined;
    this.#tables.set(name, found);
    return found;
  }

  #statement(query: string): Statement {
    const statement = this.#statements.get(query) ?? this.#db.prepare(query);
    this.#statements.set(query, statement);
    return statement;
  }

  #jsonColumn<T>(query: string): T[] {
    const rows = this.#read(() => this.#db.prepare(query).pluck().all() as string[]);
    return rows.map((json) => JSON.parse(json) as T);
  }

  #read<T>(step: () => T): T {
    return guard(this.path, step);
  }

  #factsIn(content: number): ReadonlyMap<string, Facts> {
    const known = this.#contents.get(content);
    if (known) return known;
    return this.#read(() => {
      const rows = this.#statement(
        'SELECT component, snapshot FROM content_component WHERE content = ? ORDER BY component',
      ).all(content) as { component: string; snapshot: number }[];
      const facts = new Map(rows.map(({ component, snapshot }) => [component, this.#factsOf(snapshot)]));
      this.#contents.set(content, facts);
      return facts;
    });
  }

  #placesIn(list: number): KernelComponent['places'] {
    const known = this.#places.get(list);
    if (known) return known;
    const json = this.#read(
      () => this.#statement('SELECT json FROM place_list WHERE id = ?').pluck().get(list) as string,
    );
    const places = JSON.parse(json) as KernelComponent['places'];
    this.#places.set(list, places);
    return places;
  }

  #briefOf(text: string): KernelBrief {
    const brief = this.#briefs.get(text) ?? (JSON.parse(text) as KernelBrief);
    this.#briefs.set(text, brief);
    return brief;
  }

  #filesOf(id: number): readonly ProvenanceFile[] {
    const head = this.#read(
      () => this.#statement('SELECT json FROM kernel_head WHERE kernel = ?').pluck().get(id) as string,
    );
    return (JSON.parse(head) as CaptureDocument).provenance.files;
  }

  #factsOf(snapshot: number): Facts {
    const known = this.#facts.get(snapshot);
    if (known) return known;
    const query = 'SELECT json FROM snapshot WHERE id = ?';
    const json = this.#statement(query).pluck().get(snapshot) as string;
    const stripped = JSON.parse(json) as StrippedFacts;
    const layouts = this.#layoutsOf(snapshot);
    const structs: Record<string, StructState> = {};
    for (const [name, { placement, ...rest }] of Object.entries(stripped.structs)) {
      structs[name] = { placement, layout: layouts.get(name) ?? {}, ...rest };
    }
    const facts = { ...stripped, structs };
    this.#facts.set(snapshot, facts);
    return facts;
  }

  #layoutsOf(snapshot: number): Map<string, PerTarget<Layout>> {
    const rows = this.#statement(
      `SELECT struct, target, hash, json FROM snapshot_layout JOIN layout ON hash = layout
       WHERE snapshot = ?`,
    ).all(snapshot) as { struct: string; target: Target | 'all'; hash: string; json: string }[];
    const found = new Map<string, Map<Target | 'all', Layout>>();
    for (const { struct, target, hash, json } of rows) {
      const layout = this.#layouts.get(hash) ?? (JSON.parse(json) as Layout);
      this.#layouts.set(hash, layout);
      const byTarget = found.get(struct) ?? new Map<Target | 'all', Layout>();
      found.set(struct, byTarget.set(target, layout));
    }
    const ordered = [...found].map(([struct, byTarget]) => [struct, inTargetOrder(byTarget)] as const);
    return new Map(ordered);
  }
}

const TARGET_ORDER = ['all', 'x86_64-4k', 'arm64-4k', 'arm64-16k', 'arm64-64k'] as const;

function inTargetOrder(byTarget: ReadonlyMap<Target | 'all', Layout>): PerTarget<Layout> {
  const ordered: PerTarget<Layout> = {};
  for (const key of TARGET_ORDER) {
    const layout = byTarget.get(key);
    if (layout) ordered[key] = layout;
  }
  return ordered;
}
