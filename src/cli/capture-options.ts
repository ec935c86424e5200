import type { CaptureRequest } from '../ask/capture.ts';
import { ToolError } from '../errors.ts';
import type { OptionDefinition, OptionValues } from './command.ts';
import { CATALOG_OPTION, COMPONENTS_OPTION } from './command.ts';
import { HISTORY_OPTIONS } from './history-options.ts';
import { textOf } from './options.ts';

export { isHistoryCapture } from './history-options.ts';

type SourceKind = NonNullable<CaptureRequest['source']>;

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

export const CAPTURE_OPTIONS: readonly OptionDefinition[] = [
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
];

/** What these options say of each capture. @throws ToolError USAGE */
export function requestOf(options: OptionValues): Omit<CaptureRequest, 'note' | 'progress'> {
  const { catalog, noCache } = options;
  return {
    release: textOf(options.release),
    config: textOf(options.config),
    source: options.source === undefined ? undefined : sourceOf(options),
    lender: typeof catalog === 'string' ? { path: catalog } : undefined,
    noCache: noCache === true,
  };
}

function sourceOf({ source }: OptionValues): SourceKind {
  const kind = SOURCE_KINDS.find((candidate) => candidate === source);
  if (kind) return kind;
  throw new ToolError('USAGE', `--source ${String(source)}: known kinds are ${SOURCE_KINDS.join(', ')}`);
}
