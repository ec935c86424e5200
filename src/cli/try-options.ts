import { readProfile } from '../ask/kernels/profiles.ts';
import { readPayload } from '../ask/trials/request.ts';
import type { TryOptions } from '../ask/try.ts';
import { ToolError } from '../errors.ts';
import type { Io, OptionDefinition, OptionValues } from './command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  FORMAT_OPTION,
  PROFILE_OPTION,
  TARGET_OPTION,
} from './command.ts';
import { namedTarget, textOf } from './options.ts';

export const TRY_OPTIONS: readonly OptionDefinition[] = [
  { ...PROFILE_OPTION, summary: 'the state that is preserved: memory or memfd (default: memfd)' },
  {
    flags: '--payload <file>',
    summary: 'what is preserved, as JSON (default: what puts the prediction to the test)',
  },
  {
    flags: '--matrix <list>',
    summary: 'instead of two kernels: every ordered pair of those in a file, one a line',
  },
  { flags: '--jobs <n>', summary: '--matrix: trials at a time (default: 2)' },
  { flags: '--record', summary: 'add what was observed to the evidence; what is there is not tried again' },
  { flags: '--into <dir>', summary: "--record: the folder for documents (default: the user's own)" },
  { flags: '--who <name>', summary: '--record: who tested (default: luo-abi try)' },
  {
    flags: '--timeout <seconds>',
    summary: 'silence on the console after which a kernel hangs (default: 30)',
  },
  {
    flags: '--memory <mib>',
    summary: 'memory of the machine (default: 1024, 384 for the profile memory, more for large images)',
  },
  {
    flags: '--accel <name>',
    summary: 'kvm, tcg or auto (default: auto)',
    choices: ['auto', 'kvm', 'tcg'],
  },
  {
    flags: '--sources <dir>',
    summary:
      'where the trees and tarballs of releases are that have to be built (default: the current folder)',
  },
  {
    ...TARGET_OPTION,
    summary: 'what they are built for (default: this machine, 4 KiB pages); an image says it by itself',
  },
  { flags: '--append <parameters>', summary: 'further boot parameters of every kernel' },
  { flags: '--log <file>', summary: 'write the console there' },
  FORMAT_OPTION,
  COMPONENTS_OPTION,
  CATALOG_OPTION,
];

/** What these options say of each trial. @throws ToolError USAGE, PROFILE_UNKNOWN, DOCUMENT_INVALID */
export function trialOf(options: OptionValues, io: Io): Omit<TryOptions, 'catalog'> {
  const { payload, profile } = options;
  return {
    profile: readProfile(textOf(profile) ?? 'memfd'),
    ...settingsOf(options),
    payload: typeof payload === 'string' ? readPayload(payload) : undefined,
    record:
      options.record === true
        ? { into: textOf(options.into), who: textOf(options.who), env: io.env }
        : undefined,
    sources: textOf(options.sources),
    target: namedTarget(options),
    env: io.env,
  };
}

/** How each trial is made. @throws ToolError USAGE */
export function settingsOf(options: OptionValues) {
  return {
    timeout: numberOption(options, 'timeout', 1),
    memory: numberOption(options, 'memory', 128),
    accelerator: acceleratorOf(options),
    parameters: textOf(options.append),
  };
}

/** A number among the options. @throws ToolError USAGE */
export function numberOption(options: OptionValues, name: string, least: number): number | undefined {
  const text = options[name];
  if (typeof text !== 'string') return undefined;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  throw new ToolError('USAGE', `--${name} ${text}: give a whole number from ${least} on`);
}

function acceleratorOf({ accel }: OptionValues): 'kvm' | 'tcg' | undefined {
  if (accel === undefined || accel === 'auto') return undefined;
  if (accel === 'kvm' || accel === 'tcg') return accel;
  throw new ToolError('USAGE', `--accel ${String(accel)}: known are auto, kvm, tcg`);
}
