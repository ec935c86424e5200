import type { CaptureOptions } from '../../capture/capture.ts';
import { RevisionSnapshots, Snapshots } from '../../history/snapshots.ts';
import { GitRepository } from '../../sources/git-repository.ts';
import type { Asking } from '../asking.ts';
import { openParseCache } from '../files/parse-cache.ts';
import type { Environment } from '../open-catalog.ts';

/** What questions about the revisions of a tree have in common. */
export interface HistoryOptions extends Asking {
  /** The folder of the git repository (default: the current one), where the revisions do not name another. */
  repo?: string | undefined;
  /** Where the folder is looked for in which captures keep what they parsed (default: below the home). */
  env?: Environment;
}

/** Earlier runs of a built program left what they parsed. */
export function captureOptions({ env = {} }: HistoryOptions): CaptureOptions {
  const cache = openParseCache(env, import.meta.url);
  return cache ? { cache } : {};
}

/** The revisions of a repository. @throws ToolError NOT_A_REPOSITORY */
export async function openRevisions(folder: string, options: HistoryOptions): Promise<RevisionSnapshots> {
  return new RevisionSnapshots(GitRepository.open(folder), await Snapshots.open(captureOptions(options)));
}
