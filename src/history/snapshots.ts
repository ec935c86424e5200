import { createHash } from 'node:crypto';
import type { CaptureOptions } from '../capture/capture.ts';
import { captureEvidence } from '../capture/from-source.ts';
import type { PartAnswer } from '../capture/parse-cache.ts';
import { UnitPool } from '../capture/unit-pool.ts';
import { isWanted, wantedFolders } from '../capture/wanted.ts';
import { initParser } from '../cdecl/index.ts';
import { drawn } from '../components/index.ts';
import { ToolError, withContext } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { LimitedMap } from '../model/limited-map.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { GitCommit } from '../sources/git-objects.ts';
import type { GitRepository, GitTree } from '../sources/git-repository.ts';
import type { TreeEvidence } from '../sources/index.ts';
import { pause } from '../work.ts';
import type { CallerSearch } from './caller-search.ts';

// Captures of many states of one tree. A capture depends on nothing but what it asked the tree for; so all that it asked
// is written down with the answers, and another state that would answer the same needs no capture of its own.

/** How revisions are read: only what a capture may want. */
export const readOptions = drawn(() => ({ wanted: isWanted, folders: wantedFolders() }));

/** A state of a kernel tree: evidence, and what tells one content of a file from another. */
export interface TreeState {
  evidence: TreeEvidence;
  /** Equal for equal content; undefined where there is no such file. */
  mark(path: string): string | undefined;
  /** Equal for folders of which every file is equal; undefined where that cannot be told. */
  folderMark?(folder: string): string | undefined;
}

/** States that are kept at a time, with what they rest on; those of neighbouring revisions come close together. */
const RECORDED_LIMIT = 256;
/** Commits whose documents are kept. */
const COMMIT_LIMIT = 4096;
/** Questions to the parser whose answers are kept, one for each component of a state. */
const ANSWER_LIMIT = 1024;

/** What a capture says, whatever the kernel is called. */
type Said = Pick<CaptureDocument, 'components' | 'findings'>;

/** A capture, and all that it rests on. */
interface Recorded {
  document: CaptureDocument;
  marks: ReadonlyMap<string, string | undefined>;
  /** The files in which callers were found, in lines; undefined where nobody looked. */
  sought: string | undefined;
  /** What was listed, and what names the folder as a whole. */
  lists: readonly { folder: string; mark: string | undefined; list: string }[];
  /** The paths of `marks` by their folder, and what names that as a whole. */
  folders: readonly { folder: string; mark: string | undefined; paths: readonly string[] }[];
}

/** States of a tree, each captured once; equal ones share the `components` of their documents. */
export class Snapshots {
  readonly #options: CaptureOptions;
  /** The one that fitted last stands first. */
  readonly #recorded: Recorded[] = [];
  /** By a hash of its text. */
  readonly #said = new LimitedMap<string, Said>(RECORDED_LIMIT);
  #captured = 0;

  /** Resolves once a capture can be made. */
  static async open(options: CaptureOptions = {}): Promise<Snapshots> {
    await initParser();
    return new Snapshots(options);
  }

  private constructor(options: CaptureOptions) {
    const cache = {
      program: '',
      ...options.cache,
      recent: new LimitedMap<string, readonly PartAnswer[]>(ANSWER_LIMIT),
    };
    this.#options = { ...options, cache, units: new UnitPool() };
  }

  /** How many distinct states were captured. */
  get distinct(): number {
    return this.#captured;
  }

  /** Paths that had a part in some capture that is still kept. */
  consulted(): Set<string> {
    return new Set(this.#recorded.flatMap(({ marks }) => [...marks.keys()]));
  }

  /** The document of a state. Errors as `captureEvidence`. */
  capture(state: TreeState): CaptureDocument {
    const { evidence } = state;
    const sought = soughtIn(evidence);
    const at = this.#recorded.findIndex((recorded) => recorded.sought === sought && isSame(recorded, state));
    const known = this.#recorded[at];
    if (!known || (evidence.release ?? this.#options.release) === undefined) return this.#captureNow(state);
    this.#recorded.splice(at, 1);
    this.#recorded.unshift(known);
    return renamed(known.document, evidence);
  }

  #captureNow(state: TreeState): CaptureDocument {
    const { evidence } = state;
    const marks = new Map<string, string | undefined>();
    const lists = new Map<string, string>();
    const note = (path: string): void => {
      if (!marks.has(path)) marks.set(path, state.mark(path));
    };
    const recorder: TreeEvidence = {
      ...evidence,
      read: (path) => {
        note(path);
        return evidence.read(path);
      },
      digest: (path) => {
        note(path);
        return evidence.digest(path);
      },
      list: (folder) => {
        const paths = evidence.list(folder);
        lists.set(folder, paths.join('\n'));
        return paths;
      },
    };
    const document = this.#shared(captureEvidence(recorder, this.#options));
    this.#captured += 1;
    const named = (folder: string) => ({ folder, mark: state.folderMark?.(folder) });
    const folders = [...byFolder(marks.keys())].map(([folder, paths]) => ({ ...named(folder), paths }));
    const listed = [...lists].map(([folder, list]) => ({ ...named(folder), list }));
    this.#recorded.unshift({ document, marks, sought: soughtIn(evidence), lists: listed, folders });
    this.#recorded.length = Math.min(this.#recorded.length, RECORDED_LIMIT);
    return document;
  }

  /** The document with the components of an earlier one that says the same: what differs was not handed over. */
  #shared(document: CaptureDocument): CaptureDocument {
    const { components, findings } = document;
    const key = createHash('sha256')
      .update(JSON.stringify([components, findings]))
      .digest('hex');
    const said = this.#said.get(key) ?? { components, findings };
    this.#said.set(key, said);
    return { ...document, ...said };
  }
}

function soughtIn({ sought, unsearched }: TreeEvidence): string | undefined {
  return unsearched ?? sought?.().join('\n');
}

function isSame({ marks, lists, folders }: Recorded, state: TreeState): boolean {
  const isSameFolder = ({ folder, mark }: { folder: string; mark: string | undefined }) =>
    mark !== undefined && state.folderMark?.(folder) === mark;
  return (
    folders.every(
      (own) => isSameFolder(own) || own.paths.every((path) => state.mark(path) === marks.get(path)),
    ) && lists.every((own) => isSameFolder(own) || state.evidence.list(own.folder).join('\n') === own.list)
  );
}

function byFolder(paths: Iterable<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const group = groups.get(folder);
    if (group) group.push(path);
    else groups.set(folder, [path]);
  }
  return groups;
}

