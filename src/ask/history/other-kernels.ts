import { existsSync } from 'node:fs';
import { ABI_FOLDER, wantedFolders } from '../../capture/wanted.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { drawn } from '../../components/index.ts';
import { attempt, ToolError } from '../../errors.ts';
import type { OtherKernel, OtherKernels } from '../../history/known-values.ts';
import type { RevisionSnapshots } from '../../history/snapshots.ts';
import type { GitHead } from '../../sources/git-repository.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { kernelOf } from '../../verdict/kernel.ts';
import { defaultCatalogPath, evidenceFolder, openCatalog } from '../open-catalog.ts';
import type { KnownOptions } from './options.ts';

/** Tags and branches that are looked at: those with the newest commits. */
const HEAD_LIMIT = 40;

/** What is audited; undefined where it is in no repository. */
export interface Audited {
  revisions: RevisionSnapshots | undefined;
  /** The newest commit that is audited: branches that have it have the same value for the same reason. */
  tip?: string | undefined;
  /** Patches that are audited: a branch on which their author has them is no other kernel. */
  posted?: PostedPatches | undefined;
}

/** Patches by what their commits are called. */
export interface PostedPatches {
  titles: ReadonlySet<string>;
  /** The commit that they apply to. */
  base: string;
}

/**
 * Kernels that may use a marker's value already: the known ones, and those of the repository's newest tags and branches.
 * None is read before somebody asks. A shipped catalog counts where the one in the cache is of the documents that ship
 * with this program; it is not built for this alone.
 */
export async function otherKernels(options: KnownOptions, audited: Audited): Promise<OtherKernels> {
  const catalog = options.catalog === false ? undefined : await catalogAtHand(options);
  const { revisions, tip, posted } = audited;
  let known: readonly Kernel[] | undefined;
  let heads: Heads | undefined;
  return (value) => {
    known ??= catalog ? kernelsOfCatalog(catalog) : [];
    const released = known;
    if (!revisions) return released;
    heads ??= new Heads(revisions, {
      tip,
      posted,
      released: new Set(released.map(({ release }) => release)),
    });
    return [...released, ...heads.naming(value)];
  };
}

/** The one that was asked for by name must be there; of the shipped one the cache will do if it is up to date. */
async function catalogAtHand({ catalog: named, note, env = {} }: KnownOptions): Promise<Catalog | undefined> {
  if (named && named.path !== undefined) return openCatalog({ note, ...named });
  const path = defaultCatalogPath(env);
  if (path === undefined || !existsSync(path)) return undefined;
  const [{ Catalog: opened }, { isOfShipped }] = await Promise.all([
    import('../../catalog/catalog.ts'),
    import('../../catalog/shipped.ts'),
  ]);
  try {
    const catalog = opened.open(path);
    if (isOfShipped(catalog, { evidence: evidenceFolder(env) })) return catalog;
    catalog.close();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
  return undefined;
}

function kernelsOfCatalog(catalog: Catalog): Kernel[] {
  return catalog.allKernels();
}

/** Commits of a branch among which those of a series are looked for: the newest. */
const OWN_LIMIT = 256;

/** Files that components name: where markers are defined. */
const markerFiles = drawn(() => wantedFolders().filter((path) => !path.endsWith('/')));

/** Tags and branches, of which only those are captured that have a value in their text. */
class Heads {
  readonly #revisions: RevisionSnapshots;
  readonly #heads: readonly GitHead[];
  readonly #literalsByOid = new Map<string, ReadonlySet<string>>();
  readonly #kernels = new Map<GitHead, OtherKernel | undefined>();
  readonly #posted: PostedPatches | undefined;

  /** @param released names of kernels that are known without a capture */
  constructor(
    revisions: RevisionSnapshots,
    { tip, posted, released }: Omit<Audited, 'revisions'> & { released: ReadonlySet<string> },
  ) {
    const { repository } = revisions;
    const heads = repository.newestHeads(HEAD_LIMIT, tip);
    this.#revisions = revisions;
    this.#posted = posted;
    this.#heads = heads.filter(({ name, isBranch }) => isBranch || !released.has(name.replace(/^v/, '')));
    attempt(() => {
      const commits = repository.objects.commits(this.#heads.map(({ commit }) => commit));
      repository.preload(commits, wantedFolders());
      repository.objects.loadFiles(
        this.#heads.flatMap((head) => attempt(() => this.#markerFiles(head)) ?? []),
      );
    });
  }

  naming(value: string): OtherKernel[] {
    return this.#heads.flatMap((head) =>
      attempt(() => this.#mayName(head, value)) ? (this.#kernelOf(head) ?? []) : [],
    );
  }

  /** A number says nothing by itself, and a composite marker stands in its parts. */
  #mayName(head: GitHead, value: string): boolean {
    if (/^\d+$/.test(value)) return true;
    const literals = this.#markerFiles(head).map((oid) => this.#literalsOf(oid));
    return value.split(';').every((part) => literals.some((own) => own.has(part) || own.has(value)));
  }

  #markerFiles({ name, commit }: GitHead): string[] {
    const { mark, evidence } = this.#revisions.state(commit, name);
    return [...markerFiles(), ...evidence.list(ABI_FOLDER)].flatMap((path) => mark(path) ?? []);
  }

  #literalsOf(oid: string): ReadonlySet<string> {
    const known = this.#literalsByOid.get(oid);
    if (known) return known;
    const text = this.#revisions.repository.objects.file(oid).toString('utf8');
    const literals = new Set([...text.matchAll(/"([^"\n]*)"/g)].map(([, literal = '']) => literal));
    this.#literalsByOid.set(oid, literals);
    return literals;
  }

  #kernelOf(head: GitHead): OtherKernel | undefined {
    if (!this.#kernels.has(head)) this.#kernels.set(head, this.#captured(head));
    return this.#kernels.get(head);
  }

  /** Whether a branch has the audited patches in some form beyond what they are applied to. */
  #hasPosted(commit: string): boolean {
    if (!this.#posted) return false;
    const { base, titles } = this.#posted;
    const { repository } = this.#revisions;
    const own = repository.graph([`--max-count=${OWN_LIMIT}`, commit, `^${base}`]).map(({ oid }) => oid);
    return repository.objects.commits(own).some(({ title }) => titles.has(title));
  }

  #captured({ name, commit, isBranch }: GitHead): OtherKernel | undefined {
    return attempt(() => {
      if (isBranch && this.#hasPosted(commit)) return undefined;
      const kernel = kernelOf(this.#revisions.capture(commit, name));
      return isBranch ? { ...kernel, release: name, isBranch } : kernel;
    });
  }
}
