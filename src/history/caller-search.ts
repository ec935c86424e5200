import { SOUGHT } from '../capture/sought.ts';
import { isWanted, wantedFolders } from '../capture/wanted.ts';
import { FILES_MISSING } from '../sources/git.ts';
import { CallerHeaders } from '../sources/git-beside.ts';
import type { GitCommit } from '../sources/git-objects.ts';
import type { GitRepository, GitTree } from '../sources/git-repository.ts';
import { SpokenFiles } from '../sources/git-speaking.ts';
import type { GitReadOptions } from '../sources/git-tree.ts';
import type { TreeEvidence } from '../sources/index.ts';

// Whoever hands something over is searched for in every file of a commit, or, where commits are compared with each other,
// only in the files that differ between them: what is the same in all of them makes no difference.

/** How the commits of a repository are searched for callers. */
export class CallerSearch {
  readonly spoken: SpokenFiles;
  readonly #repository: GitRepository;
  /** Files that are looked at; every one where it is left out. */
  readonly #among: ReadonlySet<string> | undefined;
  readonly #read = new Set<string>();
  readonly #headers = new CallerHeaders(SOUGHT);

  constructor(
    repository: GitRepository,
    { among, spoken }: { among?: Iterable<string>; spoken?: SpokenFiles } = {},
  ) {
    this.#repository = repository;
    this.#among = among && new Set(among);
    this.spoken = spoken ?? new SpokenFiles(repository, SOUGHT);
  }

  /** Prefixes of the paths that are read beside those that a capture always wants. */
  get folders(): readonly string[] {
    return [...(this.#among ?? [])];
  }

  /** Whether some commit's capture may have read a file. */
  mayRead(path: string): boolean {
    return isWanted(path) || this.#read.has(path) || this.#headers.seen.has(path);
  }

  preload(commits: readonly GitCommit[]): void {
    if (!this.#among) this.spoken.preload(commits);
  }

  /** The kernel of a commit with the callers that are found. */
  tree(commit: GitCommit, label: string): TreeEvidence & GitTree {
    const all = this.#among ? undefined : this.spoken.of(commit);
    for (const path of all ?? []) this.#read.add(path);
    const found = this.#among ?? new Set(all);
    const tree = this.#repository.tree(commit, label, this.#options(found));
    if (this.#among) return { ...tree, ...this.partOf(tree) };
    if (!all) return { ...tree, kind: 'git', unsearched: FILES_MISSING };
    return { ...tree, kind: 'git', sought: () => all };
  }

  /** What is staged, likewise. */
  stagedTree(): TreeEvidence & GitTree {
    const tree = this.#repository.stagedTree(this.#options(this.#among ?? new Set()));
    return { ...tree, ...this.partOf(tree) };
  }

  /** The search among some files of a tree that was opened for them. */
  partOf(tree: GitTree): Pick<TreeEvidence, 'isSearchedInPart' | 'kind' | 'sought'> {
    const speaks = (path: string): boolean => {
      const oid = tree.oid(path);
      return oid !== undefined && this.spoken.speaks(oid) === true;
    };
    let found: readonly string[] | undefined;
    const sought = (): readonly string[] => {
      found ??= [...(this.#among ?? [])].filter(speaks).sort();
      for (const path of found) this.#read.add(path);
      return found;
    };
    return { kind: 'git', isSearchedInPart: true, sought };
  }

  #options(found: ReadonlySet<string>): GitReadOptions {
    return {
      wanted: (path) => isWanted(path) || found.has(path),
      folders: [...wantedFolders(), ...found],
      ...(found.size > 0 && { callers: { headers: this.#headers, paths: found } }),
    };
  }
}
