import { isDeepStrictEqual } from 'node:util';
import { initParser } from '../cdecl/index.ts';
import { ToolError } from '../errors.ts';
import { sortKeys } from '../model/canonical.ts';
import type { CaptureDocument, CaptureFinding } from '../model/capture.ts';
import { CALLERS_ID, type ComponentState } from '../model/component-state.ts';
import type { OverlayDocument } from '../model/overlay.ts';
import { OVERLAY_SCHEMA, OVERLAY_SCHEMA_VERSION } from '../model/overlay.ts';
import type { ProvenanceFile } from '../model/provenance.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { TreeEvidence } from '../sources/index.ts';
import { openSource } from '../sources/index.ts';
import type { PatchSeries } from '../sources/patch-series.ts';
import type { CaptureOptions } from './capture.ts';
import { captureEvidence } from './from-source.ts';
import type { PatchedTree } from './patched.ts';
import { movedPaths, patchTree, spokenPaths, wantedOnly } from './patched.ts';
import { SOUGHT } from './sought.ts';
import { isWanted, wantedFolders } from './wanted.ts';

/** Longest part of a title that goes into a release's name. */
const SLUG_LIMIT = 48;

/** What a series makes of a base. */
export interface SeriesCapture {
  overlay: OverlayDocument;
  /** What the capture of the patched files noticed and that of the base did not. */
  findings: readonly CaptureFinding[];
  /** Sorted paths that the series changes and the base, which holds headers alone, has not. */
  passedOver: readonly string[];
}

/** `release` names the kernel that the series makes; without it the name is the base's and the series' title. */
export type SeriesOptions = CaptureOptions;

/** Captures a series on the files that a locator names. Errors as `capture` and `patchTree`, RELEASE_UNNAMED. */
export async function captureSeriesOnFiles(
  series: PatchSeries,
  locator: string,
  options: SeriesOptions = {},
): Promise<SeriesCapture> {
  const moved = new Set([...movedPaths(series), ...spokenPaths(series)]);
  const [evidence] = await Promise.all([
    openSource(locator, {
      wanted: (path) => isWanted(path) || moved.has(path),
      folders: [...wantedFolders(), ...moved],
      sought: SOUGHT,
      ...(options.source && { kind: options.source }),
    }),
    initParser(),
  ]);
  const tree = patchTree(evidence, series);
  const baseRelease = evidence.release ?? (options.release && parseReleaseName(options.release)?.base);
  const { release: named, ...rest } = options;
  const base = captureEvidence(wantedOnly(evidence), {
    ...rest,
    ...(baseRelease && { release: baseRelease }),
  });
  const release = named ?? releaseOf(base.release, series);
  const patched = captureEvidence(tree.evidence, { ...rest, release });
  return seriesCapture({ series, base, patched, tree });
}

/**
 * Captures a series on a kernel of which only the facts are known. Components that the series creates in new files are
 * read from those; all else stays as the base has it. Throws HUNK_FAILED where it changes a file that is not its own.
 */
export async function captureSeriesOnFacts(
  series: PatchSeries,
  base: CaptureDocument,
  options: SeriesOptions = {},
): Promise<SeriesCapture> {
  await initParser();
  const tree = patchTree(noFiles(base), series, { hasFiles: false });
  const release = options.release ?? releaseOf(base.release, series);
  const alone = captureEvidence(tree.evidence, { ...options, release });
  const components = { ...base.components };
  for (const [id, state] of Object.entries(alone.components)) {
    if (state.available !== 'no') components[id] = onFacts(base, id, state);
  }
  return seriesCapture({ series, base, patched: { ...uapiOn(base, alone), components }, tree });
}

/** Files that are not at hand are those that the series leaves alone. */
function uapiOn({ uapi }: CaptureDocument, alone: CaptureDocument): CaptureDocument {
  return { ...(uapi && { uapi }), ...alone };
}

function noFiles({ release }: CaptureDocument): TreeEvidence {
  return {
    kind: 'tree',
    name: release,
    release,
    read: () => undefined,
    digest: () => undefined,
    list: () => [],
  };
}

