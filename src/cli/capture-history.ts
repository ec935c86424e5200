import { setFlagsFromString } from 'node:v8';
import { checkDocuments, writeDocuments } from '../ask/capture/revision-documents.ts';
import type { CaptureRequest } from '../ask/capture.ts';
import { settingsOf } from '../ask/capture.ts';
import { captureRange, captureTags } from '../ask/capture-revisions.ts';
import { ToolError } from '../errors.ts';
import { canonicalJson } from '../model/canonical.ts';
import type { CaptureDocument } from '../model/capture.ts';
import type { Io, OptionValues } from './command.ts';
import { spelled } from './spelled.ts';

/** What `capture` was asked of many revisions. */
export interface HistoryRequest {
  request: CaptureRequest;
  options: OptionValues;
  io: Io;
}

/** Captures many revisions; the exit code: 3 where some tag could not be captured. */
export async function captureHistory(locators: readonly string[], asked: HistoryRequest): Promise<number> {
  const { options, io, request } = asked;
  if (typeof options.update === 'string') return update(options.update, locators, asked);
  optimizeLess();
  const [locator = '.', other] = locators;
  if (other !== undefined) throw new ToolError('USAGE', `${other}: --tags and --range take one repository`);
  if (typeof options.range === 'string') {
    const firstParent = options.firstParent === true;
    const documents = await captureRange(locator, options.range, { ...request, firstParent });
    deliver(documents, options, io);
    io.note(`luo-abi: ${options.range}: ${documents.length} states`);
    return 0;
  }
  const { documents, refused, distinct } = await captureTags(locator, String(options.tags), request);
  deliver(documents, options, io);
  for (const { revision, error } of refused)
    io.note(`luo-abi: ${revision}: ${error.code}: ${spelled(error.message)}`);
  io.note(`luo-abi: ${documents.length} tags, ${distinct} of them distinct`);
  return refused.length > 0 ? 3 : 0;
}

/**
 * Captures run through much code a few times. Optimizing all of it in the background takes more than it gives where there
 * are but two cores: a function must run four times as long as usual before V8 does that. Called behind the imports: compiled
 * code that lies beside the program is taken under V8's own flags alone.
 */
function optimizeLess(): void {
  setFlagsFromString('--interrupt-budget=270000');
}

/** A file each in a folder, all of them or none, or an array. */
function deliver(documents: readonly CaptureDocument[], { output }: OptionValues, io: Io): void {
  if (typeof output === 'string') {
    writeDocuments(documents, output);
    return;
  }
  checkDocuments(documents);
  io.out(canonicalJson(documents));
}

/** Adds what a folder has no document of; 1 where that brings pairs that are read wrongly, else 0 or 3. */
async function update(
  folder: string,
  [locator]: readonly string[],
  { options, io, request }: HistoryRequest,
): Promise<number> {
  const from = typeof options.from === 'string' ? options.from : locator;
  if (from === undefined) throw new ToolError('USAGE', '--update: name the repository with --from');
  const { tags } = options;
  if (typeof tags !== 'string') throw new ToolError('USAGE', '--update: say which with --tags <glob>');
  const { isWorse, updateVersions } = await import('../ask/update-versions.ts');
  const { renderUpdate } = await import('../report/update-terminal.ts');
  optimizeLess();
  const updated = await updateVersions(folder, {
    ...{ note: request.note, progress: request.progress },
    ...{ from, tags, settings: settingsOf(request) },
  });
  for (const { revision, error } of updated.refused)
    io.note(`luo-abi: ${revision}: ${error.code}: ${spelled(error.message)}`);
  io.out(renderUpdate(updated));
  if (isWorse(updated)) return 1;
  return updated.refused.length > 0 ? 3 : 0;
}
