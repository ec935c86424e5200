import { wantedFolders } from '../capture/wanted.ts';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { GitTag } from '../sources/git-repository.ts';
import { limitsOf, readRange, searchRanges } from './audit-range.ts';
import { CallerSearch } from './caller-search.ts';
import type { RevisionSnapshots } from './snapshots.ts';
import { walked } from './walk.ts';

/** Revisions whose trees are read in one go. */
const CHUNK = 1024;

/** Documents of revisions, and those that could not be captured. */
export interface CapturedRevisions {
  documents: CaptureDocument[];
  refused: { revision: string; error: ToolError }[];
}

/** The documents of tags, in the order given. A tag that is no kernel is refused, and the rest goes on. */
export async function captureTags(
  tags: readonly GitTag[],
  snapshots: RevisionSnapshots,
): Promise<CapturedRevisions> {
  snapshots.searchWith(new CallerSearch(snapshots.repository));
  const captured: CapturedTag[] = [];
  const refused: CapturedRevisions['refused'] = [];
  const preload = (chunk: readonly GitTag[]) => snapshots.preload(chunk.map(({ commit }) => commit));
  for await (const { name, commit } of walked('capturing tags', tags, { size: CHUNK, preload })) {
    try {
      captured.push({ name, document: snapshots.capture(commit, name) });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      refused.push({ revision: name, error });
    }
  }
  return { documents: withDistinctNames(captured), refused };
}

/** A tag's name, and what its commit says. */
interface CapturedTag {
  name: string;
  document: CaptureDocument;
}

/** `Ubuntu-6.8.0-31.31` and `-32.32` have one Makefile: what the tag says beside it tells them apart. */
function withDistinctNames(captured: readonly CapturedTag[]): CaptureDocument[] {
  const counts = new Map<string, number>();
  for (const { document } of captured) counts.set(document.release, (counts.get(document.release) ?? 0) + 1);
  return captured.map(({ name, document }) => {
    if ((counts.get(document.release) ?? 0) < 2 || `v${document.release}` === name) return document;
    return named(document, `${document.release}+${name.replace(/[^0-9A-Za-z._+~-]/g, '-')}`);
  });
}

/** The documents of the commits of a range at which what is handed over changes, its beginning first. */
export async function captureRange(
  text: string,
  snapshots: RevisionSnapshots,
  { firstParent }: { firstParent: boolean },
): Promise<CaptureDocument[]> {
  const range = readRange(text, snapshots);
  const { repository } = snapshots;
  const { changes: all, callers } = searchRanges([range], snapshots);
  const changes = firstParent
    ? repository.changes(limitsOf(range), [...wantedFolders(), ...callers], { firstParent })
    : all;
  snapshots.searchWith(new CallerSearch(repository));
  const oids = [...(range.base === undefined ? [] : [range.base]), ...changes.map(({ oid }) => oid)];
  const documents: CaptureDocument[] = [];
  const preload = (chunk: readonly string[]) => snapshots.preload(chunk);
  for await (const oid of walked('capturing commits', oids, { size: CHUNK, preload })) {
    const document = snapshots.capture(oid);
    if (documents.at(-1)?.components === document.components) continue;
    documents.push(named(document, `${document.release}+g${oid.slice(0, 12)}`));
  }
  return documents;
}

function named(document: CaptureDocument, release: string): CaptureDocument {
  return { ...document, release, vendor: parseReleaseName(release)?.vendor ?? document.vendor };
}
