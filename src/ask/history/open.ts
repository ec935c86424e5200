import type { CaptureOptions } from '../../capture/capture.ts';
import { RevisionSnapshots, Snapshots } from '../../history/snapshots.ts';
import { GitRepository } from '../../sources/git-repository.ts';
import { openParseCache } from '../files/parse-cache.ts';
import type { HistoryOptions } from './options.ts';

/** Earlier runs of a built program left what they parsed. */
export function captureOptions({ env = {} }: HistoryOptions): CaptureOptions {
  const cache = openParseCache(env, import.meta.url);
  return cache ? { cache } : {};
}

/** The revisions of a repository. @throws ToolError NOT_A_REPOSITORY */
export async function openRevisions(folder: string, options: HistoryOptions): Promise<RevisionSnapshots> {
  return new RevisionSnapshots(GitRepository.open(folder), await Snapshots.open(captureOptions(options)));
}