/** A component that the base has as well is spread over files that are not at hand: what it becomes is not known. */
function onFacts(base: CaptureDocument, id: string, state: ComponentState): ComponentState {
  const known = base.components[id];
  if (!known || known.available === 'no') return state;
  const reason = `the series adds to it, and the files of ${base.release} are not at hand`;
  return {
    ...known,
    available: 'unknown',
    reason,
    structs: {},
    constants: {},
    fdt: [],
    code: [],
    places: {},
  };
}

/** `7.3.4+pci-liveupdate-v9` */
function releaseOf(base: string, { title, version }: PatchSeries): string {
  const words = title
    .replace(/\.(?:patch|diff)$/, '')

    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['series'];
  let slug = (words[0] ?? 'series').slice(0, SLUG_LIMIT);
  for (const word of words.slice(1)) {
    if (slug.length + 1 + word.length > SLUG_LIMIT) break;
    slug += `-${word}`;
  }
  return `${base}+${slug}-v${version}`;
}

/** The overlay that makes `patched` of `base`: components whose facts differ, wherever in a file they stand. */
function seriesCapture({
  series,
  base,
  patched,
  tree,
}: {
  series: PatchSeries;
  base: CaptureDocument;
  patched: CaptureDocument;
  tree: PatchedTree;
}): SeriesCapture {
  const { release } = patched;
  if (release === base.release) {
    throw new ToolError(
      'USAGE',
      `\`release\` ${release}: is the name of the base itself; give the patched kernel another`,
    );
  }
  const differing = Object.entries(withoutCallers(base, patched)).filter(([id, state]) =>
    differs(base.components[id], state),
  );
  const removed = differing.flatMap(([id, state]) => (isGone(base.components[id], state) ? id : []));
  const components = differing.filter(([id]) => !removed.includes(id));
  const overlay: OverlayDocument = {
    $schema: OVERLAY_SCHEMA,
    schemaVersion: OVERLAY_SCHEMA_VERSION,
    release,
    base: base.release,
    vendor: parseReleaseName(release)?.vendor ?? release,
    ...(series.date !== undefined && { date: series.date }),
    origin: 'captured',
    provenance: {
      kind: 'patch',
      name: series.id ?? series.name,
      files: filesOf(tree),
      note: noteOf(series, base, tree),
    },
    components: sortKeys(Object.fromEntries(components)),
    ...(removed.length > 0 && { removed: removed.sort() }),
    ...(patched.uapi && { uapi: patched.uapi }),
  };
  const known = new Set(base.findings.map((finding) => JSON.stringify(finding)));
  const findings = patched.findings.filter((finding) => !known.has(JSON.stringify(finding)));
  return { overlay, findings, passedOver: tree.passedOver };
}

/** The patched kernel's components: where nobody is left whom no component covers, that is said of it. */
function withoutCallers(
  base: CaptureDocument,
  { components }: CaptureDocument,
): CaptureDocument['components'] {
  const known = base.components[CALLERS_ID];
  if (!known || components[CALLERS_ID]) return components;
  const { doubts: _doubts, ...rest } = known;
  return { ...components, [CALLERS_ID]: { ...rest, callers: [], places: {} } };
}

function differs(base: ComponentState | undefined, state: ComponentState): boolean {
  if (!base) return state.available !== 'no';
  return !isDeepStrictEqual({ ...base, places: {} }, { ...state, places: {} });
}

/** Whether a component that the base has is declared nowhere any more. */
function isGone(base: ComponentState | undefined, state: ComponentState): boolean {
  return base?.marker !== undefined && state.available === 'no' && state.marker === undefined;
}

function filesOf({ changed, evidence }: PatchedTree): ProvenanceFile[] {
  return changed.flatMap((path): ProvenanceFile[] => {
    const sha256 = evidence.digest(path);
    return sha256 === undefined ? [] : [{ path, sha256 }];
  });
}

function noteOf(series: PatchSeries, base: CaptureDocument, { passedOver }: PatchedTree): string {
  const { kind, name } = base.provenance;
  const ids = series.patches.map((patch) => patch.id ?? patch.name);
  const parts = [
    `v${series.version} of "${series.title}" on ${base.release} (${kind} ${name})`,
    `patches: ${ids.join(', ')}`,
    ...(passedOver.length > 0
      ? [`not in the base, which holds headers alone: ${passedOver.join(', ')}`]
      : []),
  ];
  return parts.join('; ');
}
