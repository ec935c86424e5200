import { ToolError } from '../../errors.ts';
import type { PayloadDocument } from '../../model/payload.ts';
import { PAYLOAD_SCHEMA_VERSION } from '../../model/payload.ts';
import type { Profile } from '../../model/profile.ts';
import { parseDocument, readTextFile } from '../../schema/validate.ts';
import { hasRegions, hasSessions } from '../../try/choose-payload.ts';
import type { Accelerator } from '../../try/emulator.ts';
import { fastestAccelerator } from '../../try/emulator.ts';
import type { Machine } from '../../try/machine.ts';

/** How each trial is made, where it is not as usual. */
export interface TrialOptions {
  /** Seconds of silence on the console after which a kernel hangs (default: 30). */
  timeout?: number | undefined;
  /** MiB of the machine (default: 1024, 384 for memory alone, and more for large images). */
  memory?: number | undefined;
  /** Default: the fastest that is there. */
  accelerator?: Accelerator | undefined;
  /** Further boot parameters of every kernel. */
  parameters?: string | undefined;
}

/** What is settled of each trial. */
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

/** As large as the images may be together, in MiB, for which the memory above is enough. */
const SMALL_IMAGES = 4;
/** How often a kernel that is gone into is in memory: archive, file, what kexec loads, unpacked. */
const COPIES = 8;

/** `carried`: bytes of the images that are gone into, which the first kernel has in its initramfs. */
export function trialSettings(
  options: TrialOptions,
  machine: Machine,
  profile: Profile,
  carried: number,
): TrialSettings {
  const large = Math.max(0, carried / 2 ** 20 - SMALL_IMAGES);
  const memory = (hasSessions(profile) ? SESSIONS_MEMORY : REGIONS_MEMORY) + Math.ceil(COPIES * large);
  return {
    timeout: options.timeout ?? DEFAULT_TIMEOUT,
    memory: options.memory ?? memory,
    accelerator: options.accelerator ?? fastestAccelerator(machine),
    parameters: options.parameters ?? '',
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

/** Further lines of a configuration, out of a file; none without one. @throws ToolError FILE_UNREADABLE */
export function readConfigLines(path: string | undefined): string {
  return path === undefined ? '' : readTextFile(path);
}

/** What is preserved, out of a file. @throws ToolError FILE_UNREADABLE, DOCUMENT_INVALID */
export function readPayload(path: string): PayloadDocument {
  const payload = parseDocument<PayloadDocument>('payload', readTextFile(path), path);
  if (payload.schemaVersion > PAYLOAD_SCHEMA_VERSION) {
    const message = `${path}: schemaVersion ${payload.schemaVersion} is newer than ${PAYLOAD_SCHEMA_VERSION}`;
    throw new ToolError('DOCUMENT_INVALID', message, { path });
  }
  if (payload.sessions.length + payload.regions.length > 0) return payload;
  throw new ToolError('DOCUMENT_INVALID', `${path}: no session and no region: nothing to preserve`, { path });
}
