import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { working } from '../work.ts';
import type { CaptureRequest } from './capture.ts';
import { settingsOf } from './capture.ts';

/** The documents of the tags of a repository. */
export interface CapturedTags {
  documents: CaptureDocument[];
  /** Tags that are no kernel. */
  refused: { revision: string; error: ToolError }[];
  /** How many of them differ in more than names. */
  distinct: number;
}

/**
 * The document of every tag that matches; one that is no kernel is refused, and the rest goes on.
 *
 * @param repository the folder of a git repository
 * @param glob `v7.*`
 * @throws ToolError NOT_A_REPOSITORY, REVISION_UNKNOWN where no tag matches
 */
export function captureTags(
  repository: string,
  glob: string,
  request: CaptureRequest = {},
): Promise<CapturedTags> {
  return working(request, async () => {
    const { openSnapshots, tagsOf } = await import('./history/revisions.ts');
    const snapshots = await openSnapshots(repository, settingsOf(request));
    const tags = snapshots.repository.tags(glob);
    if (tags.length === 0) throw new ToolError('REVISION_UNKNOWN', `${repository}: no tag ${glob}`);
    const { documents, refused } = await tagsOf(tags, snapshots);
    return { documents, refused, distinct: snapshots.distinct };
  });
}

/**
 * The documents of the commits of a range that change something of what is captured.
 *
 * @param range `A..B`
 * @throws ToolError NOT_A_REPOSITORY, REVISION_UNKNOWN
 */
export function captureRange(
  repository: string,
  range: string,
  { firstParent = false, ...request }: CaptureRequest & { firstParent?: boolean } = {},
): Promise<CaptureDocument[]> {
  return working(request, async () => {
    const { openSnapshots, rangeOf } = await import('./history/revisions.ts');
    const snapshots = await openSnapshots(repository, settingsOf(request));
    return rangeOf(range, snapshots, { firstParent });
  });
}
