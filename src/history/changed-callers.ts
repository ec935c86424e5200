import { SOUGHT } from '../capture/sought.ts';
import type { ChangedFile } from '../sources/git-changed.ts';
import type { GitRepository } from '../sources/git-repository.ts';
import type { SpokenFiles } from '../sources/git-speaking.ts';
import { callersBeside } from './callers-beside.ts';

/** What the files that some commits change show of callers. */
export interface ChangedCallers {
  /** Files that are one before or after some of the commits, and headers of such with the files that include them. */
  paths: readonly string[];
  /** Files that may be one, of which this clone lacks the content, before or after some commit. */
  missing: readonly string[];
}

/** Looks at the changed files of commits, and for those that include changed headers at a commit that has them. */
export function changedCallers(
  changes: readonly { files: readonly ChangedFile[] }[],
  spoken: SpokenFiles,
  { repository, commit }: { repository: GitRepository; commit: string },
): ChangedCallers {
  const candidates = changes.flatMap(({ files }) => files.filter(({ path }) => SOUGHT.mayBe(path)));
  spoken.load(candidates.flatMap(contentsOf));
  const paths = new Set<string>();
  const missing = new Set<string>();
  for (const file of candidates) {
    const answers = contentsOf(file).map((content) => spoken.speaks(content));
    if (answers.includes(undefined)) missing.add(file.path);
    if (answers.includes(true)) paths.add(file.path);
  }
  const changed = new Set(candidates.map(({ path }) => path));
  const beside = callersBeside(changed, commit, repository);
  for (const path of [...beside.callers, ...beside.headers]) paths.add(path);
  for (const path of beside.missing) missing.add(path);
  return { paths: [...paths].sort(), missing: [...missing].sort() };
}

function contentsOf({ before, after }: ChangedFile): string[] {
  return after === undefined ? [...before] : [...before, after];
}
