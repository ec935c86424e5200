import { existsSync } from 'node:fs';
import type { Catalog } from '../../catalog/catalog.ts';
import { releaseNamed } from '../../catalog/release-named.ts';
import { unknownReleaseHint } from '../../catalog/release-unknown.ts';
import { ToolError } from '../../errors.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { OverlayDocument } from '../../model/overlay.ts';
import { isOverlay } from '../../model/overlay.ts';
import { parseReleaseName } from '../../model/release-name.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { kernelOf } from '../../verdict/kernel.ts';
import type { Asking } from '../asking.ts';
import { showReading } from '../files/reading.ts';

/**
 * What names a kernel on a command line: a release of the catalog or an abbreviation of one; else what is read here and now: a
 * file with a document, a tree, a tarball, a package, an image, `REPO#REV`, `host`.
 */
export interface KernelLocator {
  locator: string;
}

/**
 * A kernel: a release of the catalog or an abbreviation of one (`6.18` is the newest upstream kernel of its series that is
 * known), a capture document, an overlay on a kernel of the catalog, or what leads to one of them. Of text alone no file is
 * read: what comes from elsewhere can be given as it is.
 */
export type KernelInput = CaptureDocument | KernelLocator | OverlayDocument | string;

/** A kernel that a question is about, with its document. */
export interface ResolvedKernel {
  kernel: Kernel;
  document(): CaptureDocument;
  /** The kernel of which an overlay tells the difference. */
  standsOn?: string;
}

/** Where kernels are looked for. */
export interface Beside extends Asking {
  catalog: Catalog;
  /** Documents that are known beside those of the catalog, by release: an overlay may stand on one of them. */
  others?: ReadonlyMap<string, CaptureDocument>;
}

/**
 * Finds what a question means by a kernel; one that is in no catalog is captured.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, OVERLAY_BASE_UNKNOWN, DOCUMENT_INVALID, and as the sources
 */
export async function resolveKernel(input: KernelInput, beside: Beside): Promise<ResolvedKernel> {
  if (typeof input === 'string') return known(input, beside) ?? unknown(input, beside, 'release');
  if (!('locator' in input)) return fromDocument(input, beside);
  const { locator } = input;
  const found = known(locator, beside);
  if (found) return found;
  return isSource(locator) ? fromPath(locator, beside) : unknown(locator, beside, 'release or file');
}

/** The kernels alone, one after the other. */
export async function resolveKernels(inputs: readonly KernelInput[], beside: Beside): Promise<Kernel[]> {
  const kernels: Kernel[] = [];
  for (const input of inputs) kernels.push((await resolveKernel(input, beside)).kernel);
  return kernels;
}

/** Releases that the catalog does not know. */
export function strangersAmong(kernels: readonly Kernel[], catalog: Catalog): string[] {
  return kernels.map(({ release }) => release).filter((release) => !catalog.has(release));
}

function known(text: string, { catalog, others }: Beside): ResolvedKernel | undefined {
  const other = others?.get(text);
  if (other) return resolvedAs(other);
  if (catalog.has(text)) return fromCatalog(text, catalog);
  const name = releaseNamed(text, catalog.kernels());
  return name === undefined ? undefined : fromCatalog(name, catalog);
}

function unknown(text: string, { catalog }: Beside, what: string): never {
  throw new ToolError(
    'RELEASE_UNKNOWN',
    `${text}: no such ${what}${unknownReleaseHint(text, catalog.kernels())}`,
  );
}

function isSource(text: string): boolean {
  return existsSync(text) || isGitLocator(text) || isHostLocator(text);
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

async function fromPath(path: string, beside: Beside): Promise<ResolvedKernel> {
  if (!path.endsWith('.json')) return resolvedAs(await captureNow(path, beside));
  const { readKernelFile } = await import('../../catalog/read-content.ts');
  const read = readKernelFile(path);
  return fromDocument('capture' in read ? read.capture : read.overlay, beside);
}

async function fromDocument(
  input: CaptureDocument | OverlayDocument,
  { catalog, others }: Beside,
): Promise<ResolvedKernel> {
  if (!isOverlayDocument(input)) return resolvedAs(input);
  const { resolveOverlays } = await import('../../catalog/overlay.ts');
  const [document] = resolveOverlays([input], (release) => others?.get(release) ?? catalog.document(release));
  return { ...resolvedAs(document as CaptureDocument), standsOn: input.base };
}

function isOverlayDocument(input: CaptureDocument | OverlayDocument): input is OverlayDocument {
  return isOverlay(input);
}

function resolvedAs(document: CaptureDocument): ResolvedKernel {
  return { kernel: kernelOf(document), document: () => document };
}

async function captureNow(path: string, { catalog, note, progress }: Beside): Promise<CaptureDocument> {
  const { capture } = await import('../../capture/capture.ts');
  note?.(`capturing ${path}`);
  const lend = (release: string): CaptureDocument | undefined => catalog.document(release);
  return withCommit(await showReading(progress, () => capture(path, { lend })), path);
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
