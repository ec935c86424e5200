import { openKernelSource } from '../capture/open.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { ToolError } from '../errors.ts';
import { readBootHeader } from '../formats/boot-header.ts';
import type { Agreement } from '../model/evidence.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { PayloadDocument } from '../model/payload.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { Observation, TriedKernel, TriedPayload, TriedStep, TryOutput } from '../model/try.ts';
import type { ChosenPayload } from '../try/choose-payload.ts';
import { choosePayload, writesSeals } from '../try/choose-payload.ts';
import { emulatorVersion } from '../try/emulator.ts';
import { machineOf, targetOfImage } from '../try/machine.ts';
import type { Options } from '../try/needs.ts';
import { tryUpdates } from '../try/trial.ts';
import { agreementWith } from '../verdict/agreement.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import type { Io } from './command.ts';
import type { Judging } from './judging.ts';
import { prepareBuilds } from './preflight.ts';
import type { TrialSettings } from './try-request.ts';

/** A kernel that can be booted, with what is known of it. */
export interface BootableKernel {
  /** What was asked for. */
  name: string;
  image: Uint8Array;
  sha256: string;
  target: Target;
  options: Options | undefined;
  uname: string;
  /** As verdicts see it: what the image says, and what is known of the source of its release. */
  kernel: Kernel;
}

/**
 * Opens an image, or a package that holds one.
 * @throws ToolError NOT_A_KERNEL, IMAGE_UNKNOWN, and as the sources
 */
export async function openBootable(locator: string, catalog: Catalog): Promise<BootableKernel> {
  const evidence = await openKernelSource(locator, { keepImage: true });
  const { build } = evidence;
  const image = build?.image;
  if (!build || !image) throw new ToolError('IMAGE_UNKNOWN', `${locator}: holds no kernel image to boot`);
  const target = targetOfImage(build.machine, build.config?.values, locator);
  checkForm(image.bytes, target, locator);
  const { document } = await prepareBuilds([evidence], catalog);
  return {
    name: locator,
    image: image.bytes,
    sha256: image.sha256,
    target,
    options: build.config?.values,
    uname: build.unameRelease ?? document.release,
    kernel: kernelOf(document),
  };
}

/** The form that the emulator and kexec_file_load() take. */
function checkForm(bytes: Uint8Array, target: Target, locator: string): void {
  const { uname } = machineOf(target);
  const form = readBootHeader(bytes.subarray(0, 4096))?.form;
  const wanted = uname === 'x86_64' ? 'bzimage' : 'arm64';
  if (form === wanted) return;
  const name =
    wanted === 'bzimage' ? 'a bzImage (arch/x86/boot/bzImage)' : 'an Image (arch/arm64/boot/Image)';
  throw new ToolError('IMAGE_UNKNOWN', `${locator}: cannot be booted as it is; give ${name}`);
}

/** What a trial of some kernels is asked. */
export interface TryQuestion {
  kernels: readonly BootableKernel[];
  profile: Profile;
  settings: TrialSettings;
  /** Instead of the one that is chosen. */
  payload?: PayloadDocument | undefined;
  judging: Judging;
  io: Io;
  signal?: AbortSignal;
  onText?(text: string): void;
}

/** Makes the updates, and holds what came of each against what was predicted. */
export async function tryKernels(question: TryQuestion): Promise<TryOutput & { console: string }> {
  const { kernels, profile, settings, judging, io } = question;
  const target = commonTarget(kernels);
  const machine = machineOf(target);
  const pairs = kernels.slice(1).map((incoming, step) => {
    const outgoing = kernels[step] as BootableKernel;
    const sides = { outgoing: outgoing.kernel, incoming: incoming.kernel };
    const pair = judgePair({ ...judging, ...sides, profile, target });
    return { outgoing, incoming, sides, pair };
  });
  const { payload, because } = choosePayloadOfAll(pairs, question, target);
  const result = await tryUpdates({
    kernels: kernels.map(({ name, image, options, kernel }) => {
      return { name, image, options, writesSeals: writesSeals(kernel, target) };
    }),
    ...settings,
    machine,
    payload,
    note: (text) => io.note(`luo-abi: ${text}`),
    ...(question.signal && { signal: question.signal }),
    ...(question.onText && { onText: question.onText }),
  });
  const tried = kernels.map(({ name, uname, sha256, kernel: { release } }, hop): TriedKernel => {
    return { name, release, uname, sha256, commandLine: result.commandLines[hop] ?? '' };
  });
  const steps = pairs.map(({ pair: { verdict, effect } }, step): TriedStep => {
    const observed = result.observations[step] as Observation;
    const sides = { outgoing: tried[step] as TriedKernel, incoming: tried[step + 1] as TriedKernel };
    return {
      ...sides,
      predicted: { verdict, effect },
      observed,
      agreement: agreementOf({ verdict, effect }, observed),
    };
  });
  return {
    profile: profile.name,
    target,
    steps,
    payload: { ...sizeOf(payload), sha256: result.payloadDigest, because },
    emulator: {
      version: `${machine.program} ${emulatorVersion(machine)}`,
      accelerator: result.accelerator,
      memory: `${settings.memory} MiB`,
    },
    recorded: [],
    console: result.console,
  };
}

interface JudgedStep {
  sides: { outgoing: Kernel; incoming: Kernel };
  pair: PairVerdict;
}

/** One payload for all updates of a chain: of those that each would have, the largest. */
function choosePayloadOfAll(
  pairs: readonly JudgedStep[],
  { profile, payload }: TryQuestion,
  target: Target,
): ChosenPayload {
  if (payload) return { payload, because: ['named with --payload'] };
  const chosen = pairs.map(({ sides, pair }) => choosePayload({ ...sides, pair, profile, target }));
  const ranked = [...chosen].sort((one, other) => sizeOf(one.payload).files - sizeOf(other.payload).files);
  // The first kernels of a chain may be bounded by what they can hold at all.
  const [smallest] = ranked;
  if (!smallest) throw new ToolError('USAGE', 'try: name at least two kernels');
  return { ...smallest, because: [...new Set(chosen.flatMap(({ because }) => because))] };
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
function commonTarget(kernels: readonly BootableKernel[]): Target {
  const [first, ...others] = kernels;
  if (!first) throw new ToolError('USAGE', 'try: name at least two kernels');
  const other = others.find(({ target }) => target !== first.target);
  if (!other) return first.target;
  const message = `${first.name} is built for ${first.target}, and ${other.name} for ${other.target}: nothing is carried between them`;
  throw new ToolError('TARGET_UNKNOWN', message);
}
