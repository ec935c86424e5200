import { openParseCache } from '../ask/files/parse-cache.ts';
import { readProfile as profileNamed } from '../ask/kernels/profiles.ts';
import type { CaptureOptions } from '../capture/capture.ts';
import { ToolError } from '../errors.ts';
import { readRange } from '../history/audit-range.ts';
import { blame } from '../history/blame.ts';
import { findFirstBad } from '../history/first-bad.ts';
import { RevisionSnapshots, Snapshots } from '../history/snapshots.ts';
import type { BlameOutput, FirstBadOutput } from '../model/history.ts';
import { parseGitLocator } from '../sources/git.ts';
import { GitRepository } from '../sources/git-repository.ts';
import type { Io, OptionValues } from './command.ts';
import { targetOf } from './options.ts';

/** Earlier runs of a built program left what they parsed. */
export function captureOptions(io: Io): CaptureOptions {
  const cache = openParseCache(io.env, import.meta.url);
  return cache ? { cache } : {};
}

/** The repository that --repo names; the current folder without it. */
export function folderOf({ repo }: OptionValues): string {
  return typeof repo === 'string' ? repo : '.';
}

async function openRevisions(folder: string, io: Io): Promise<RevisionSnapshots> {
  return new RevisionSnapshots(GitRepository.open(folder), await Snapshots.open(captureOptions(io)));
}

/** What changed a subject in a range, or in all that HEAD stands on. */
export async function blameOf(
  subject: string,
  text: string | undefined,
  options: OptionValues,
  io: Io,
): Promise<BlameOutput> {
  const located = text === undefined ? undefined : parseGitLocator(text);
  const snapshots = await openRevisions(located?.repository ?? folderOf(options), io);
  const range = located?.revision ?? text;
  if (range?.includes('..')) return blame(subject, readRange(range, snapshots), snapshots);
  const tip = snapshots.repository.commitOf(range ?? 'HEAD');
  return blame(subject, { text: range ?? 'HEAD', base: undefined, tip }, snapshots);
}

/** Where the answer of a pair turned. */
export async function firstBadOf(
  outgoing: string,
  incoming: string,
  options: OptionValues,
  io: Io,
): Promise<FirstBadOutput> {
  const [from, to] = [outgoing, incoming].map((text) => parseGitLocator(text));
  if (from && to && from.repository !== to.repository)
    throw new ToolError('USAGE', `${outgoing}, ${incoming}: give two revisions of one repository`);
  const folder = from?.repository ?? to?.repository ?? folderOf(options);
  const snapshots = await openRevisions(folder, io);
  const { profile } = options;
  const output = findFirstBad(
    {
      outgoing: from?.revision ?? outgoing,
      incoming: to?.revision ?? incoming,
      target: targetOf(options),
      ...(typeof profile === 'string' && { profile: profileNamed(profile) }),
    },
    snapshots,
  );
  const lacking = snapshots.unsearched.length;
  if (lacking > 0)
    io.note(`luo-abi: ${lacking} changed files are not in this clone: callers were not looked for in them`);
  return output;
}
