import { readFileSync } from 'node:fs';
import { ToolError } from '../../errors.ts';
import { readConfig } from '../../formats/kconfig.ts';
import { canonicalJson } from '../../model/canonical.ts';
import type { CaptureDocument } from '../../model/capture.ts';
import { validate } from '../../schema/validate.ts';
import type { SourceKind } from '../../sources/index.ts';
import type { Io, OptionValues } from '../command.ts';
import { defineCommand } from '../command.ts';
import { writeAtomically } from '../formats.ts';

const SOURCE_KINDS: readonly SourceKind[] = ['deb', 'tarball', 'tree'];

export const command = defineCommand({
  usage: 'capture <locator>',
  summary: "A kernel's capture document from a source tree, a release tarball or a Debian package.",
  example: 'luo-abi capture linux-7.1.13.tar.xz -o 7.1.13.json',
  options: [
    { flags: '--release <name>', summary: "the kernel's name, where the source does not say it" },
    { flags: '--config <file>', summary: "the build's configuration; without it, what can be built is told" },
    {
      flags: '--source <kind>',
      summary: `what the locator is: ${SOURCE_KINDS.join(', ')} (default: recognized)`,
    },
    { flags: '-o, --output <file>', summary: 'write the document here, whole or not at all' },
  ],
  async run([locator = ''], options, io) {
    const { capture } = await import('../../capture/capture.ts');
    const document = await capture(locator, {
      ...(typeof options.release === 'string' && { release: options.release }),
      ...(typeof options.config === 'string' && { config: configFrom(options.config) }),
      ...(options.source !== undefined && { source: sourceOf(options) }),
    });
    validate<CaptureDocument>('capture', document, document.release);
    const text = canonicalJson(document);
    if (typeof options.output === 'string') writeAtomically(options.output, text);
    else io.out(text);
    tell(document, io);
    return 0;
  },
});

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
  const what =
    kho?.available === 'no'
      ? 'this kernel has no KHO'
      : `${available.length} components: ${available.map(([id]) => id).join(', ')}`;
  io.note(`luo-abi: ${document.release}: ${what}`);
  for (const [id, { available: state, reason }] of states) {
    if (state === 'unknown') io.note(`luo-abi: ${id} is unknown: ${reason ?? 'no reason recorded'}`);
  }
  for (const { code, message, where } of document.findings) {
    io.note(`luo-abi: ${code}: ${message}${where === undefined ? '' : ` (${where})`}`);
  }
}
