import { existsSync } from 'node:fs';
import type { CaptureOptions } from '../capture/capture.ts';
import { judgingOf, kernelsOf } from '../catalog/content-kernels.ts';
import { documentsOf } from '../catalog/documents.ts';
import type { Judging } from '../catalog/judging.ts';
import { readVersions } from '../catalog/read-content.ts';
import { ToolError } from '../errors.ts';
import type { CapturedRevisions } from '../history/capture-revisions.ts';
import { PairJudge } from '../matrix/matrix.ts';
import { PAIR_CLASSES, PairClassifier, pairKey, seriesOrder } from '../matrix/pair-classes.ts';
import { VerdictTable } from '../matrix/verdict-table.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { MatrixPair, PairClass } from '../model/outputs.ts';
import { PROFILES } from '../model/profile.ts';
import { TARGETS } from '../model/target.ts';
import { badness } from '../model/verdict-kind.ts';
import type { GitTag } from '../sources/git-repository.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { pause, working } from '../work.ts';
import type { Asking } from './asking.ts';

/** A pair that was none before, under a profile. */
export interface NewPair {
  profile: string;
  pair: MatrixPair;
}

export interface UpdateOptions extends Asking {
  /** The git repository. */
  from: string;
  /** A glob of tags: `v7.*`. */
  tags: string;
  /** How each is captured. */
  settings?: CaptureOptions;
}

/** What was added to a folder of documents, and what that does to the matrix. */
export interface UpdatedVersions {
  /** How many tags matched. */
  tags: number;
  added: CaptureDocument[];
  /** Tags that are no kernel. */
  refused: { revision: string; error: ToolError }[];
  /** Pairs of the classes that people follow and that were none before, in every profile, worst first. */
  changed: NewPair[];
}

/**
 * Adds the tags of a repository that a folder has no document of. Documents that are there stay as they are.
 * @throws ToolError FILE_UNREADABLE, REVISION_UNKNOWN where no tag matches, NOT_A_REPOSITORY, FILE_UNWRITABLE
 */
export function updateVersions(folder: string, options: UpdateOptions): Promise<UpdatedVersions> {
  return working(options, async () => {
    const { from, tags: glob, settings = {} } = options;
    if (!existsSync(folder)) throw new ToolError('FILE_UNREADABLE', `${folder}: no such folder`);
    const { openSnapshots, tagsOf, writeDocuments } = await import('./history/revisions.ts');
    const content = readVersions(folder);
    const known = new Set([...content.documents, ...(content.overlays ?? [])].map(({ release }) => release));
    const snapshots = await openSnapshots(from, settings);
    const tags = snapshots.repository.tags(glob);
    if (tags.length === 0) throw new ToolError('REVISION_UNKNOWN', `${from}: no tag ${glob}`);
    const { added, refused } = newAmong(await tagsOf(unknownAmong(tags, known), snapshots), known);
    pause();
    writeDocuments(added, folder);
    if (added.length === 0) return { tags: tags.length, added, refused, changed: [] };
    const documents = documentsOf({ ...content, documents: [...content.documents, ...added] });
    const changed = newPairs(documents, { known, judging: judgingOf(content, documents) });
    return { tags: tags.length, added, refused, changed };
  });
}

/** Whether something is read wrongly now that was not known before. */
export function isWorse({ changed }: UpdatedVersions): boolean {
  return changed.some(({ pair }) => pair.verdict === 'misread');
}

function unknownAmong(tags: readonly GitTag[], known: ReadonlySet<string>): GitTag[] {
  return tags.filter(({ name }) => !known.has(name.replace(/^v/, '')));
}

function newAmong({ documents, refused }: CapturedRevisions, known: ReadonlySet<string>) {
  return { added: documents.filter(({ release }) => !known.has(release)), refused };
}

/** Pairs of the classes that people follow, in every profile, worst first, that were none among the kernels that were there. */
function newPairs(
  documents: readonly CaptureDocument[],
  { known, judging }: { known: ReadonlySet<string>; judging: Judging },
): NewPair[] {
  const releases = documents.map(({ release }) => release);
  const before = new Set(followedPairs(releases.filter((release) => known.has(release))).map(keyOf));
  const followed = followedPairs(releases).filter((pair) => !before.has(keyOf(pair)));
  const wanted = new Set(followed.flatMap(({ outgoing, incoming }) => [outgoing, incoming]));
  const kernels = kernelsOf(documents.filter(({ release }) => wanted.has(release)));
  const byRelease = new Map(kernels.map((kernel) => [kernel.release, kernel]));
  // What holds others together would tell each of their changes a second time.
  const profiles = PROFILES.filter(({ kinds }) => kinds === undefined);
  const input = { ...judging, target: TARGETS[0] };
  const table = new VerdictTable(kernels, profiles, input);
  const found = profiles.flatMap((profile, at) => {
    const judge = new PairJudge(kernels, { ...input, profile }, { table, profile: at });
    return followed.flatMap(({ outgoing, incoming, name }): NewPair[] => {
      const sides = [byRelease.get(outgoing) as Kernel, byRelease.get(incoming) as Kernel] as const;
      const answer = judge.judge(...sides);
      if (answer.verdict === 'unsupported') return [];
      return [{ profile: profile.name, pair: { outgoing, incoming, class: [name], ...answer } }];
    });
  });
  return found.sort(
    (a, b) => badness(a.pair.verdict, a.pair.effect) - badness(b.pair.verdict, b.pair.effect),
  );
}

interface FollowedPair {
  outgoing: string;
  incoming: string;
  name: PairClass;
}

/** The pairs of a class, there and back, of every release, by outgoing kernel, then incoming one. */
function followedPairs(releases: readonly string[]): FollowedPair[] {
  const options = { allReleases: true, backward: true };
  const classifier = new PairClassifier(releases, seriesOrder(releases), options);
  return releases.flatMap((outgoing, from) => {
    const partners = PAIR_CLASSES.flatMap((name) =>
      classifier.incomingOf(name, from).map((to) => ({ name, to })),
    );
    partners.sort((a, b) => a.to - b.to);
    return partners.map(({ name, to }) => ({ outgoing, incoming: releases[to] as string, name }));
  });
}

function keyOf({ outgoing, incoming }: FollowedPair): string {
  return pairKey(outgoing, incoming);
}
