import { OUTCOMES } from '../ask/evidence/outcomes.ts';
import type { EvidencePlace } from '../ask/evidence/store.ts';
import type { EvidenceFields } from '../ask/evidence.ts';
import { askingOf } from './asking.ts';
import type { Io, OptionDefinition, OptionValues } from './command.ts';
import { CATALOG_OPTION, FORMAT_OPTION, PROFILE_OPTION, TARGET_OPTION } from './command.ts';
import { textOf } from './options.ts';

export const EVIDENCE_OPTIONS: readonly OptionDefinition[] = [
  PROFILE_OPTION,
  { ...TARGET_OPTION, summary: 'x86_64-4k, arm64-4k, arm64-16k or arm64-64k' },
  { flags: '--outcome <name>', summary: `what was seen: ${OUTCOMES.join(', ')}` },
  { flags: '--seen <text>', summary: 'the same in words' },
  { flags: '--condition <text>', summary: 'under which it was seen', repeatable: true },
  { flags: '--who <name>', summary: 'who tested, or settles' },
  { flags: '--date <day>', summary: 'YYYY-MM-DD or YYYY-MM' },
  { flags: '--how <text>', summary: 'on what: machines, or the emulator' },
  { flags: '--log <reference>', summary: 'where the log is' },
  {
    flags: '--outgoing-image <file>',
    summary: 'add: the image that was booted; the record counts for that build alone',
  },
  { flags: '--incoming-image <file>', summary: 'the same of the other side' },
  { flags: '--reason <text>', summary: 'settle: why the record does not count against the prediction' },
  { flags: '--into <dir>', summary: "the folder for documents (default: the user's own)" },
  { flags: '--release <name>', summary: 'list: records with this kernel on either side' },
  {
    flags: '--disagreeing',
    summary: 'list: only what contradicts its prediction; exit 1 if anything does',
  },
  FORMAT_OPTION,
  CATALOG_OPTION,
];

/** What the options say of a record. */
export function fieldsOf(options: OptionValues): EvidenceFields {
  const names = ['profile', 'target', 'outcome', 'seen', 'who', 'date', 'how', 'log'] as const;
  const given = names.flatMap((name) => {
    const value = options[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const conditions = Array.isArray(options.condition) ? { conditions: options.condition } : {};
  return { ...Object.fromEntries(given), ...conditions };
}

/** Where records are kept. */
export function placeOf({ catalog, into }: OptionValues, io: Io): EvidencePlace {
  const named = typeof catalog === 'string' ? { path: catalog } : {};
  return { ...named, ...askingOf(io), env: io.env, into: textOf(into) };
}
