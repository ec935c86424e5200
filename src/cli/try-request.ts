import { ToolError } from '../errors.ts';
import type { PayloadDocument } from '../model/payload.ts';
import { PAYLOAD_SCHEMA_VERSION } from '../model/payload.ts';
import type { Profile } from '../model/profile.ts';
import { parseDocument, readTextFile } from '../schema/validate.ts';
import { hasRegions, hasSessions } from '../try/choose-payload.ts';
import type { Accelerator } from '../try/emulator.ts';
import { fastestAccelerator } from '../try/emulator.ts';
import type { Machine } from '../try/machine.ts';
import type { OptionValues } from './command.ts';

/** What the options of `try` say of each trial. */
export interface TrialSettings {
  timeout: number;
  memory: number;
  accelerator: Accelerator;
  parameters: string;
}

const DEFAULT_TIMEOUT = 30;
/** MiB. The files of the largest payload that is chosen have half of it. */
const SESSIONS_MEMORY = 1024;
/** Without sessions; what is free is overwritten, so that less is faster. */
const REGIONS_MEMORY = 384;

/** @throws ToolError USAGE */
export function trialSettings(options: OptionValues, machine: Machine, profile: Profile): TrialSettings {
  const memory = hasSessions(profile) ? SESSIONS_MEMORY : REGIONS_MEMORY;
  return {
    timeout: numberOption(options, 'timeout', DEFAULT_TIMEOUT, 1),
    memory: numberOption(options, 'memory', memory, 128),
    accelerator: acceleratorOf(options, machine),
    parameters: typeof options.append === 'string' ? options.append : '',
  };
}

/** Only what a guest without devices can preserve can be tried. @throws ToolError USAGE */
export function checkTriable(profile: Profile): void {
  if (hasSessions(profile) || hasRegions(profile)) {
    const others = profile.required.filter((id) => !TRIED.includes(id));
    if (others.length === 0) return;
    throw new ToolError(
      'USAGE',
      `try: no trial preserves ${others.join(', ')}; memory and memfd can be tried`,
    );
  }
  throw new ToolError(
    'USAGE',
    `try: no trial preserves what ${profile.name} asks for; memory and memfd can be tried`,
  );
}

/** Components whose state a trial preserves. */
const TRIED: readonly string[] = [
  'kho',
  'luo',
  'luo-session',
  'memblock',
  'memfd',
  'reserve-mem',
  'kexec-metadata',
];

/** A number among the options. @throws ToolError USAGE */
export function numberOption(options: OptionValues, name: string, standard: number, least: number): number {
  const text = options[name];
  if (typeof text !== 'string') return standard;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least) return value;
  throw new ToolError('USAGE', `--${name} ${text}: give a whole number from ${least} on`);
}

function acceleratorOf({ accel }: OptionValues, machine: Machine): Accelerator {
  if (accel === undefined || accel === 'auto') return fastestAccelerator(machine);
  if (accel === 'kvm' || accel === 'tcg') return accel;
  throw new ToolError('USAGE', `--accel ${String(accel)}: known are auto, kvm, tcg`);
}

/** The payload that --payload names, if it does. @throws ToolError DOCUMENT_INVALID */
export function payloadOf({ payload: path }: OptionValues): PayloadDocument | undefined {
  if (typeof path !== 'string') return undefined;
  const payload = parseDocument<PayloadDocument>('payload', readTextFile(path), path);
  if (payload.schemaVersion > PAYLOAD_SCHEMA_VERSION) {
    const message = `${path}: schemaVersion ${payload.schemaVersion} is newer than ${PAYLOAD_SCHEMA_VERSION}`;
    throw new ToolError('DOCUMENT_INVALID', message, { path });
  }
  if (payload.sessions.length + payload.regions.length > 0) return payload;
  throw new ToolError('DOCUMENT_INVALID', `${path}: no session and no region: nothing to preserve`, { path });
}
