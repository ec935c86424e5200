import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaptureOptions } from '../../capture/capture.ts';
import { makeFolder } from '../../catalog/make-folder.ts';
import { ToolError } from '../../errors.ts';
import { RevisionSnapshots, Snapshots } from '../../history/snapshots.ts';
import { canonicalJson } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import { validate } from '../../schema/validate.ts';
import { GitRepository } from '../../sources/git-repository.ts';

/** A repository whose revisions are captured with some settings. @throws ToolError USAGE for settings of one kernel */
export async function openSnapshots(folder: string, settings: CaptureOptions): Promise<RevisionSnapshots> {
  if (settings.release !== undefined)
    throw new ToolError('USAGE', '`release` names one kernel; tags have names of their own');
  const repository = GitRepository.open(folder);
  return new RevisionSnapshots(repository, await Snapshots.open(settings));
}

/** Writes a file each into a folder, all of them or none. @throws ToolError FILE_UNWRITABLE, USAGE for two of one name */
export function writeDocuments(documents: readonly CaptureDocument[], folder: string): void {
  const texts = new DocumentTexts();
  const parts = documents.map((document) => texts.partsOf(document));
  const releases = documents.map(({ release }) => release);
  const names = new Set(releases);
  const twice = releases.find((release) => !names.delete(release));
  if (twice !== undefined)
    throw new ToolError('USAGE', `${folder}: two revisions are ${twice}, and would be one file`);
  writeFolder(
    folder,
    documents.map(({ release }, index) => ({ name: `${release}.json`, parts: parts[index] ?? [] })),
  );
}

/** Checks documents that are not written. @throws ToolError DOCUMENT_INVALID */
export function checkDocuments(documents: readonly CaptureDocument[]): void {
  const texts = new DocumentTexts();
  for (const document of documents) texts.partsOf(document);
}

/** The texts of documents that share most of what they say: only what names the kernel is written anew for each. */
export class DocumentTexts {
  readonly #bodies = new Map<object, { findings: object; body: Buffer }>();
  readonly #seen = new Set<object>();

  /** What `canonicalJson` makes of a document, in parts. @throws ToolError DOCUMENT_INVALID */
  partsOf(document: CaptureDocument): Buffer[] {
    const { components, findings, provenance } = document;
    const known = this.#bodies.get(components);
    const isKnown = known?.findings === findings;
    // What was checked once with the same components and files differs in names alone.
    if (!isKnown || !this.#seen.has(provenance.files))
      validate<CaptureDocument>('capture', document, document.release);
    this.#seen.add(provenance.files);
    const [head, rest] = halves(document);
    const body = isKnown ? known.body : Buffer.from(`,\n${canonicalJson(rest).slice('{\n'.length)}`);
    if (!isKnown) this.#bodies.set(components, { findings, body });
    return [Buffer.from(canonicalJson(head).slice(0, -'\n}\n'.length)), body];
  }
}

/** What is up to the provenance, and what is behind it. */
function halves(document: CaptureDocument): [head: object, rest: object] {
  const entries = Object.entries(document);
  const at = entries.findIndex(([key]) => key === 'provenance') + 1;
  return [Object.fromEntries(entries.slice(0, at)), Object.fromEntries(entries.slice(at))];
}

/** Writes files beside where they belong, and moves them there when all of them are whole. */
function writeFolder(folder: string, files: readonly { name: string; parts: readonly Buffer[] }[]): void {
  const isNew = !existsSync(folder);
  const partial = isNew
    ? `${folder.replace(/\/+$/, '')}.${randomUUID()}.partial`
    : join(folder, `.${randomUUID()}.partial`);
  try {
    makeFolder(partial);
    for (const { name, parts } of files) writeParts(join(partial, name), parts);
    if (isNew) {
      renameSync(partial, folder);
      return;
    }
    for (const { name } of files) renameSync(join(partial, name), join(folder, name));
    rmdirSync(partial);
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial, { recursive: true });
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNWRITABLE', `${folder}: cannot be written (${reason})`, {
      path: folder,
      cause,
    });
  }
}

/** Writes a new file without joining its parts first: of many files they are mostly the same. */
function writeParts(path: string, parts: readonly Buffer[]): void {
  const file = openSync(path, 'wx');
  try {
    for (const part of parts) writeFileSync(file, part);
  } finally {
    closeSync(file);
  }
}
