import { ToolError } from '../errors.ts';
import type { FirstBadOutput } from '../model/history.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { TARGETS } from '../model/target.ts';
import { working } from '../work.ts';
import type { HistoryOptions } from './history/options.ts';
import { profileFrom } from './kernels/profiles.ts';

export interface FirstBadOptions extends HistoryOptions {
  /** The name of a shipped profile, or your own (default: every component). */
  profile?: Profile | string | undefined;
  /** Default: `x86_64-4k`. */
  target?: Target;
}

/**
 * The commit between two revisions of one tree that made the pair unsafe, found over captures: what
 * `luo-abi first-bad --format json` prints.
 * @throws ToolError NOT_A_REPOSITORY, REVISION_UNKNOWN, PROFILE_UNKNOWN, USAGE for revisions of two repositories
 */
export function firstBad(
  outgoing: string,
  incoming: string,
  options: FirstBadOptions = {},
): Promise<FirstBadOutput> {
  return working(options, async () => {
    const { profile, target = TARGETS[0] } = options;
    const { findFirstBad, openRevisions, parseGitLocator } = await import('./history/revisions.ts');
    const [from, to] = [outgoing, incoming].map((text) => parseGitLocator(text));
    if (from && to && from.repository !== to.repository)
      throw new ToolError('USAGE', `${outgoing}, ${incoming}: give two revisions of one repository`);
    const folder = from?.repository ?? to?.repository ?? options.repo ?? '.';
    const snapshots = await openRevisions(folder, options);
    const output = await findFirstBad(
      {
        outgoing: from?.revision ?? outgoing,
        incoming: to?.revision ?? incoming,
        target,
        ...(profile !== undefined && { profile: profileFrom(profile) }),
      },
      snapshots,
    );
    const lacking = snapshots.unsearched.length;
    if (lacking > 0)
      options.note?.(`${lacking} changed files are not in this clone: callers were not looked for in them`);
    return output;
  });
}
