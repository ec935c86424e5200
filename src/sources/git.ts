import { existsSync, statSync } from 'node:fs';
import { withContext } from '../errors.ts';
import { CallerHeaders } from './git-beside.ts';
import { GitRepository } from './git-repository.ts';
import { defineSource } from './source.ts';

/** `REPO#REV`: a folder with a git repository, bare or not, and what names a commit in it. */
export interface GitLocator {
  repository: string;
  revision: string;
}

/**
 * Reads `REPO#REV`; undefined for other text. `#REV` means the repository of the current folder. A folder's name may have
 * a `#` too: REPO is the shortest that is a folder, or what stands before the first `#` where none is.
 */
export function parseGitLocator(locator: string): GitLocator | undefined {
  const splits = [...locator.slice(0, -1).matchAll(/#/g)].map(({ index }) => ({
    repository: locator.slice(0, index) || '.',
    revision: locator.slice(index + 1),
  }));
  return splits.find(({ repository }) => isFolder(repository)) ?? splits[0];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Said of a clone that was made without the content of its files, and of which not all of it came later. */
export const FILES_MISSING = 'this clone does not hold every file';

/** A revision of a git repository, read through `git cat-file --batch`: without a checkout, and only what is wanted. */
export const git = defineSource({
  kind: 'git',
  accepts(locator) {
    const parts = parseGitLocator(locator);
    if (!parts || existsSync(locator)) return false;
    return isFolder(parts.repository);
  },
  async open(locator, options) {
    const { repository, revision } = parseGitLocator(locator) ?? { repository: locator, revision: 'HEAD' };
    const opened = GitRepository.open(repository);
    const oid = opened.commitOf(revision);
    try {
      const [commit] = opened.objects.commits([oid]);
      const found = options.sought && opened.speaking(oid, options.sought);
      const tree = opened.tree(commit as NonNullable<typeof commit>, revision, {
        ...options,
        wanted: (path) => options.wanted(path) || found?.has(path) === true,
        ...(options.sought &&
          found && { callers: { headers: new CallerHeaders(options.sought), paths: found } }),
      });
      return {
        ...tree,
        ...(found && { sought: () => [...found].sort() }),
        ...(options.sought && !found && { unsearched: FILES_MISSING }),
      };
    } catch (error) {
      throw withContext(revision, error);
    }
  },
});
