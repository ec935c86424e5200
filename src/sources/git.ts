import { existsSync, statSync } from 'node:fs';
import { withContext } from '../errors.ts';
import { GitRepository } from './git-repository.ts';
import { defineSource } from './source.ts';

/** `REPO#REV`: a folder with a git repository, bare or not, and what names a commit in it. */
export interface GitLocator {
  repository: string;
  revision: string;
}

/** Reads `REPO#REV`; undefined for other text. `#REV` means the repository of the current folder. */
export function parseGitLocator(locator: string): GitLocator | undefined {
  const at = locator.indexOf('#');
  if (at < 0 || at === locator.length - 1) return undefined;
  return { repository: locator.slice(0, at) || '.', revision: locator.slice(at + 1) };
}

/** A revision of a git repository, read through `git cat-file --batch`: without a checkout, and only what is wanted. */
export const git = defineSource({
  kind: 'git',
  accepts(locator) {
    const parts = parseGitLocator(locator);
    if (!parts || existsSync(locator)) return false;
    return statSync(parts.repository, { throwIfNoEntry: false })?.isDirectory() ?? false;
  },
  async open(locator, options) {
    const { repository, revision } = parseGitLocator(locator) ?? { repository: locator, revision: 'HEAD' };
    const opened = GitRepository.open(repository);
    try {
      const [commit] = opened.objects.commits([opened.commitOf(revision)]);
      return opened.tree(commit as NonNullable<typeof commit>, revision, options);
    } catch (error) {
      throw withContext(revision, error);
    }
  },
});
