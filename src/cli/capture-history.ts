import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureOptions } from '../capture/capture.ts';
import { ToolError } from '../errors.ts';
import { captureRange, captureTags } from '../history/capture-revisions.ts';
import { RevisionSnapshots, Snapshots } from '../history/snapshots.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { validate } from '../schema/validate.ts';
import { GitRepository } from '../sources/git-repository.ts';
import type { Io, OptionValues } from './command.ts';
import { writeAtomically } from './formats.ts';

export interface HistoryRequest {
  settings: CaptureOptions;
  options: OptionValues;
  io: Io;
}

/** Captures many revisions; the exit code: 3 where some tag could not be captured. */
export async function captureHistory(
  locators: readonly string[],
  request: HistoryRequest,
): Promise<number> {
  const { options, io, settings } = request;
  if (typeof options.update === 'string') {
    const { updateVersions } = await import('./update-versions.ts');
    return updateVersions(locators, request);
  }
  const [locator = '.', other] = locators;
  if (other !== undefined) throw new ToolError('USAGE', `${other}: --tags and --range take one repository`);
  const snapshots = await openSnapshots(locator, settings);
  if (typeof options.range === 'string') {
    const firstParent = options.firstParent === true;
    const documents = captureRange(options.range, snapshots, { firstParent });
    deliverMany(documents, options, io);
    io.note(`luo-abi: ${options.range}: ${documents.length} states`);
    return 0;
  }
  const tags = snapshots.repository.tags(String(options.tags));
  if (tags.length === 0) throw new ToolError('REVISION_UNKNOWN', `${locator}: no tag ${String(options.tags)}`);
  const { documents, refused } = captureTags(tags, snapshots);
  deliverMany(documents, options, io);
  for (const { revision, error } of refused) io.note(`luo-abi: ${revision}: ${error.code}: ${error.message}`);
  io.note(`luo-abi: ${documents.length} tags, ${snapshots.distinct} of them distinct`);
  return refused.length > 0 ? 3 : 0;
}

/** A repository whose revisions are captured with some settings. @throws ToolError USAGE for settings of one kernel */
export async function openSnapshots(folder: string, settings: CaptureOptions): Promise<RevisionSnapshots> {
  if (settings.release !== undefined)
    throw new ToolError('USAGE', '--release names one kernel; tags have names of their own');
  const repository = GitRepository.open(folder);
  return new RevisionSnapshots(repository, await Snapshots.open(settings));
}

/** A file each in a folder, or an array. */
export function deliverMany(
  documents: readonly CaptureDocument[],
  { output }: OptionValues,
  io: Io,
): void {
  const texts = documents.map((document) => ({ document, text: canonicalJson(document) }));
  // Documents that share their components differ in names alone.
  const seen = new Set<object>();
  for (const { document } of texts) {
    if (!seen.has(document.components)) validate<CaptureDocument>('capture', document, document.release);
    seen.add(document.components);
  }
  if (typeof output !== 'string') {
    io.out(canonicalJson(documents));
    return;
  }
  const releases = documents.map(({ release }) => release);
  const twice = releases.find((release, index) => releases.indexOf(release) !== index);
  if (twice !== undefined) throw new ToolError('USAGE', `${output}: two revisions are ${twice}, and would be one file`);
  mkdirSync(output, { recursive: true });
  for (const { document, text } of texts) writeAtomically(join(output, `${document.release}.json`), text);
}
