import { existsSync, statSync } from 'node:fs';
import { writeAtomically } from '../../ask/files/write.ts';
import { readProfile as profileNamed } from '../../ask/kernels/profiles.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError } from '../../errors.ts';
import type { Profile } from '../../model/profile.ts';
import type { TriedStep } from '../../model/try.ts';
import { renderTry, renderTryMatrix } from '../../report/try-terminal.ts';
import { emulatorVersion } from '../../try/emulator.ts';
import { machineOf } from '../../try/machine.ts';
import type { BootableKernel } from '../bootable.ts';
import { openBootable } from '../bootable.ts';
import { openCatalog } from '../catalog-file.ts';
import type { Io, OptionValues } from '../command.ts';
import {
  CATALOG_OPTION,
  COMPONENTS_OPTION,
  defineCommand,
  FORMAT_OPTION,
  PROFILE_OPTION,
} from '../command.ts';
import { printResult } from '../formats.ts';
import { judgingFrom } from '../judging.ts';
import { kernelsOfList, tryMatrix } from '../try-matrix.ts';
import { TrialRecords } from '../try-records.ts';
import { checkTriable, numberOption, payloadOf, trialSettings } from '../try-request.ts';
import type { TryQuestion } from '../trying.ts';
import { commonTarget, prepareTrial, runTrial } from '../trying.ts';

export const command = defineCommand({
  usage: 'try [outgoing] [incoming] [more...]',
  summary:
    'Really make the live update, in an emulated machine: boots OUTGOING, preserves a payload, goes on into INCOMING by kexec (and into the next, and so on), and holds what comes back against the prediction. Each is a kernel image or a package with one, or what build-kernel takes. Exit 0 when all came back, 1 when not, 3 when nothing was handed over; with --matrix 1 when anything came out otherwise than predicted.',
  example: 'luo-abi try bzImage-7.2.12 bzImage-7.3.4 --profile memfd',
  options: [
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
      summary: 'memory of the machine (default: 1024, 384 for the profile memory)',
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
    { flags: '--append <parameters>', summary: 'further boot parameters of every kernel' },
    { flags: '--log <file>', summary: 'write the console there' },
    FORMAT_OPTION,
    COMPONENTS_OPTION,
    CATALOG_OPTION,
  ],
  async run(operands, options, io) {
    const profile = profileNamed(typeof options.profile === 'string' ? options.profile : 'memfd');
    checkTriable(profile);
    const list = typeof options.matrix === 'string' ? options.matrix : undefined;
    if (list === undefined ? operands.length < 2 : operands.length > 0) {
      throw new ToolError('USAGE', 'try: name at least two kernels, or a list of them with --matrix');
    }
    const catalog = await openCatalog(options, io);
    try {
      const kernels = list === undefined ? [] : await kernelsOfList(list, catalog);
      for (const operand of operands) {
        const image = await imageOf(operand, options, io);
        kernels.push({ ...(await openBootable(image, catalog)), name: operand });
      }
      const trial = await openTrial(kernels, { profile, options, catalog, io });
      return list === undefined
        ? await tryChain(kernels, trial, options, io)
        : await tryPairs(kernels, trial, options, io);
    } finally {
      catalog.close();
    }
  },
});

/** The path of an image; what is no file is built, if its source is at hand, or was before. */
async function imageOf(operand: string, options: OptionValues, io: Io): Promise<string> {
  if (existsSync(operand) && !statSync(operand).isDirectory()) return operand;
  const { builtKernel } = await import('../building.ts');
  const sources = typeof options.sources === 'string' ? options.sources : '.';
  return (await builtKernel(operand, { sources, fragment: '', io })).image;
}

/** What every trial of a run has in common. */
interface Trial {
  question: Omit<TryQuestion, 'kernels'>;
  records: TrialRecords | undefined;
  date: string;
  signal: AbortSignal;
}

interface TrialContext {
  profile: Profile;
  options: OptionValues;
  catalog: Catalog;
  io: Io;
}

async function openTrial(
  kernels: readonly BootableKernel[],
  { profile, options, catalog, io }: TrialContext,
): Promise<Trial> {
  const machine = machineOf(commonTarget(kernels));
  emulatorVersion(machine);
  const names = kernels.map(({ kernel: { release } }) => release);
  const judging = await judgingFrom(
    catalog,
    names.filter((name) => !catalog.has(name)),
  );
  const settings = trialSettings(options, machine, profile);
  const payload = payloadOf(options);
  const controller = new AbortController();
  io.untilStopped?.().then(() => controller.abort());
  const { signal } = controller;
  return {
    question: { profile, settings, payload, judging, io, signal },
    records: options.record === true ? new TrialRecords(options, catalog, io) : undefined,
    date: new Date().toISOString().slice(0, 10),
    signal,
  };
}

async function tryChain(
  kernels: readonly BootableKernel[],
  { question, records, date, signal }: Trial,
  options: OptionValues,
  io: Io,
): Promise<number> {
  const prepared = prepareTrial({ ...question, kernels });
  const answer = await runTrial(prepared, question.profile);
  checkNotStopped(signal);
  const recorded = records?.write(prepared, answer, date) ?? [];
  const { console: log, ...output } = { ...answer, recorded };
  if (typeof options.log === 'string') writeAtomically(options.log, log);
  printResult({ terminal: () => renderTry(output, io.render), json: () => output }, options, io);
  return exitCode(output.steps);
}

async function tryPairs(
  kernels: readonly BootableKernel[],
  { question, records, date, signal }: Trial,
  options: OptionValues,
  io: Io,
): Promise<number> {
  const jobs = numberOption(options, 'jobs', 2, 1);
  const { profile } = question;
  const output = await tryMatrix({ kernels, profile, question, jobs, records, date, io });
  checkNotStopped(signal);
  printResult({ terminal: () => renderTryMatrix(output, io.render), json: () => output }, options, io);
  return output.steps.some(({ agreement }) => agreement === 'disagrees') ? 1 : 0;
}

function checkNotStopped({ aborted }: AbortSignal): void {
  if (aborted) throw new ToolError('STOPPED', 'try: stopped before it was done');
}

function exitCode(steps: readonly TriedStep[]): number {
  const outcomes = steps.map(({ observed }) => observed.outcome);
  if (outcomes.includes('not-started')) return 3;
  return outcomes.every((outcome) => outcome === 'works') ? 0 : 1;
}