/** The document as it is for another tree that says the same: only what names the kernel differs. */
function renamed(document: CaptureDocument, evidence: TreeEvidence): CaptureDocument {
  const release = evidence.release ?? document.release;
  const { date: _date, ...rest } = document;
  const name = parseReleaseName(release);
  const names = { release, base: name?.base ?? release, vendor: name?.vendor ?? null };
  const named = { ...rest, ...names, provenance: { ...document.provenance, name: evidence.name } };
  if (evidence.date === undefined) return named;
  // Keys in the order in which a capture writes them.
  const { $schema, schemaVersion, release: _release, base, vendor, ...behind } = named;
  return { $schema, schemaVersion, release, base, vendor, date: evidence.date, ...behind };
}

/** Captures revisions of a repository. */
export class RevisionSnapshots {
  readonly repository: GitRepository;
  readonly #snapshots: Snapshots;
  #byCommit = new LimitedMap<string, CaptureDocument>(COMMIT_LIMIT);
  readonly #commits = new Map<string, GitCommit>();
  #search: CallerSearch | undefined;
  /** Changed files that are not in this clone, so that nobody looked whether they hand something over. */
  unsearched: readonly string[] = [];

  constructor(repository: GitRepository, snapshots: Snapshots) {
    this.repository = repository;
    this.#snapshots = snapshots;
  }

  get distinct(): number {
    return this.#snapshots.distinct;
  }

  consulted(): Set<string> {
    return this.#snapshots.consulted();
  }

  /** From here on captures tell of the callers that a search finds; without one they say nothing of them. */
  searchWith(search: CallerSearch): void {
    this.#search = search;
    this.#byCommit = new LimitedMap(COMMIT_LIMIT);
  }

  /** Reads what some commits need ahead, in a few runs of git. */
  preload(oids: readonly string[]): void {
    const { repository } = this;
    const unknown = [...new Set(oids)].filter((oid) => !this.#commits.has(oid));
    const commits = repository.objects.commits(unknown);
    for (const commit of commits) this.#commits.set(commit.oid, commit);
    repository.preload(commits, [...wantedFolders(), ...(this.#search?.folders ?? [])]);
    repository.preloadFiles(commits, ['Makefile']);
    this.#search?.preload(commits);
    if (commits.length > 1 && this.#snapshots.distinct === 0) this.#captureOne(commits);
    const mayRead = (path: string): boolean => this.#search?.mayRead(path) ?? isWanted(path);
    repository.preloadFiles(commits, [...this.#snapshots.consulted()].filter(mayRead));
  }

  /** One capture shows which files all of them will want; what is no kernel shows nothing. */
  #captureOne(commits: readonly GitCommit[]): void {
    commits.findLast(({ oid }) => unlessRefused(() => this.#snapshots.capture(this.state(oid))));
  }

  commit(oid: string): GitCommit {
    const known = this.#commits.get(oid);
    if (known) return known;
    const [commit] = this.repository.objects.commits([oid]);
    this.#commits.set(oid, commit as GitCommit);
    return commit as GitCommit;
  }

  state(oid: string, label = oid.slice(0, 12)): TreeState {
    const commit = this.commit(oid);
    return stateOf(this.#search?.tree(commit, label) ?? this.repository.tree(commit, label, readOptions()));
  }

  /** The document of a commit. @throws ToolError as `capture`, naming the revision */
  capture(oid: string, label = oid.slice(0, 12)): CaptureDocument {
    pause();
    const known = this.#byCommit.get(oid);
    if (known && label === oid.slice(0, 12)) return known;
    try {
      const document = this.#snapshots.capture(this.state(oid, label));
      this.#byCommit.set(oid, document);
      return document;
    } catch (error) {
      throw withContext(label, error);
    }
  }

  /** The document of a state that is no commit. */
  captureState(state: TreeState): CaptureDocument {
    return this.#snapshots.capture(state);
  }
}

function stateOf(tree: GitTree): TreeState {
  return { evidence: { ...tree, kind: 'git' }, mark: tree.oid, folderMark: tree.folder };
}

/** Nothing for a ToolError: whatever is wrong with a revision is said when that is asked for. */
function unlessRefused<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return undefined;
  }
}
