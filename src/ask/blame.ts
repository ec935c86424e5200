import type { BlameOutput } from '../model/history.ts';
import { working } from '../work.ts';
import type { HistoryOptions } from './history/options.ts';

/**
 * The commits that changed a subject in a range, or in all that a revision stands on: what `luo-abi blame --format json` prints.
 *
 * @param subject a struct, STRUCT.member, constant or marker
 * @param text `A..B`, a revision, or `REPO#…` of another repository (default: HEAD)
 * @throws ToolError NOT_A_REPOSITORY, REVISION_UNKNOWN, and for a subject that nothing knows
 */
export function blame(
  subject: string,
  text: string | undefined,
  options: HistoryOptions = {},
): Promise<BlameOutput> {
  return working(options, async () => {
    const { blameIn, openRevisions, parseGitLocator, readRange } = await import('./history/revisions.ts');
    const located = text === undefined ? undefined : parseGitLocator(text);
    const snapshots = await openRevisions(located?.repository ?? options.repo ?? '.', options);
    const range = located?.revision ?? text;
    if (range?.includes('..')) return blameIn(subject, readRange(range, snapshots), snapshots);
    const tip = snapshots.repository.commitOf(range ?? 'HEAD');
    return blameIn(subject, { text: range ?? 'HEAD', base: undefined, tip }, snapshots);
  });
}
