import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { TreeFiles } from './evidence.ts';
import { type ChangedFiles, changedFilesIn } from './git-changed.ts';
import { IndexNames } from './git-index.ts';
import { type GitCommit, GitObjects } from './git-objects.ts';
import { type GitAnswer, runGit, runGitOnFiles } from './git-program.ts';
import {
  GitFiles,
  type GitNames,
  type GitReadOptions,
  loadFilesAt,
  loadFolders,
  TreeNames,
} from './git-tree.ts';
import { releaseOfMakefile, releaseOfName } from './release.ts';
import type { SoughtFiles } from './source.ts';

/** A kernel out of a repository. */
export interface GitTree extends TreeFiles {
  /** Names a wanted file's content within the repository; undefined where it is absent. */
  oid(path: string): string | undefined;
  /** Names a folder's content as a whole; undefined where that cannot be told. */
  folder(path: string): string | undefined;
}

/** A commit with its parents as this clone knows them. */
export interface GitChange {
  oid: string;
  parents: readonly string[];
}

/** A tag with the commit that it leads to. */
export interface GitTag {
  name: string;
  commit: string;
}

/** A tag or a branch with the commit that it leads to. */
export interface GitHead extends GitTag {
  isBranch: boolean;
}

/** A git repository, bare or not, that is read and never changed. */
export class GitRepository {
  readonly objects: GitObjects;
  /** Base name of its folder, without `.git`. */
  readonly name: string;
  /** True for a clone without all of the history. */
  readonly isShallow: boolean;
  readonly #folder: string;
  /** Where git keeps it; in a folder of the work tree only what lies below it would be searched. */
  readonly #ownFolder: string;

  private constructor(
    folder: string,
    { format, isShallow, ownFolder }: { format: string; isShallow: boolean; ownFolder: string },
  ) {
    this.#folder = folder;
    this.#ownFolder = ownFolder;
    this.isShallow = isShallow;
    this.name = basename(resolve(folder).replace(/\/\.git$/, '')).replace(/\.git$/, '');
    this.objects = new GitObjects(folder, format === 'sha256' ? 'sha256' : 'sha1');
  }

  /** @throws ToolError NOT_A_REPOSITORY, REPOSITORY_UNSAFE, GIT_MISSING, GIT_TOO_OLD */
  static open(folder: string): GitRepository {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new ToolError('NOT_A_REPOSITORY', `${basename(folder)}: no such folder`);
    const { status, output, complaint } = runGit(folder, [
      'rev-parse',
      '--is-shallow-repository',
      '--show-object-format',
      '--absolute-git-dir',
    ]);
    if (status !== 0) throw refusal(basename(resolve(folder)), complaint);
    const [isShallow, format = 'sha1', ownFolder = folder] = linesOf(output);
    return new GitRepository(folder, { format, isShallow: isShallow === 'true', ownFolder });
  }

  /**
   * Puts the files of a commit into a folder outside of the repository. Where an earlier commit was put there with the same
   * index, only the files that differ are written.
   * @throws ToolError GIT_FAILED
   */
  checkOut(commit: string, files: string, index: string): void {
    const places = { files: resolve(files), index: resolve(index) };
    const { status, complaint } = runGitOnFiles(this.#folder, places, ['read-tree', '--reset', '-u', commit]);
    if (status !== 0) throw new ToolError('GIT_FAILED', `${this.name}: git read-tree: ${complaint}`);
  }

  /** The commit that a revision names. @throws ToolError REVISION_UNKNOWN */
  commitOf(revision: string): string {
    const commit = this.tryCommitOf(revision);
    if (commit !== undefined) return commit;
    const hint = this.isShallow ? '; this clone is shallow and may have been cut before it' : '';
    throw new ToolError('REVISION_UNKNOWN', `${this.name}: ${revision}: no such commit${hint}`);
  }

  /** The commit that a revision names; undefined where it names none. */
  tryCommitOf(revision: string): string | undefined {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a revision has one
    if (revision === '' || revision.startsWith('-') || /[\u0000-\u001f]/.test(revision)) return undefined;
    const { status, output } = runGit(this.#folder, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ]);
    const oid = output.toString('utf8').trim();
    return status === 0 && /^[0-9a-f]{40,64}$/.test(oid) ? oid : undefined;
  }

  /** Tags that lead to commits and match a pattern of git's (`v6.*`), in the order of their releases. */
  tags(pattern: string): GitTag[] {
    const { output } = this.#run([
      'for-each-ref',
      '--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)',
      '--sort=version:refname',
      `refs/tags/${pattern}`,
    ]);
    return linesOf(output).flatMap((line) => {
      const [name = '', type, oid = '', peeledType, peeled = ''] = line.split('\0');
      if (type === 'commit') return [{ name, commit: oid }];
      return peeledType === 'commit' ? [{ name, commit: peeled }] : [];
    });
  }

