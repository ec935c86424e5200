import type { ShowProgress } from '../ask/asking.ts';
import { PROFILES } from '../model/profile.ts';
import { TARGETS } from '../model/target.ts';
import { VERDICTS } from '../model/verdict-kind.ts';
import type { RenderOptions } from '../report/style.ts';

/** What a command may touch of the process. */
export interface Io {
  out(text: string): void;
  /** The same of a long text, in pieces that are made as they are written; absent where they are printed by `out`. */
  stream?(chunks: Iterable<string>): Promise<void>;
  /** Progress and notes. */
  note(text: string): void;
  /** Shows how far a long task has come; absent where nobody looks. */
  progress?: ShowProgress;
  /** Settles when the user asks the program to end; absent where nobody can. */
  untilStopped?(): Promise<void>;
  /** How this program is run again: node, its options, the file. */
  program?: readonly string[];
  /** Every command, for those that tell of the others. */
  commands?: readonly CommandEntry[];
  env: Readonly<Record<string, string | undefined>>;
  render: RenderOptions;
}

export interface OptionDefinition {
  /** `--target <name>`, `-o, --output <file>`, `--both`. */
  flags: string;
  summary: string;
  /** May be given several times. */
  repeatable?: true;
  /** The values that it takes, where they are few; for completion. */
  choices?: readonly string[];
}

export type OptionValues = Readonly<Record<string, boolean | string | string[] | undefined>>;

export interface CommandDefinition {
  /** `check <outgoing> <incoming>`, `catalog <action> [operands...]`. */
  usage: string;
  summary: string;
  example: string;
  options: readonly OptionDefinition[];
  /** Returns the exit code. */
  run(args: string[], options: OptionValues, io: Io): Promise<number>;
}

/** A command in the registry; its module is loaded when it is needed. */
export interface CommandEntry {
  name: string;
  summary: string;
  load(): Promise<{ command: CommandDefinition }>;
}

/** Fixes the type of a command. */
export function defineCommand(command: CommandDefinition): CommandDefinition {
  return command;
}

export const CATALOG_OPTION: OptionDefinition = {
  flags: '--catalog <file>',
  summary: 'the catalog to use (default: one built from the documents that ship with luo-abi)',
};

export const COMPONENTS_OPTION: OptionDefinition = {
  flags: '--components <folder>',
  summary: 'components of your own, a YAML or JSON file each (schemas/component.md), beside those of luo-abi',
};

export const TARGET_OPTION: OptionDefinition = {
  flags: '--target <name>',
  summary: 'x86_64-4k, arm64-4k, arm64-16k or arm64-64k (default: x86_64-4k)',
  choices: TARGETS,
};

export const PROFILE_OPTION: OptionDefinition = {
  flags: '--profile <name>',
  summary:
    'the state that matters: carried (all that the outgoing kernel can preserve), memory, memfd, pci or vm (default: carried)',
  choices: PROFILES.map(({ name }) => name),
};

export const FORMAT_OPTION: OptionDefinition = {
  flags: '--format <name[=file]>',
  summary: 'terminal or json; NAME=FILE writes a file; may be repeated',
  repeatable: true,
  choices: ['terminal', 'json'],
};

export const FAIL_ON_OPTION: OptionDefinition = {
  flags: '--fail-on <verdict>',
  summary:
    'exit 1 from this verdict on, and (check, preflight) where anything that the state rests on is misread: misread, refused, unknown, unsupported, compatible-with-notes, never (default: unsupported)',
  choices: [...VERDICTS.filter((verdict) => verdict !== 'compatible'), 'never'],
};
