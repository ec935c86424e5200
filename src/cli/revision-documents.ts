import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureOptions } from '../capture/capture.ts';
import { ToolError } from '../errors.ts';
import { RevisionSnapshots, Snapshots } from '../history/snapshots.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { validate } from '../schema/validate.ts';
import { GitRepository } from '../sources/git-repository.ts';
import type { Io, OptionValues } from './command.ts';
import { writeAtomically } from './formats.ts';

/** What a command that captures many revisions was asked. */
export interface HistoryRequest {
  settings: CaptureOptions;
  options: OptionValues;
  io: Io;
}

/** A repository whose revisions are captured with some settings. @throws ToolError USAGE for settings of one kernel */
export async function openSnapshots(folder: string, settings: CaptureOptions): Promise<RevisionSnapshots> {
  if (settings.release !== undefined)
    throw new ToolError('USAGE', '--release names one kernel; tags have names of their own');
  const repository = GitRepository.open(folder);
  return new RevisionSnapshots(repository, await Snapshots.open(settings));
}

/** A file each in a folder, or an array. */
export function deliverMany(documents: readonly CaptureDocument[], { output }: OptionValues, io: Io): void {
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
  if (twice !== undefined)
    throw new ToolError('USAGE', `${output}: two revisions are ${twice}, and would be one file`);
  mkdirSync(output, { recursive: true });
  for (const { document, text } of texts) writeAtomically(join(output, `${document.release}.json`), text);
}