  /**
   * Tags of releases, and branches of this repository and its remotes: those with the newest commits, each commit once.
   * @param without branches that have this commit are left out
   */
  newestHeads(limit: number, without?: string): GitHead[] {
    const format =
      '--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(creatordate:unix)';
    const others = without === undefined ? [] : [`--no-contains=${without}`];
    const tags = this.#run(['for-each-ref', format, 'refs/tags/v[0-9]*']).output;
    const branches = this.#run(['for-each-ref', format, ...others, 'refs/heads', 'refs/remotes']).output;
    const heads = [...linesOf(tags), ...linesOf(branches)].flatMap((line) => headIn(line) ?? []);
    const byCommit = new Map<string, GitHead & { seconds: number }>();
    for (const head of heads) if (!byCommit.has(head.commit)) byCommit.set(head.commit, head);
    return [...byCommit.values()].sort((a, b) => b.seconds - a.seconds).slice(0, limit);
  }

  /** Commits of a range (`A..B`) that touch some paths or folders, each behind those that it stands on. */
  changes(range: readonly string[], paths: readonly string[], { firstParent = false } = {}): GitChange[] {
    const { output } = this.#run([
      'rev-list',
      '--topo-order',
      '--reverse',
      firstParent ? '--first-parent' : '--full-history',
      ...range,
      '--',
      ...paths.map((path) => path.replace(/\/$/, '')),
    ]);
    return this.withParents(linesOf(output));
  }

  /** Every commit of a range with its parents, each behind those that it stands on. */
  graph(range: readonly string[]): GitChange[] {
    const order = ['--topo-order', '--reverse'];
    return changesIn(this.#run(['rev-list', '--parents', ...order, ...range, '--']).output);
  }

  /** The parents of commits, none where a shallow clone was cut. */
  withParents(oids: readonly string[]): GitChange[] {
    if (oids.length === 0) return [];
    const input = `${oids.join('\n')}\n`;
    const args = ['rev-list', '--no-walk=unsorted', '--parents', '--stdin'];
    return changesIn(this.#run(args, input).output);
  }

  /** The files that commits change; of a merge those that are as in none of its parents. Renames are one gone, one new. */
  changedFiles(oids: readonly string[]): ChangedFiles[] {
    return this.#diffTrees(oids, ['-c']);
  }

  /** What each tree but the first changes against the one before it. */
  changedBetween(trees: readonly string[]): ChangedFiles[] {
    return this.#diffTrees(trees.slice(1).map((tree, index) => `${trees[index]} ${tree}`));
  }

  #diffTrees(lines: readonly string[], options: readonly string[] = []): ChangedFiles[] {
    if (lines.length === 0) return [];
    const args = ['diff-tree', '--stdin', '-r', ...options, '--raw', '-z', '--no-renames', '--no-abbrev'];
    return changedFilesIn(this.#run(args, `${lines.join('\n')}\n`).output);
  }

  /** The files that the next commit would change. */
  stagedFiles(commit: string): ChangedFiles['files'] {
    const args = ['diff-index', '--cached', '--raw', '-z', '--no-renames', '--no-abbrev', commit];
    const { output } = this.#run(args);
    return changedFilesIn(Buffer.concat([Buffer.from(`${commit}\0`), output]))[0]?.files ?? [];
  }

  /** What a commit does to some paths against one of its parents, as a patch; what moved among them is a rename. */
  patch(parent: string, commit: string, paths: readonly string[]): string {
    const args = ['diff-tree', '-p', '-r', '-M', '--no-ext-diff', '--no-textconv'];
    return this.#run([...args, parent, commit, '--', ...paths]).output.toString('utf8');
  }

  /** What is staged for the next commit does to some paths, as a patch. */
  stagedPatch(commit: string, paths: readonly string[]): string {
    const args = ['diff-index', '-p', '--cached', '-M', '--no-ext-diff', '--no-textconv'];
    return this.#run([...args, commit, '--', ...paths]).output.toString('utf8');
  }

  /** Where two commits part. @throws ToolError REVISION_UNKNOWN */
  mergeBase(one: string, other: string): string {
    const { status, output } = runGit(this.#folder, ['merge-base', one, other]);
    const [oid = ''] = linesOf(output);
    if (status === 0 && oid !== '') return oid;
    const pair = `${one.slice(0, 12)} and ${other.slice(0, 12)}`;
    throw new ToolError('REVISION_UNKNOWN', `${this.name}: ${pair} have nothing in common`);
  }

  /** `v6.18-rc3~12^2~4`: the first tag of a release that a commit is in; undefined where there is none. */
  firstTagWith(commit: string): string | undefined {
    const args = ['describe', '--contains', '--match', 'v[0-9]*', commit];
    const { status, output } = runGit(this.#folder, args);
    const name = output
      .toString('utf8')
      .trim()
      .replace(/[~^].*$/, '');
    return status === 0 && name !== '' ? name : undefined;
  }

  /** Reads the folders of many trees in a few runs of git. */
  preload(commits: readonly GitCommit[], prefixes: readonly string[]): void {
    loadFolders(this.objects, treesOf(commits), prefixes);
  }

  /** Reads files of many trees, whose folders were read ahead, in one run of git. */
  preloadFiles(commits: readonly GitCommit[], paths: Iterable<string>): void {
    loadFilesAt(this.objects, treesOf(commits), paths);
  }

  /**
   * The kernel of a commit. Its release is what its Makefile says, or the tag that it was asked for by where that says
   * more.
   * @param label how it was asked for: `v6.18`, `HEAD`
   * @throws ToolError NOT_A_KERNEL
   */
  tree(commit: GitCommit, label: string, options: GitReadOptions): GitTree {
    return this.named(this.files(commit, options), commit, label);
  }

  /** The files of a commit's kernel, whatever it is called. @throws ToolError NOT_A_KERNEL */
  files(commit: GitCommit, options: GitReadOptions): GitFiles {
    return this.#files(new TreeNames(this.objects, commit.tree), options);
  }

  /** The kernel whose files those are, as `tree` gives it. */
  named(files: GitFiles, commit: GitCommit, label: string): GitTree {
    const release = releaseOf(files.textOf('Makefile'), label);
    return {
      name: `${this.name}#${label} (${commit.oid.slice(0, 12)})`,
      ...pick(files),
      ...(release !== undefined && { release }),
      ...(commit.date !== undefined && { date: commit.date }),
    };
  }

  /**
   * Paths of the files of a commit, wherever they lie, that speak of what is sought; undefined where this clone does not
   * hold all of them. Of folders, where some are named, those below them.
   */
  speaking(
    commit: string,
    { words, mayBe }: SoughtFiles,
    folders: readonly string[] = [],
  ): ReadonlySet<string> | undefined {
    const { status, output, complaint } = runGit(this.#ownFolder, [
      ...['grep', '-l', '-z', '-F', '--no-color', '--full-name'],
      ...words.flatMap((word) => ['-e', word]),
      commit,
      '--',
      ...folders,
    ]);
    // 1: found in no file.
    if (status > 1) {
      const error = refused(`${this.name}: git grep`, complaint, status);
      if (error.code === 'GIT_OBJECT_MISSING') return undefined;
      throw error;
    }
    const paths = output.toString('utf8').split('\0');
    return new Set(paths.map((path) => path.slice(commit.length + 1)).filter(mayBe));
  }

  /** The kernel that is staged for the next commit. */
  stagedTree(options: GitReadOptions): GitTree {
    const prefixes = [...(options.folders ?? []), 'Makefile'];
    // Headers beside callers may lie in any folder.
    const paths = options.callers ? [] : prefixes.map((path) => path.replace(/\/$/, ''));
    const { output } = this.#run(['ls-files', '--stage', '-z', '--', ...paths]);
    const files = this.#files(new IndexNames(output), options);
    const release = releaseOf(files.textOf('Makefile'), '');
    return { name: `${this.name} (staged)`, ...pick(files), ...(release !== undefined && { release }) };
  }

  #files(names: GitNames, options: GitReadOptions): GitFiles {
    if (!names.hasFolder('include/linux'))
      throw new ToolError('NOT_A_KERNEL', 'no include/linux, not a kernel tree');
    return new GitFiles(this.objects, names, options);
  }

  #run(args: readonly string[], input?: string): GitAnswer {
    const answer = runGit(this.#folder, args, input);
    if (answer.status === 0) return answer;
    throw refused(`${this.name}: git ${args[0]}`, answer.complaint, answer.status);
  }
}

/** What git did not do, as an error. */
function refused(what: string, complaint: string, status: number): ToolError {
  const isMissing = /could not fetch|missing blob|unable to read|bad object|bad tree|lazy fetch/i.test(
    complaint,
  );
  return new ToolError(
    isMissing ? 'GIT_OBJECT_MISSING' : 'GIT_FAILED',
    `${what}: ${complaint || `exit ${status}`}`,
  );
}

function treesOf(commits: readonly GitCommit[]): string[] {
  return commits.map(({ tree }) => tree);
}

function pick({ folder, oid, read, digest, list }: GitFiles): Omit<GitTree, 'name'> {
  return { folder, oid, read, digest, list };
}

function headIn(line: string): (GitHead & { seconds: number }) | undefined {
  const [ref = '', type, oid = '', peeledType, peeled = '', seconds] = line.split('\0');
  const commit = type === 'commit' ? oid : peeledType === 'commit' ? peeled : undefined;
  const name = ref.replace(/^refs\/(?:tags|heads|remotes)\//, '');
  const isBranch = !ref.startsWith('refs/tags/');
  return commit === undefined ? undefined : { name, commit, isBranch, seconds: Number(seconds) };
}

function changesIn(output: Buffer): GitChange[] {
  return linesOf(output).map((line) => {
    const [oid = '', ...parents] = line.split(' ');
    return { oid, parents };
  });
}

function linesOf(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function refusal(name: string, complaint: string): ToolError {
  const isUnsafe = /dubious ownership|unsafe repository|safe\.bareRepository/i.test(complaint);
  if (isUnsafe) return new ToolError('REPOSITORY_UNSAFE', `${name}: ${complaint}`);
  return new ToolError('NOT_A_REPOSITORY', `${name}: ${complaint || 'git does not know it'}`);
}

/** `next-20260928` and `v6.18.5-foo` say more than their Makefiles; `Ubuntu-6.8.0-31.31` and `master` do not. */
function releaseOf(makefile: string | undefined, label: string): string | undefined {
  const told = makefile === undefined ? undefined : releaseOfMakefile(makefile);
  const tagged = parseReleaseName(label.replace(/^v/, ''));
  if (told === undefined) return tagged?.name ?? releaseOfName(label);
  if (tagged === undefined) return told;
  const isSaying = tagged.series === 'next' || tagged.base === parseReleaseName(told)?.base;
  return isSaying && tagged.vendor !== null ? tagged.name : tagged.series === 'next' ? tagged.name : told;
}
