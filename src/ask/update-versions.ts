import { existsSync } from 'node:fs';
import type { CaptureOptions } from '../capture/capture.ts';
import { catalogInMemory, readVersions } from '../catalog/build.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Judging } from '../catalog/judging.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { ToolError } from '../errors.ts';
import type { CapturedRevisions } from '../history/capture-revisions.ts';
import type { MatrixInput } from '../matrix/matrix.ts';
import { computeMatrix, PairJudge } from '../matrix/matrix.ts';
import { VerdictTable } from '../matrix/verdict-table.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { MatrixPair } from '../model/outputs.ts';
import { PROFILES } from '../model/profile.ts';
import { TARGETS } from '../model/target.ts';
import { badness } from '../model/verdict-kind.ts';
import type { GitTag } from '../sources/git-repository.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { pause, working } from '../work.ts';

import type { Asking } from './asking.ts';

/** A pair of a profile whose answer is new, or another than before. */
export interface ChangedPair {
  profile: string;
  pair: MatrixPair;
  before: MatrixPair | undefined;
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
  /** Pairs of the classes that people follow, in every profile, worst first. */
  changed: ChangedPair[];
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
    const before = catalogInMemory(readVersions(folder));
    const snapshots = await openSnapshots(from, settings);
    const tags = snapshots.repository.tags(glob);
    if (tags.length === 0) throw new ToolError('REVISION_UNKNOWN', `${from}: no tag ${glob}`);
    const { added, refused } = newAmong(await tagsOf(unknownAmong(tags, before), snapshots), before);
    pause();
    writeDocuments(added, folder);
    if (added.length === 0) return { tags: tags.length, added, refused, changed: [] };
    const after = catalogInMemory(readVersions(folder));
    const changed = changedPairs(after.allKernels(), { before, judging: await judgingFrom(after) });
    return { tags: tags.length, added, refused, changed };
  });
}

/** Whether something is read wrongly now that was not known before. */
export function isWorse({ changed }: UpdatedVersions): boolean {
  return changed.some(({ pair, before }) => pair.verdict === 'misread' && before === undefined);
}

function unknownAmong(tags: readonly GitTag[], before: Catalog): GitTag[] {
  return tags.filter(({ name }) => !before.has(name.replace(/^v/, '')));
}

function newAmong({ documents, refused }: CapturedRevisions, before: Catalog) {
  return { added: documents.filter(({ release }) => !before.has(release)), refused };
}

/** Pairs of the classes that people follow, in every profile, worst first. Nothing is judged twice: what was there is still there. */
function changedPairs(
  kernels: readonly Kernel[],
  { before, judging }: { before: Catalog; judging: Judging },
): ChangedPair[] {
  const old = kernels.filter(({ release }) => before.has(release));
  // What holds others together would tell each of their changes a second time.
  const profiles = PROFILES.filter(({ kinds }) => kinds === undefined);
  const input = { ...judging, target: TARGETS[0], backward: true, allReleases: true };
  const table = new VerdictTable(kernels, profiles, input);
  const changed = profiles.flatMap((profile, at) => {
    const own = { ...input, profile };
    const judge = new PairJudge(kernels, own, { table, profile: at });
    const known = new Map(toldPairs({ ...own, kernels: old }, judge).map((pair) => [keyOf(pair), pair]));
    return toldPairs({ ...own, kernels }, judge).flatMap((pair): ChangedPair[] => {
      const was = known.get(keyOf(pair));
      const isSame = was?.verdict === pair.verdict && was.effect === pair.effect;
      return isSame ? [] : [{ profile: profile.name, pair, before: was }];
    });
  });
  return changed.sort(
    (a, b) => badness(a.pair.verdict, a.pair.effect) - badness(b.pair.verdict, b.pair.effect),
  );
}

function keyOf({ outgoing, incoming }: MatrixPair): string {
  return `${outgoing} ${incoming}`;
}

function toldPairs(input: MatrixInput, judge: PairJudge): MatrixPair[] {
  return computeMatrix(input, judge).pairs.filter(
    (pair) => pair.class.length > 0 && pair.verdict !== 'unsupported',
  );
}
