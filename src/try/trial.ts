import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
import type { PayloadDocument } from '../model/payload.ts';
import type { Observation } from '../model/try.ts';
import { readConsole } from './console.ts';
import type { Accelerator, BootResult } from './emulator.ts';
import { boot } from './emulator.ts';
import { guestProgram } from './guest-program.ts';
import { initramfs } from './initramfs.ts';
import type { Machine } from './machine.ts';
import type { Options } from './needs.ts';
import { missingOptions } from './needs.ts';
import { observe } from './outcome.ts';
import { payloadLines } from './payload-lines.ts';

/** A kernel to boot. */
export interface TrialKernel {
  name: string;
  image: Uint8Array;
  /** Its configuration, where it tells it. */
  options?: Options | undefined;
  /** See OutcomeQuestion. */
  writesSeals: boolean;
}

/** Some live updates in one machine, one after the other. */
export interface TrialRequest {
  kernels: readonly TrialKernel[];
  machine: Machine;
  payload: PayloadDocument;
  /** Parameters beside those that a trial needs. */
  parameters: string;
  /** MiB. */
  memory: number;
  accelerator: Accelerator;
  /** Seconds without a line on the console after which a kernel hangs. */
  timeout: number;
  /** Told once, where KVM did not do and the trial was made again without. */
  note(text: string): void;
  /** Each piece of the console as it comes. */
  onText?(text: string): void;
}

export interface TrialResult {
  /** One for each update. */
  observations: Observation[];
  accelerator: Accelerator;
  console: string;
}

/**
 * Boots the first kernel, and goes from each into the next with the payload preserved.
 * @throws ToolError as `boot`, DOCUMENT_INVALID for the payload
 */
export async function tryUpdates(request: TrialRequest): Promise<TrialResult> {
  const { kernels, payload } = request;
  const text = payloadLines(payload);
  const prevented = kernels.slice(1).map((_, step) => missingFor(request, step));
  if (prevented[0]) {
    const observations = prevented.map((missing) => missing ?? notReached());
    return { observations, accelerator: request.accelerator, console: '' };
  }
  const { result, accelerator } = await bootAny(request, text);
  const logs = readConsole(result.console, kernels.length - 1);
  const observations: Observation[] = [];
  for (const [step, { writesSeals }] of kernels.slice(0, -1).entries()) {
    const [outgoing, incoming] = [logs[step], logs[step + 1]];
    if (!outgoing || !incoming) throw new ToolError('INTERNAL', `no console of update ${step}`);
    const hasSessions = payload.sessions.length > 0;
    const seen = withHint(
      observe({ outgoing, incoming, end: result.end, hasSessions, writesSeals }),
      request,
      outgoing.guest.length === 0 ? step : undefined,
    );
    const isSilent = seen.outcome === 'corruption' && incoming.guest.length === 0 && seen.line === null;
    observations.push(isSilent ? await besideItself(seen, request, step + 1) : seen);
  }
  return { observations, accelerator, console: result.console };
}

/** What each kernel of a trial is booted with. */
export function commandLinesOf(request: TrialRequest): string[] {
  return request.kernels.map((_, hop) => commandLine(request, hop));
}

/** The SHA-256 of a payload as the guest reads it. @throws ToolError DOCUMENT_INVALID */
export function payloadDigest(payload: PayloadDocument): string {
  return createHash('sha256').update(payloadLines(payload)).digest('hex');
}

/** Where the next kernel boots: by itself a kernel would take twice of all that is reserved so far, regions included. */
const SCRATCH = 'kho_scratch=16M,96M,64M';

/**
 * What a boot without it waits for, or makes, in vain: 256 terminals of an old kind, grace periods one after the other, the
 * types of functions that BPF programs may call.
 */
const SPARED = 'pty.legacy_count=0 rcupdate.rcu_expedited=1 initcall_blacklist=kfunc_init';

