import type { CaptureDocument } from '../model/capture.ts';
import type { CommitsDocument } from '../model/commits.ts';
import type { ComponentState, StructState } from '../model/component-state.ts';
import type { Erratum } from '../model/erratum.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { Layout } from '../model/layout.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { ContentSchema } from '../model/state.ts';
import type { PerTarget, Target } from '../model/target.ts';
import type { Kernel, KernelComponent } from '../verdict/kernel.ts';
import { kernelHead } from '../verdict/kernel.ts';
import { stateSchemas } from '../verdict/state-schema.ts';
import { evidenceDocument } from './evidence-id.ts';
import type { Db } from './open.ts';
import { guard, openReadOnly } from './open.ts';
import { hashText } from './write.ts';

export interface KernelRow {
  release: string;
  series: string;
  base: string;
  vendor: string | null;
  date: string | null;
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

type Facts = KernelComponent['facts'];

type StrippedFacts = Omit<ComponentState, 'places' | 'structs'> & {
  structs: { [name: string]: Omit<StructState, 'layout'> };
};

/** A catalog opened for reading. Kernels that say the same of a component share the `facts` object. */
export class Catalog {
  readonly path: string;
  readonly #db: Db;
  readonly #facts = new Map<number, Facts>();
  readonly #layouts = new Map<string, Layout>();

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
    return this.#read(
      () => this.#db.prepare('SELECT 1 FROM kernel WHERE release = ?').get(release) !== undefined,
    );
  }

  /** A kernel as verdicts see it, or undefined. */
  kernel(release: string): Kernel | undefined {
    return this.#read(() => {
      if (!this.has(release)) return undefined;
      const rows = this.#db
        .prepare(
          `SELECT component, snapshot, places FROM kernel_component
           JOIN kernel ON kernel.id = kernel WHERE release = ? ORDER BY component`,
        )
        .all(release) as { component: string; snapshot: number; places: string }[];
      const components = new Map<string, KernelComponent>();
      for (const { component, snapshot, places } of rows) {
        components.set(component, { facts: this.#factsOf(snapshot), places: JSON.parse(places) });
      }
      const head = this.#db
        .prepare('SELECT head FROM kernel WHERE release = ?')
        .pluck()
        .get(release) as string;
      return { ...kernelHead(JSON.parse(head) as Omit<CaptureDocument, 'components'>), components };
    });
  }

  /** The document that a kernel was built from, equal to the byte once written as canonical JSON. */
  document(release: string): CaptureDocument | undefined {
    const head = this.#read(
      () => this.#db.prepare('SELECT head FROM kernel WHERE release = ?').pluck().get(release) as string,
    );
    const kernel = this.kernel(release);
    if (!kernel) return undefined;
    const components: CaptureDocument['components'] = {};
    for (const [id, { facts, places }] of kernel.components) components[id] = { ...facts, places };
    const { findings, ...rest } = JSON.parse(head) as Omit<CaptureDocument, 'components'>;
    return { ...rest, components, findings };
  }

  errata(): Erratum[] {
    return this.#jsonColumn('SELECT json FROM erratum ORDER BY id');
  }

  /** Releases of this catalog that have the fault of an erratum, by its id. */
  releasesByErratum(): Map<string, Set<string>> {
    const rows = this.#read(
      () =>
        this.#db.prepare('SELECT erratum, release FROM erratum_release').all() as {
          erratum: string;
          release: string;
        }[],
    );
    const found = new Map<string, Set<string>>();
    for (const { erratum, release } of rows) {
      found.set(erratum, (found.get(erratum) ?? new Set<string>()).add(release));
    }
    return found;
  }

  /** The overlays that some of the kernels were made of, by release; a catalog of version 1 has none. */
  overlays(): OverlayDocument[] {
    return this.#hasTable('overlay') ? this.#jsonColumn('SELECT json FROM overlay ORDER BY release') : [];
  }

  /**
   * What each struct of a component holds once decoded, by struct; empty for a kernel that lacks it, for a component that is
   * not among those whose content is described, and in a catalog of version 1 or 2.
   */
  stateSchemas(release: string, component: string, target: Target): Map<string, ContentSchema> {
    if (!this.#hasTable('state_schema')) return new Map();
    const rows = this.#read(
      () =>
        this.#db
          .prepare(
            `SELECT struct, json FROM state_schema
             JOIN kernel_component USING (snapshot) JOIN kernel ON kernel.id = kernel
             WHERE release = ? AND component = ? AND target IN ('all', ?) ORDER BY struct, target = 'all' DESC`,
          )
          .all(release, component, target) as { struct: string; json: string }[],
    );
    return new Map(rows.map(({ struct, json }) => [struct, JSON.parse(json) as ContentSchema]));
  }

  /** Every record of a test, by pair, oldest first; a catalog of version 1 to 3 has none. */
  evidence(): EvidenceDocument[] {
    if (!this.#hasTable('evidence')) return [];
    return this.#jsonColumn('SELECT json FROM evidence ORDER BY outgoing, incoming, date, id');
  }

  /** The records of one ordered pair, whatever the profile and target, oldest first. */
  evidenceOf(outgoing: string, incoming: string): EvidenceDocument[] {
    if (!this.#hasTable('evidence')) return [];
    const query = 'SELECT json FROM evidence WHERE outgoing = ? AND incoming = ? ORDER BY date, id';
    const rows = this.#read(() => this.#db.prepare(query).pluck().all(outgoing, incoming) as string[]);
    return rows.map((json) => JSON.parse(json) as EvidenceDocument);
  }

  reviews(): ReviewDocument[] {
    return this.#jsonColumn('SELECT json FROM review ORDER BY component');
  }

  /** The commits that touched handed-over data, by branch; a catalog of version 1 to 4 has none. */
  commits(): CommitsDocument[] {
    return this.#hasTable('commits') ? this.#jsonColumn('SELECT json FROM commits ORDER BY branch') : [];
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
      evidence: this.#hasTable('evidence') ? count('evidence') : 0,
    }));
  }

  /** What the catalog was made from. */
  stamp(): string {
    return this.#read(
      () => (this.#db.prepare("SELECT value FROM meta WHERE key = 'stamp'").pluck().get() as string) ?? '',
    );
  }

  /** Faults in the file, one line each: SQLite's own check, then every content hash made again. */
  verify(): string[] {
    return this.#read(() => {
      const faults = (this.#db.pragma('integrity_check', { simple: false }) as { integrity_check: string }[])
        .map((row) => row.integrity_check)
        .filter((line) => line !== 'ok');
      const layouts = this.#db.prepare('SELECT hash, json FROM layout').all() as {
        hash: string;
        json: string;
      }[];
      for (const { hash, json } of layouts) {
        if (hashText(json) !== hash) faults.push(`layout ${hash}: content does not match its hash`);
      }
      const snapshots = this.#db.prepare('SELECT id, hash, component FROM snapshot').all() as {
        id: number;
        hash: string;
        component: string;
      }[];
      for (const { id, hash, component } of snapshots) {
        const actual = hashText(`${component}\n${JSON.stringify(this.#factsOf(id))}`);
        if (actual !== hash) faults.push(`snapshot ${id} of ${component}: content does not match its hash`);
      }
      faults.push(...this.#verifyStateSchemas());
      for (const document of this.evidence()) {
        if (evidenceDocument(document).id === document.id) continue;
        faults.push(`evidence ${document.id}: content does not match its id`);
      }
      return faults;
    });
  }

  /** Schemas that are not what the layout beside them gives. */
  #verifyStateSchemas(): string[] {
    if (!this.#hasTable('state_schema')) return [];
    const rows = this.#db.prepare('SELECT snapshot, struct, target, json FROM state_schema').all() as {
      snapshot: number;
      struct: string;
      target: keyof PerTarget<unknown>;
      json: string;
    }[];
    return rows.flatMap(({ snapshot, struct, target, json }) => {
      const schema = stateSchemas(this.#factsOf(snapshot), target).get(struct);
      const fault = `schema of ${struct} in snapshot ${snapshot}: not what its layout gives`;
      return JSON.stringify(schema) === json ? [] : [fault];
    });
  }

  #hasTable(name: string): boolean {
    const query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
    return this.#read(() => this.#db.prepare(query).get(name)) !== undefined;
  }

  #jsonColumn<T>(query: string): T[] {
    const rows = this.#read(() => this.#db.prepare(query).pluck().all() as string[]);
    return rows.map((json) => JSON.parse(json) as T);
  }

  #read<T>(step: () => T): T {
    return guard(this.path, step);
  }

  #factsOf(snapshot: number): Facts {
    const known = this.#facts.get(snapshot);
    if (known) return known;
    const json = this.#db.prepare('SELECT json FROM snapshot WHERE id = ?').pluck().get(snapshot) as string;
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
    const rows = this.#db
      .prepare(
        `SELECT struct, target, hash, json FROM snapshot_layout JOIN layout ON hash = layout
         WHERE snapshot = ?`,
      )
      .all(snapshot) as { struct: string; target: Target | 'all'; hash: string; json: string }[];
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
