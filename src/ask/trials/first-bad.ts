import { wantedFolders } from '../../capture/wanted.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { judgingFrom } from '../../catalog/judging.ts';
import { ToolError } from '../../errors.ts';
import type { FirstBadOutput, TurningPoint } from '../../model/history.ts';
import type { Profile } from '../../model/profile.ts';
import type { Target } from '../../model/target.ts';
import type { Observation } from '../../model/try.ts';
import { GitRepository } from '../../sources/git-repository.ts';
import type { BisectAnswer } from '../../try/bisect.ts';
import { bisect } from '../../try/bisect.ts';
import { checkEmulator } from '../../try/emulator.ts';
import { machineOf } from '../../try/machine.ts';
import { ownTarget } from '../../try/toolchain.ts';
import { pause, working } from '../../work.ts';
import type { Asking } from '../asking.ts';
import { profileFrom } from '../kernels/profiles.ts';
import type { Environment } from '../open-catalog.ts';
import { openBootable } from './bootable.ts';
import { builtKernel, kernelWorkshop } from './building.ts';
import type { TrialOptions } from './request.ts';
import { checkTriable, trialSettings } from './request.ts';
import { prepareTrial, runTrial } from './trying.ts';

export interface TriedFirstBadOptions extends TrialOptions, Asking {
  catalog: Catalog;
  /** `memory` or `memfd`, or one of your own (default: `memfd`). */
  profile?: Profile | string | undefined;
  /** Further lines of the configuration (CONFIG_NAME=y). */
  fragment?: string;
  /** What the kernels are built for (default: the machine that this is, with pages of 4 KiB). */
  target?: Target | undefined;
  /** Where the folder is looked for in which kernels are kept. */
  env?: Environment;
}

/**
 * The commit between two revisions from which on the update from the first no longer works, by real updates: each kernel
 * that is asked about is built and tried. Commits that touch nothing of KHO and LUO are not asked.
 * @throws ToolError as builtKernel, tryKernels and git
 */
export function firstBadByTrial(
  folder: string,
  [outgoing, incoming]: readonly [string, string],
  options: TriedFirstBadOptions,
): Promise<FirstBadOutput> {
  return working(options, async () => {
    const { catalog, fragment = '', env = {}, target = ownTarget(), ...asking } = options;
    const profile = profileFrom(options.profile ?? 'memfd');
    checkTriable(profile);
    const machine = machineOf(target);
    checkEmulator(machine);
    const repository = GitRepository.open(folder);
    const [from, to] = [repository.commitOf(outgoing), repository.commitOf(incoming)];
    const commits = repository.changes([`${from}..${to}`], wantedFolders()).map(({ oid }) => oid);
    if (commits.length === 0)
      throw new ToolError('REVISION_UNKNOWN', `${outgoing}..${incoming}: no commit touches KHO or LUO`);
    const workshop = kernelWorkshop(env);
    try {
      const settings = trialSettings(options, machine, profile, 0);
      const seen = new Map<string, Observation>();
      const open = async (commit: string) => {
        const building = { ...asking, sources: '.', fragment, target, env, workshop };
        const built = await builtKernel(`${folder}#${commit}`, building);
        return openBootable(built.image, catalog);
      };
      const writer = await open(from);
      const ask = async (commit: string): Promise<BisectAnswer> => {
        pause();
        const kernels = [writer, await open(commit)];
        const judging = await judgingFrom(
          catalog,
          kernels.map(({ kernel }) => kernel.release),
        );
        const { steps } = await runTrial(
          prepareTrial({ ...asking, kernels, profile, settings, judging }),
          profile,
        );
        const observed = steps[0]?.observed;
        if (!observed) return 'skip';
        seen.set(commit, observed);
        options.note?.(`${commit.slice(0, 12)}: ${observed.outcome}`);
        if (observed.outcome === 'not-started') return 'skip';
        return observed.outcome === 'works' ? 'good' : 'bad';
      };
      const { firstBad, suspects } = await bisect(commits, ask);
      for (const commit of suspects)
        options.note?.(`${commit.slice(0, 12)} could not be tried, and may be it`);
      return {
        outgoing,
        incoming,
        target,
        isSafe: firstBad === undefined,
        firstBad: firstBad === undefined ? null : turningPoint(repository, firstBad, seen.get(firstBad)),
        others: [],
        isComplete: false,
        commits: commits.length,
      };
    } finally {
      workshop.close();
    }
  });
}

function turningPoint(
  repository: GitRepository,
  oid: string,
  observed: Observation | undefined,
): TurningPoint {
  const [commit] = repository.objects.commits([oid]);
  const { title = '', author = '', date } = commit ?? {};
  const seen = observed && `${observed.outcome}: ${observed.line ?? observed.seen}`;
  return {
    commit: oid,
    title,
    author,
    date: date ?? null,
    turns: 'unsafe',
    components: [],
    ...(seen !== undefined && { observed: seen }),
  };
}