function commandLine({ machine, payload, parameters }: TrialRequest, hop: number): string {
  const regions = payload.regions.map(({ name, size }) => `reserve_mem=${size}:4096:${name}`);
  const switches = ['kho=on', SCRATCH, `liveupdate=${payload.sessions.length > 0 ? 'on' : 'off'}`];
  const log = 'ignore_loglevel printk.devkmsg=on panic=-1';
  return [
    machine.console,
    machine.parameters,
    SPARED,
    log,
    ...switches,
    ...regions,
    parameters,
    `try.hop=${hop}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The update cannot be made with a kernel that was built without something. */
function missingFor({ kernels, machine, payload }: TrialRequest, step: number): Observation | undefined {
  const hasSessions = payload.sessions.length > 0;
  for (const side of [0, 1]) {
    const kernel = kernels[step + side];
    const missing = missingOptions(kernel?.options, { isOutgoing: side === 0, hasSessions }, machine);
    if (missing.length === 0) continue;
    const seen = `${kernel?.name} was built without ${missing.join(', ')}`;
    return { outcome: 'not-started', line: null, seen, missing, notes: [], lastLines: [] };
  }
  return undefined;
}

function notReached(): Observation {
  const seen = 'an update before this one was not made';
  return { outcome: 'not-started', line: null, seen, missing: [], notes: [], lastLines: [] };
}

/** KVM may open and not do: some hosts let nobody nest machines. */
async function bootAny(
  request: TrialRequest,
  payload: string,
): Promise<{ result: BootResult; accelerator: Accelerator }> {
  const { kernels, machine, accelerator } = request;
  const commandLines = commandLinesOf(request);
  const [first, ...later] = kernels.map(({ image }, hop) => ({
    image,
    commandLine: commandLines[hop] ?? '',
  }));
  if (!first) throw new ToolError('INTERNAL', 'a trial of no kernel');
  const files = { ...first, initramfs: initramfs(guestProgram(machine), payload, later) };
  const start = (how: Accelerator): Promise<BootResult> => boot({ ...request, ...files, accelerator: how });
  if (accelerator === 'tcg') return { result: await start('tcg'), accelerator };
  try {
    const result = await start('kvm');
    if (result.console !== '') return { result, accelerator };
    request.note(
      `KVM gave no line; tried again with TCG${result.complaint && `: ${result.complaint.trim()}`}`,
    );
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'EMULATOR_FAILED') throw error;
    request.note(`${error.message}; tried again with TCG`);
  }
  return { result: await start('tcg'), accelerator: 'tcg' };
}

/** A kernel that came to no program after an update may be one that never does: it is booted by itself. */
async function besideItself(seen: Observation, request: TrialRequest, at: number): Promise<Observation> {
  const kernel = request.kernels[at];
  if (!kernel) return seen;
  const { machine } = request;
  const result = await boot({
    ...request,
    accelerator: 'tcg',
    image: kernel.image,
    commandLine: commandLine(request, 0),
    initramfs: initramfs(guestProgram(machine), '', []),
  });
  const [log] = readConsole(result.console, 0);
  if (log && log.guest.length > 0)
    return { ...seen, notes: [...seen.notes, `${kernel.name} boots by itself`] };
  const lines = log?.lines ?? [];
  const words =
    lines.length === 0
      ? `${kernel.name} writes nothing on the console by itself either`
      : `nothing is seen of the first process of ${kernel.name} by itself either`;
  return withHint({ ...seen, outcome: 'not-started', seen: words, lastLines: lines.slice(-8) }, request, at);
}

/** Of a kernel that does not say what it was built with, and whose program nobody saw, the console may be missing. */
function withHint(
  seen: Observation,
  { kernels, machine }: TrialRequest,
  at: number | undefined,
): Observation {
  const kernel = at === undefined ? undefined : kernels[at];
  if (!kernel || kernel.options || seen.line !== null) return seen;
  const note = `${kernel.name} does not tell its configuration (CONFIG_IKCONFIG); without ${machine.consoleOption} nothing is seen of it`;
  return { ...seen, notes: [...seen.notes, note] };
}
