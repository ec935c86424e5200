import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import { ToolError } from '../../errors.ts';
import type { Profile } from '../../model/profile.ts';
import type { TryMatrixOutput } from '../../model/try.ts';
import { readTextFile } from '../../schema/validate.ts';
import { pause, task, together } from '../../work.ts';
import type { BootableKernel } from './bootable.ts';
import { openBootable } from './bootable.ts';
import type { TrialRecords } from './records.ts';
import type { TryQuestion } from './trying.ts';
import { prepareTrial, runTrial } from './trying.ts';

/** All ordered pairs of some kernels. */
export interface TryMatrixQuestion {
  kernels: readonly BootableKernel[];
  profile: Profile;
  /** Of each pair. */
  question: Omit<TryQuestion, 'kernels'>;
  /** Trials at a time. */
  jobs: number;
  /** Where each is written as soon as it is done; what is there is not tried again. */
  records: TrialRecords | undefined;
  /** YYYY-MM-DD. */
  date: string;
}

/**
 * The kernels of a list: one a line, a path from the list's own folder. Behind it `as RELEASE` says that the image was built
 * from that release as it is, so that a test of it is a test of the release; any other words, how it differs from the release
 * of its name. Lines that begin with # say nothing.
 * @throws ToolError FILE_UNREADABLE, USAGE, and as `openBootable`
 */
export async function kernelsOfList(path: string, catalog: Catalog): Promise<BootableKernel[]> {
  const lines = readTextFile(path).split('\n');
  const named = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (named.length < 2) throw new ToolError('USAGE', `${path}: name at least two kernels, one a line`);
  const kernels: BootableKernel[] = [];
  for (const line of named) {
    const [, name = '', changed] = /^(\S+)(?:\s+(\S.*))?$/.exec(line.trim()) ?? [];
    const beside = isAbsolute(name) ? name : join(dirname(path), name);
    const kernel = await openBootable(existsSync(beside) ? beside : name, catalog);
    const release = /^as (\S+)$/.exec(changed ?? '')?.[1];
    if (release !== undefined && release !== kernel.kernel.release)
      throw new ToolError(
        'USAGE',
        `${path}: ${name} says that it is ${kernel.kernel.release}, not ${release}`,
      );
    if (release !== undefined) kernels.push({ ...kernel, name, isRelease: true });
    else kernels.push({ ...kernel, name, ...(changed !== undefined && { changed }) });
  }
  return kernels;
}

/** Tries every ordered pair, each kernel with itself among them, some at a time. */
export async function tryMatrix(matrix: TryMatrixQuestion): Promise<TryMatrixOutput> {
  const { kernels, question, profile, jobs, records, date } = matrix;
  const pairs = kernels.flatMap((outgoing) => kernels.map((incoming) => [outgoing, incoming] as const));
  const output: TryMatrixOutput = {
    profile: profile.name,
    target: kernels[0]?.target ?? 'x86_64-4k',
    steps: [],
    skipped: 0,
  };
  const bar = task('trying', pairs.length);
  let done = 0;
  const waiting = [...pairs.entries()];
  const found: [at: number, step: TryMatrixOutput['steps'][number]][] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      pause();
      const [at, pair] = next;
      const prepared = prepareTrial({ ...question, kernels: pair });
      if (records?.has(prepared, profile.name)) output.skipped += 1;
      else {
        const answer = await runTrial(prepared, profile);
        const [step] = answer.steps;
        if (!step) return;
        records?.write(prepared, answer, date);
        found.push([at, step]);
      }
      done += 1;
      bar.at(done);
    }
  };
  const untilOneFails = (): Promise<void> =>
    work().catch((error: unknown) => {
      waiting.length = 0;
      throw error;
    });
  await together(Array.from({ length: Math.min(jobs, pairs.length) }, untilOneFails)).finally(bar.end);
  output.steps = found.sort(([one], [other]) => one - other).map(([, step]) => step);
  return output;
}
