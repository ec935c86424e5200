import { setFlagsFromString } from 'node:v8';
import { ToolError } from '../errors.ts';
import { captureRange, captureTags } from '../history/capture-revisions.ts';
import type { HistoryRequest } from './revision-documents.ts';
import { deliverMany, openSnapshots } from './revision-documents.ts';

// Captures run through much code a few times. Optimizing all of it in the background takes more than it gives where there
// are but two cores: a function must run four times as long as usual before V8 does that.
setFlagsFromString('--interrupt-budget=270000');

/** Captures many revisions; the exit code: 3 where some tag could not be captured. */
export async function captureHistory(locators: readonly string[], request: HistoryRequest): Promise<number> {
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
  if (tags.length === 0)
    throw new ToolError('REVISION_UNKNOWN', `${locator}: no tag ${String(options.tags)}`);
  const { documents, refused } = captureTags(tags, snapshots);
  deliverMany(documents, options, io);
  for (const { revision, error } of refused) io.note(`luo-abi: ${revision}: ${error.code}: ${error.message}`);
  io.note(`luo-abi: ${documents.length} tags, ${snapshots.distinct} of them distinct`);
  return refused.length > 0 ? 3 : 0;
}
