import { existsSync } from 'node:fs';
import { catalogInMemory, readVersions } from '../catalog/build.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import { captureTags } from '../history/capture-revisions.ts';
import type { RevisionSnapshots } from '../history/snapshots.ts';
import type { MatrixInput } from '../matrix/matrix.ts';
import { computeMatrix, PairJudge } from '../matrix/matrix.ts';
import { VerdictTable } from '../matrix/verdict-table.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { MatrixPair } from '../model/outputs.ts';
import { PROFILES } from '../model/profile.ts';
import { TARGETS } from '../model/target.ts';
import { badness } from '../model/verdict-kind.ts';
import { verdictText } from '../report/style.ts';
import type { GitTag } from '../sources/git-repository.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Judging } from './judging.ts';
import { judgingFrom } from './judging.ts';
import type { HistoryRequest } from './revision-documents.ts';
import { deliverMany, openSnapshots } from './revision-documents.ts';

// `capture --update FOLDER --from REPO --tags GLOB`: what the repository has and the folder has not, and what that does
// to the matrix. Documents that are there stay as they are.

/** Pairs that are told one by one. */
const SHOWN = 40;

/** A pair of a profile whose answer is new, or another than before. */
interface ChangedPair {
  profile: string;
  pair: MatrixPair;
  before: MatrixPair | undefined;
}

/** Adds the tags that a folder has no document of; 1 where that brings pairs that are read wrongly, else 0 or 3. */
export async function updateVersions(
  locators: readonly string[],
  { settings, options, io }: HistoryRequest,
): Promise<number> {
  const folder = String(options.update);
  const repository = typeof options.from === 'string' ? options.from : locators[0];
  if (repository === undefined) throw new ToolError('USAGE', '--update: name the repository with --from');
  if (typeof options.tags !== 'string')
    throw new ToolError('USAGE', '--update: say which with --tags <glob>');
  if (!existsSync(folder)) throw new ToolError('FILE_UNREADABLE', `${folder}: no such folder`);
  const before = catalogInMemory(readVersions(folder));
  const snapshots = await openSnapshots(repository, settings);
  const tags = snapshots.repository.tags(options.tags);
  if (tags.length === 0) throw new ToolError('REVISION_UNKNOWN', `${repository}: no tag ${options.tags}`);
  const { added, refused } = captureNew(tags, { before, snapshots });
  deliverMany(added, { output: folder }, io);
  for (const { revision, error } of refused) io.note(`luo-abi: ${revision}: ${error.code}: ${error.message}`);
  io.out(`${added.length} of ${tags.length} tags are new${added.length > 0 ? `: ${namesOf(added)}` : ''}\n`);
  if (added.length === 0) return refused.length > 0 ? 3 : 0;
  const after = catalogInMemory(readVersions(folder));
  const changed = changedPairs(after.allKernels(), { before, judging: await judgingFrom(after) });
  for (const line of changeLines(changed)) io.out(`${line}\n`);
  const isWorse = changed.some(
    ({ pair, before: known }) => pair.verdict === 'misread' && known === undefined,
  );
  return isWorse ? 1 : refused.length > 0 ? 3 : 0;
}

function namesOf(documents: readonly CaptureDocument[]): string {
  return documents.map(({ release }) => release).join(', ');
}

function captureNew(
  tags: readonly GitTag[],
  { before, snapshots }: { before: Catalog; snapshots: RevisionSnapshots },
) {
  const isKnown = (release: string): boolean => before.has(release);
  const unknown = tags.filter(({ name }) => !isKnown(name.replace(/^v/, '')));
  const { documents, refused } = captureTags(unknown, snapshots);
  return { added: documents.filter(({ release }) => !isKnown(release)), refused };
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

function changeLines(changed: readonly ChangedPair[]): string[] {
  if (changed.length === 0) return ['the matrix is as it was'];
  const lines = changed.slice(0, SHOWN).map(({ profile, pair, before }) => {
    const { outgoing, incoming, verdict, effect, decidedBy } = pair;
    const was = before ? `was ${verdictText(before.verdict, before.effect)}` : 'new';
    const why = decidedBy ? `: ${decidedBy.component} ${decidedBy.rule} ${decidedBy.subject}` : '';
    return `${verdictText(verdict, effect)}  ${outgoing} -> ${incoming}  ${profile} (${was})${why}`;
  });
  const rest = changed.length - SHOWN;
  return rest > 0 ? [...lines, `and ${rest} more pairs; luo-abi matrix shows them`] : lines;
}
