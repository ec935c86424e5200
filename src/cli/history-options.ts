import type { OptionDefinition, OptionValues } from './command.ts';

/** What `capture` takes for many revisions of a repository. */
export const HISTORY_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--tags <glob>', summary: 'LOCATOR is a git repository: capture every tag that matches' },
  {
    flags: '--range <range>',
    summary: 'LOCATOR is a git repository: capture the commits of A..B that change something',
  },
  {
    flags: '--first-parent',
    summary: 'with --range: only commits of the line itself, not of what was merged',
  },
  { flags: '--update <folder>', summary: 'add the tags of --from that the folder has no document of' },
  { flags: '--from <repo>', summary: 'with --update: the git repository' },
];

/** Whether the options ask for many revisions. */
export function isHistoryCapture({ tags, range, update }: OptionValues): boolean {
  return tags !== undefined || range !== undefined || update !== undefined;
}
