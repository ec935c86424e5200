import type { ChangedFiles } from './git-changed.ts';
import type { GitCommit } from './git-objects.ts';
import type { GitRepository } from './git-repository.ts';
import { type SoughtFiles, speaksOf } from './source.ts';

/** The files of one tree that speak, and those of which the content is not in this clone. */
interface SpokenTree {
  tree: string;
  paths: ReadonlySet<string>;
  missing: ReadonlySet<string>;
}

/** Which files of a repository's commits speak of what is sought. A content is looked at once, whatever commits have it. */
export class SpokenFiles {
  readonly #repository: GitRepository;
  readonly #sought: SoughtFiles;
  /** By the id of a file's content; undefined for one that is not in this clone. */
  readonly #speaks = new Map<string, boolean | undefined>();
  /** By tree; undefined where this clone does not hold all of it. */
  readonly #trees = new Map<string, SpokenTree | undefined>();
  /** The one that the next is compared with. */
  #last: SpokenTree | undefined;

  constructor(repository: GitRepository, sought: SoughtFiles) {
    this.#repository = repository;
    this.#sought = sought;
  }

  /** Looks at contents ahead, in few runs of git. */
  load(oids: Iterable<string>): void {
    const wanted = [...new Set(oids)].filter((oid) => !this.#speaks.has(oid));
    // One content may stand at many paths.
    const { words } = this.#sought;
    const found = this.#repository.objects.judgeFiles(wanted, (bytes) => speaksOf(bytes, { words }, ''));
    for (const oid of wanted) this.#speaks.set(oid, found.get(oid));
  }

  /** Whether a content speaks; undefined for one that is not in this clone. */
  speaks(oid: string): boolean | undefined {
    if (!this.#speaks.has(oid)) this.load([oid]);
    return this.#speaks.get(oid);
  }

  /** The paths of a commit that speak, sorted; undefined where this clone does not hold every file of it. */
  of(commit: GitCommit): readonly string[] | undefined {
    if (!this.#trees.has(commit.tree)) this.preload([commit]);
    const found = this.#trees.get(commit.tree);
    return found && found.missing.size === 0 ? [...found.paths].sort() : undefined;
  }

  /** Looks at commits ahead: one is searched as a whole, each other where it differs from the one before it. */
  preload(commits: readonly GitCommit[]): void {
    const waiting = commits.filter(({ tree }) => !this.#trees.has(tree));
    while (!this.#last) {
      const first = waiting.shift();
      if (!first) return;
      const paths = this.#repository.speaking(first.oid, this.#sought);
      this.#last = paths && { tree: first.tree, paths, missing: new Set() };
      this.#trees.set(first.tree, this.#last);
    }
    const from = this.#last.tree;
    const trees = [...new Set(waiting.map(({ tree }) => tree))].filter((tree) => tree !== from);
    const changes = this.#repository.changedBetween([from, ...trees]);
    this.load(changes.flatMap(({ files }) => files.flatMap((file) => this.#contentOf(file) ?? [])));
    for (const change of changes) this.#follow(change);
  }

  #contentOf({ path, after }: ChangedFiles['files'][number]): string | undefined {
    return this.#sought.mayBe(path) ? after : undefined;
  }

  #follow({ oid: tree, files }: ChangedFiles): void {
    const paths = new Set(this.#last?.paths);
    const missing = new Set(this.#last?.missing);
    for (const file of files) {
      paths.delete(file.path);
      missing.delete(file.path);
      const content = this.#contentOf(file);
      if (content === undefined) continue;
      const speaks = this.speaks(content);
      if (speaks) paths.add(file.path);
      if (speaks === undefined) missing.add(file.path);
    }
    this.#last = { tree, paths, missing };
    this.#trees.set(tree, this.#last);
  }
}
