import type { Judging } from '../../catalog/judging.ts';
import { ToolError } from '../../errors.ts';
import type { Agreement } from '../../model/evidence.ts';
import type { PairVerdict } from '../../model/finding.ts';
import type { PayloadDocument } from '../../model/payload.ts';
import type { Profile } from '../../model/profile.ts';
import type { Target } from '../../model/target.ts';
import type { Observation, TriedKernel, TriedPayload, TriedStep, TryOutput } from '../../model/try.ts';
import type { ChosenPayload } from '../../try/choose-payload.ts';
import { choosePayload, writesSeals } from '../../try/choose-payload.ts';
import { emulatorVersion } from '../../try/emulator.ts';
import type { Machine } from '../../try/machine.ts';
import { machineOf } from '../../try/machine.ts';
import type { TrialRequest } from '../../try/trial.ts';
import { commandLinesOf, payloadDigest, tryUpdates } from '../../try/trial.ts';
import { agreementWith } from '../../verdict/agreement.ts';
import type { Kernel } from '../../verdict/kernel.ts';
import { judgePair } from '../../verdict/pair.ts';
import { together } from '../../work.ts';
import type { Asking } from '../asking.ts';
import type { BootableKernel } from './bootable.ts';
import type { TrialSettings } from './request.ts';

/** What a trial of some kernels is asked. */
export interface TryQuestion extends Pick<Asking, 'note'> {
  kernels: readonly BootableKernel[];
  profile: Profile;
  settings: TrialSettings;
  /** Instead of the one that is chosen. */
  payload?: PayloadDocument | undefined;
  judging: Judging;
}

/** A trial before it is made: what is predicted, what will be preserved. */
export interface PreparedTrial {
  kernels: TriedKernel[];
  steps: PreparedStep[];
  target: Target;
  payload: TriedPayload;
  request: TrialRequest;
}

/** One update of a trial. */
export interface PreparedStep {
  outgoing: BootableKernel;
  incoming: BootableKernel;
  sides: { outgoing: Kernel; incoming: Kernel };
  pair: PairVerdict;
}

/** Judges each update, and chooses what is preserved. @throws ToolError USAGE, TARGET_UNKNOWN */
export function prepareTrial(question: TryQuestion): PreparedTrial {
  const { kernels, profile, settings, judging, note } = question;
  const target = commonTarget(kernels);
  const machine = machineOf(target);
  const steps = kernels.slice(1).map((incoming, step): PreparedStep => {
    const outgoing = kernels[step] as BootableKernel;
    const sides = { outgoing: outgoing.kernel, incoming: incoming.kernel };
    return { outgoing, incoming, sides, pair: judgePair({ ...judging, ...sides, profile, target }) };
  });
  const { payload, because } = choosePayloadOfAll(steps, question, target);
  const request: TrialRequest = {
    ...settings,
    kernels: kernels.map(({ name, image, options, kernel }) => {
      return { name, image, options, writesSeals: writesSeals(kernel, target) };
    }),
    machine,
    payload,
    note: (text) => note?.(text),
  };
  checkFits(payload, settings);
  const commandLines = commandLinesOf(request);
  const tried = kernels.map(({ name, uname, sha256, kernel: { release } }, hop): TriedKernel => {
    return { name, release, uname, sha256, commandLine: commandLines[hop] ?? '' };
  });
  const told = { ...sizeOf(payload), sha256: payloadDigest(payload), because };
  return { kernels: tried, steps, target, payload: told, request };
}

/** What came of a trial, with the console. */
export type TrialAnswer = TryOutput & { console: string };

/** Makes the updates, and holds what came of each against what was predicted. */
export async function runTrial(prepared: PreparedTrial, profile: Profile): Promise<TrialAnswer> {
  const { request, kernels, payload, target } = prepared;
  const [result, version] = await together([tryUpdates(request), versionOf(request.machine)]);
  const steps = prepared.steps.map(({ pair: { verdict, effect } }, step): TriedStep => {
    const observed = result.observations[step] as Observation;
    return {
      outgoing: kernels[step] as TriedKernel,
      incoming: kernels[step + 1] as TriedKernel,
      predicted: { verdict, effect },
      observed,
      agreement: agreementOf({ verdict, effect }, observed),
    };
  });
  return {
    profile: profile.name,
    target,
    steps,
    payload,
    emulator: {
      version,
      accelerator: result.accelerator,
      memory: `${request.memory} MiB`,
    },
    recorded: [],
    console: result.console,
  };
}

const versions = new Map<string, Promise<string>>();

function versionOf(machine: Machine): Promise<string> {
  const version = versions.get(machine.program) ?? emulatorVersion(machine);
  versions.set(machine.program, version);
  return version;
}

/** @throws ToolError USAGE */
function checkFits(payload: PayloadDocument, { memory }: TrialSettings): void {
  const regions = payload.regions.reduce((sum, { size }) => sum + size, 0);
  const needed = Math.ceil((sizeOf(payload).bytes + regions) / 2 ** 20);
  if (needed < memory) return;
  throw new ToolError(
    'USAGE',
    `a payload of ${needed} MiB in a machine of ${memory} MiB: give more with \`memory\``,
  );
}

/** One payload for all updates of a chain: of those that each would have, with the fewest files, which every kernel can hold. */
function choosePayloadOfAll(
  steps: readonly PreparedStep[],
  { profile, payload }: TryQuestion,
  target: Target,
): ChosenPayload {
  if (payload) return { payload, because: ['a payload that was given'] };
  const chosen = steps.map(({ sides, pair }) => choosePayload({ ...sides, pair, profile, target }));
  const sized = chosen.map((choice) => ({ choice, ...sizeOf(choice.payload) }));
  const smallest = sized.sort((one, other) => one.files - other.files || other.bytes - one.bytes)[0]?.choice;
  if (!smallest) throw new ToolError('USAGE', 'try: name at least two kernels');
  return chosen.length === 1
    ? smallest
    : { ...smallest, because: [...new Set(chosen.flatMap(({ because }) => because))] };
}

function sizeOf({
  sessions,
  regions,
}: PayloadDocument): Pick<TriedPayload, 'bytes' | 'files' | 'regions' | 'sessions'> {
  const files = sessions.flatMap((session) => session.files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { sessions: sessions.length, files: files.length, bytes, regions: regions.length };
}

function agreementOf(predicted: TriedStep['predicted'], { outcome }: Observation): Agreement {
  return outcome === 'not-started' ? 'untested' : agreementWith(predicted, { outcome });
}

/** The one target that all kernels are built for. @throws ToolError TARGET_UNKNOWN */
export function commonTarget(kernels: readonly BootableKernel[]): Target {
  const [first, ...others] = kernels;
  if (!first) throw new ToolError('USAGE', 'try: name at least two kernels');
  const other = others.find(({ target }) => target !== first.target);
  if (!other) return first.target;
  const message = `${first.name} is built for ${first.target}, and ${other.name} for ${other.target}: nothing is carried between them`;
  throw new ToolError('TARGET_UNKNOWN', message);
}
