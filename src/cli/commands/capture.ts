import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openParseCache } from '../../ask/files/parse-cache.ts';
import { writeAtomically } from '../../ask/files/write.ts';
import type { CaptureOptions } from '../../capture/capture.ts';
import type { CacheOptions } from '../../capture/parse-cache.ts';
import { makeFolder } from '../../catalog/make-folder.ts';
import { ToolError } from '../../errors.ts';
import { readConfig } from '../../formats/kconfig.ts';
import { canonicalJson } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import type { ComponentState } from '../../model/component-state.ts';
import { validate } from '../../schema/validate.ts';
import type { SourceKind } from '../../sources/index.ts';
import { captureLocators } from '../captured.ts';
import type { Io, OptionValues } from '../command.ts';
import { CATALOG_OPTION, COMPONENTS_OPTION, defineCommand } from '../command.ts';
import { HISTORY_OPTIONS, isHistoryCapture } from '../history-options.ts';
import { showReading } from '../progress.ts';
import { captureSeries } from '../series.ts';

/** What the cache holds under the hash of a document that its schema accepts. */
const VALID = 'valid\n';
const SOURCE_KINDS: readonly SourceKind[] = [
  'btf',
  'config',
  'deb',
  'git',
  'host',
  'image',
  'rpm',
  'symbols',
  'tarball',
  'tree',
];

export const command = defineCommand({
  usage: 'capture [locators...]',
  summary:
    "A kernel's capture document from its source or its build: a tree, a release tarball, a package, an image, BTF, a configuration. What is given of one kernel together becomes one document; several kernels become several. With --on, an overlay from a patch series.",
  example: 'luo-abi capture linux-7.1.13.tar.xz -o 7.1.13.json',
  options: [
    { flags: '--release <name>', summary: "the kernel's name, where the source does not say it" },
    { flags: '--config <file>', summary: "the build's configuration; without it, what can be built is told" },
    {
      flags: '--source <kind>',
      summary: `what the locator is: ${SOURCE_KINDS.join(', ')} (default: recognized)`,
    },
    {
      flags: '-o, --output <file>',
      summary:
        'write the document here, whole or not at all; for several locators a folder, <release>.json each',
    },
    {
      flags: '--on <locator>',
      summary:
        'the kernel that a patch series (an mbox or a folder of *.patch) applies to: a source, or a release of the catalog where the series creates new files alone',
    },
    ...HISTORY_OPTIONS,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
    { flags: '--no-cache', summary: 'parse everything, whatever earlier captures left in the cache' },
  ],
  async run(locators, options, io) {
    const cache = options.noCache === true ? undefined : openParseCache(io.env, import.meta.url);
    if (typeof options.on === 'string') {
      const settings = settingsFrom(options, cache);
      return captureSeries(locators, { ...settings, on: options.on, options, io });
    }
    if (isHistoryCapture(options)) {
      const { captureHistory } = await import('../capture-history.ts');
      return captureHistory(locators, { settings: settingsFrom(options, cache), options, io });
    }
    if (locators.length === 0) throw new ToolError('USAGE', 'capture: <locator> is missing');
    const documents = await showReading(io.progress, () =>
      captureLocators(locators, settingsFrom(options, cache), { options, io }),
    );
    const captured = documents.map((document) => ({ document, text: checkedText(document, cache) }));
    deliver(captured, options, io);
    for (const { document } of captured) tell(document, io);
    return 0;
  },
});

interface Captured {
  document: CaptureDocument;
  text: string;
}

function settingsFrom(options: OptionValues, cache: CacheOptions | undefined): CaptureOptions {
  return {
    ...(typeof options.release === 'string' && { release: options.release }),
    ...(typeof options.config === 'string' && { config: configFrom(options.config) }),
    ...(options.source !== undefined && { source: sourceOf(options) }),
    ...(cache && { cache }),
  };
}

/** The document's text. One that passed the schema before, to the byte, is not checked again. */
function checkedText(document: CaptureDocument, cache: CacheOptions | undefined): string {
  const text = canonicalJson(document);
  const name = cache && createHash('sha256').update(`${cache.program}\nvalid\n${text}`).digest('hex');
  if (name !== undefined && cache?.store?.read(name) === VALID) return text;
  validate<CaptureDocument>('capture', document, document.release);
  if (name !== undefined) cache?.store?.write(name, VALID);
  return text;
}

/** One document is printed or written as it is; several become an array, or a file each in a folder. */
function deliver(captured: readonly Captured[], { output }: OptionValues, io: Io): void {
  const [only] = captured;
  if (captured.length > 1 && typeof output === 'string') writeAll(captured, output);
  else if (captured.length > 1) io.out(canonicalJson(captured.map(({ document }) => document)));
  else if (only && typeof output === 'string') writeAtomically(output, only.text);
  else if (only) io.out(only.text);
}

function writeAll(captured: readonly Captured[], folder: string): void {
  const releases = captured.map(({ document }) => document.release);
  const twice = releases.find((release, index) => releases.indexOf(release) !== index);
  if (twice !== undefined)
    throw new ToolError('USAGE', `${folder}: two of the locators are ${twice}, and would be one file`);
  makeFolder(folder);
  for (const { document, text } of captured) writeAtomically(join(folder, `${document.release}.json`), text);
}

function sourceOf({ source }: OptionValues): SourceKind {
  const kind = SOURCE_KINDS.find((candidate) => candidate === source);
  if (kind) return kind;
  throw new ToolError('USAGE', `--source ${String(source)}: known kinds are ${SOURCE_KINDS.join(', ')}`);
}

function configFrom(path: string): ReadonlyMap<string, string> {
  try {
    return readConfig(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof ToolError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ToolError('FILE_UNREADABLE', `${path}: cannot be read (${reason})`, { path, cause });
  }
}

/** What the document says in one line, and what its readers must know. */
function tell(document: CaptureDocument, io: Io): void {
  const states = Object.entries(document.components);
  const available = states.filter(([, { available: state }]) => state === 'yes' || state === 'buildable');
  const kho = document.components.kho;
  const what = wordsOfKho(kho) ?? `${available.length} components: ${available.map(([id]) => id).join(', ')}`;
  io.note(`luo-abi: ${document.release}: ${what}`);
  // Where KHO itself is not there or not known, nor is what rests on it.
  const unknown = wordsOfKho(kho) === undefined ? states : [];
  for (const [id, { available: state, reason }] of unknown) {
    if (state === 'unknown') io.note(`luo-abi: ${id} is unknown: ${reason ?? 'no reason recorded'}`);
  }
  for (const { code, message, where } of document.findings) {
    io.note(`luo-abi: ${code}: ${message}${where === undefined ? '' : ` (${where})`}`);
  }
}

/** What there is to say where KHO is not there or not known: a build that has it off is a kernel that could have it. */
function wordsOfKho(kho: ComponentState | undefined): string | undefined {
  if (kho?.available === 'unknown') return `KHO is not known: ${kho.reason ?? 'no reason recorded'}`;
  if (kho?.available !== 'no') return undefined;
  const isOff = kho.options.some(({ value }) => value !== undefined && value !== 'y');
  return isOff ? `KHO is not built: ${kho.reason}` : 'this kernel has no KHO';
}
