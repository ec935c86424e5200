import { existsSync, statSync } from 'node:fs';
import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { ToolError } from '../errors.ts';
import type { PayloadDocument } from '../model/payload.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import type { TryMatrixOutput, TryOutput } from '../model/try.ts';
import { checkEmulator } from '../try/emulator.ts';
import { machineOf } from '../try/machine.ts';
import { pause, together, working } from '../work.ts';
import type { Asking } from './asking.ts';
import { profileFrom } from './kernels/profiles.ts';
import { strangersAmong } from './kernels/resolve.ts';
import type { Environment } from './open-catalog.ts';
import type { BootableKernel } from './trials/bootable.ts';
import { openBootable } from './trials/bootable.ts';
import { kernelsOfList, tryMatrix as tryPairs } from './trials/matrix.ts';
import type { RecordPlace } from './trials/records.ts';
import { TrialRecords } from './trials/records.ts';
import type { TrialOptions } from './trials/request.ts';
import { checkTriable, trialSettings } from './trials/request.ts';
import type { TryQuestion } from './trials/trying.ts';
import { commonTarget, prepareTrial, runTrial } from './trials/trying.ts';

export interface TryOptions extends TrialOptions, Asking {
  catalog: Catalog;
  /** The state that is preserved: `memory`, `memfd`, or a profile of your own that asks for no more (default: `memfd`). */
  profile?: Profile | string | undefined;
  /** What is preserved (default: what puts the prediction to the test). */
  payload?: PayloadDocument | undefined;
  /** Adds what was observed to the evidence; what is there is not tried again. */
  record?: RecordPlace | undefined;
  /** The folder of the sources of releases that have to be built (default: the current one). */
  sources?: string | undefined;
  /** What they are built for (default: the machine that this is, with pages of 4 KiB). */
  target?: Target | undefined;
  /** YYYY-MM-DD: the day of the records (default: today, UTC). */
  date?: string;
  /** Where the folder is looked for in which kernels are kept. */
  env?: Environment;
}

/**
 * Really makes live updates, in an emulated machine: boots the first kernel, preserves a payload, goes on into the next, and
 * so on, and holds what comes back against the prediction. What `luo-abi try --format json` prints, and the console.
 *
 * @param kernels images, packages with one, or what `buildKernel` takes; at least two
 * @throws ToolError USAGE, TARGET_UNKNOWN, IMAGE_UNKNOWN, and where there is no emulator
 */
export function tryUpdates(
  kernels: readonly string[],
  options: TryOptions,
): Promise<{ output: TryOutput; console: string }> {
  return working(options, async () => {
    const profile = triable(options);
    if (kernels.length < 2) throw tooFew();
    const opened = await openAll(kernels, options);
    const { question, records, date } = await openTrial(opened, sizesOf(opened.slice(1)), profile, options);
    const prepared = prepareTrial({ ...question, kernels: opened });
    const answer = await runTrial(prepared, profile);
    pause();
    const recorded = records?.write(prepared, answer, date) ?? [];
    const { console, ...output } = { ...answer, recorded };
    return { output, console };
  });
}

export interface TryMatrixOptions extends TryOptions {
  /** Trials at a time (default: 2). */
  jobs?: number;
}

/**
 * The same for every ordered pair of the kernels of a list: what `luo-abi try --matrix --format json` prints.
 *
 * @param list the path of a file with a kernel a line
 * @throws ToolError as `tryUpdates`, FILE_UNREADABLE
 */
export function tryMatrix(list: string, options: TryMatrixOptions): Promise<TryMatrixOutput> {
  return working(options, async () => {
    const profile = triable(options);
    const kernels = await kernelsOfList(list, options.catalog);
    const trial = await openTrial(kernels, [Math.max(...sizesOf(kernels))], profile, options);
    const output = await tryPairs({ ...trial, kernels, profile, jobs: options.jobs ?? 2 });
    pause();
    return output;
  });
}

function triable(options: TryOptions): Profile {
  const profile = profileFrom(options.profile ?? 'memfd');
  checkTriable(profile);
  return profile;
}

function tooFew(): ToolError {
  return new ToolError('USAGE', 'try: name at least two kernels');
}

/** Each image once, all of them at a time: it is another program that unpacks them. */
async function openAll(operands: readonly string[], options: TryOptions): Promise<BootableKernel[]> {
  const images: string[] = [];
  for (const operand of operands) images.push(await imageOf(operand, options));
  const distinct = [...new Set(images)];
  const kernels = await together(distinct.map((image) => openBootable(image, options.catalog)));
  return operands.map((name, at) => {
    const kernel = kernels[distinct.indexOf(images[at] ?? '')];
    if (!kernel) throw new ToolError('INTERNAL', `no kernel of ${name}`);
    return { ...kernel, name };
  });
}

/** The path of an image; what is no file is built, if its source is at hand, or was before. */
async function imageOf(operand: string, { sources = '.', ...options }: TryOptions): Promise<string> {
  if (existsSync(operand) && !statSync(operand).isDirectory()) return operand;
  const { builtKernel } = await import('./trials/building.ts');
  const { env, target } = options;
  return (await builtKernel(operand, { ...(env && { env }), sources, target })).image;
}

/** What every trial of a run has in common. */
interface Trial {
  question: Omit<TryQuestion, 'kernels'>;
  records: TrialRecords | undefined;
  date: string;
}

function sizesOf(kernels: readonly BootableKernel[]): number[] {
  return kernels.map(({ image }) => image.length);
}

async function openTrial(
  kernels: readonly BootableKernel[],
  carried: readonly number[],
  profile: Profile,
  options: TryOptions,
): Promise<Trial> {
  const { catalog, record, payload, note } = options;
  const machine = machineOf(commonTarget(kernels));
  checkEmulator(machine);
  const named = kernels.map(({ kernel }) => kernel);
  const judging = await judgingFrom(catalog, strangersAmong(named, catalog));
  const settings = trialSettings(
    options,
    machine,
    profile,
    carried.reduce((sum, size) => sum + size, 0),
  );
  return {
    question: { profile, settings, payload, judging, note },
    records: record && new TrialRecords(record, catalog),
    date: options.date ?? new Date().toISOString().slice(0, 10),
  };
}
