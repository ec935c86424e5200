import { existsSync } from 'node:fs';
import type { Catalog } from '../catalog/catalog.ts';
import { releaseNamed } from '../catalog/release-named.ts';
import { unknownReleaseHint } from '../catalog/release-unknown.ts';
import { ToolError } from '../errors.ts';
import type { CaptureDocument } from '../model/capture.ts';
import { parseReleaseName } from '../model/release-name.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import type { Io } from './command.ts';

/** A kernel that a command was asked about, with its document. */
export interface ResolvedKernel {
  kernel: Kernel;
  document(): CaptureDocument;
  /** The kernel of which an overlay tells the difference. */
  standsOn?: string;
}

/**
 * Finds what RELEASE means: a release of the catalog, an abbreviation with one meaning, the path of a capture or
 * overlay document, or a locator that is captured on the fly.
 */
export async function resolveKernel(text: string, catalog: Catalog, io: Io): Promise<ResolvedKernel> {
  return resolveBeside(text, { catalog, io, others: new Map() });
}

/** What a name may stand for. */
export interface Beside {
  catalog: Catalog;
  io: Io;
  /** Documents that are known beside those of the catalog, by release: an overlay may stand on one of them. */
  others: ReadonlyMap<string, CaptureDocument>;
}

/** The same, with further documents at hand. */
export async function resolveBeside(text: string, { catalog, io, others }: Beside): Promise<ResolvedKernel> {
  const other = others.get(text);
  if (other) return resolvedAs(other);
  if (catalog.has(text)) return fromCatalog(text, catalog);
  const rows = catalog.kernels();
  const name = releaseNamed(text, rows);
  if (name !== undefined) return fromCatalog(name, catalog);
  if (existsSync(text) || isGitLocator(text) || isHostLocator(text))
    return fromPath(text, { catalog, io, others });
  throw new ToolError('RELEASE_UNKNOWN', `${text}: no such release or file${unknownReleaseHint(text, rows)}`);
}

/** `host`, `host:ROOT`: the kernel that runs. */
function isHostLocator(text: string): boolean {
  return /^host(?::.+)?$/.test(text);
}

/** `REPO#REV`, where a path may hold a `#` itself: whether that is a repository is for the source to say. */
function isGitLocator(text: string): boolean {
  return [...text.matchAll(/#/g)].some(({ index }) => existsSync(text.slice(0, index) || '.'));
}

function fromCatalog(release: string, catalog: Catalog): ResolvedKernel {
  const kernel = catalog.kernel(release);
  if (!kernel) throw new ToolError('RELEASE_UNKNOWN', `${release}: no such release`);
  return { kernel, document: () => catalog.document(release) as CaptureDocument };
}

async function fromPath(path: string, { catalog, io, others }: Beside): Promise<ResolvedKernel> {
  if (!path.endsWith('.json')) return resolvedAs(await captureNow(path, catalog, io));
  const { readKernelFile } = await import('../catalog/build.ts');
  const read = readKernelFile(path);
  if ('capture' in read) return resolvedAs(read.capture);
  const { resolveOverlays } = await import('../catalog/overlay.ts');
  const [document] = resolveOverlays(
    [read.overlay],
    (release) => others.get(release) ?? catalog.document(release),
  );
  return { ...resolvedAs(document as CaptureDocument), standsOn: read.overlay.base };
}

function resolvedAs(document: CaptureDocument): ResolvedKernel {
  return { kernel: kernelOf(document), document: () => document };
}

async function captureNow(path: string, catalog: Catalog, io: Io): Promise<CaptureDocument> {
  const { capture } = await import('../capture/capture.ts');
  io.note(`luo-abi: capturing ${path}`);
  return withCommit(await capture(path, { lend: (release) => catalog.document(release) }), path);
}

/** A commit that is not the release itself bears its own name: else two of one tree could not be told apart. */
function withCommit(document: CaptureDocument, locator: string): CaptureDocument {
  const { release, provenance } = document;
  const [, commit] = (provenance.kind === 'git' && / \(([0-9a-f]+)\)$/.exec(provenance.name)) || [];
  const name = `${release}+g${commit}`;
  const parsed = parseReleaseName(name);
  if (commit === undefined || locator.endsWith(`#v${release}`) || !parsed) return document;
  return { ...document, release: name, vendor: parsed.vendor };
}
