import type { Catalog } from '../catalog/catalog.ts';
import { judgingFrom } from '../catalog/judging.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { PreflightOutput } from '../model/preflight.ts';
import type { Profile } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { withComparedLayouts } from '../verdict/compared-layouts.ts';
import { kernelOf } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import { mayRunWith } from '../verdict/running.ts';
import { together, working } from '../work.ts';
import type { Asking } from './asking.ts';
import type { FailOn } from './fail-on.ts';
import { isFailure } from './fail-on.ts';
import { showReading } from './files/reading.ts';
import { notesOf } from './host/notes.ts';
import type { Staged } from './host/staged.ts';
import { stage } from './host/staged.ts';
import { profileFrom } from './kernels/profiles.ts';
import { strangersAmong } from './kernels/resolve.ts';
import { sharedTarget } from './kernels/targets.ts';

export interface PreflightOptions extends Asking {
  catalog: Catalog;
  /**
   * The kernel that is to be booted: an image, a package (several of one build may be given), a capture document or a release
   * (default: the newest image that is installed and does not run); or what `stage` has begun with.
   */
  staged?: readonly string[] | Staged;
  /** The name of a shipped profile, or your own (default: `carried`). */
  profile?: Profile | string;
  /** Where neither kernel says it (default: `x86_64-4k`). */
  target?: Target | undefined;
  /** Where the host's file system is (default: `/`). */
  root?: string | undefined;
  /** The verdict from which on the answer is not `yes` (default: `unsupported`). */
  failOn?: FailOn;
}

/**
 * On a host, before a kexec: can the running kernel hand over to the staged one? What `luo-abi preflight --format json` prints.
 * Reads below `root` and of the staged kernel; writes nothing.
 * @throws ToolError NOT_A_KERNEL, USAGE where no other kernel is installed, RELEASE_UNKNOWN, PROFILE_UNKNOWN,
 *   TARGET_UNKNOWN, and as the sources
 */
export function preflight(options: PreflightOptions): Promise<PreflightOutput> {
  return working(options, async () => {
    const { catalog, failOn } = options;
    const profile = profileFrom(options.profile);
    const { running, staged, writing } = await showReading(options.progress, () => sidesOf(options));
    const [outgoing, incoming] = [kernelOf(writing), kernelOf(staged.document)];
    const target = sharedTarget(options.target, [outgoing, incoming]);
    const judging = await judgingFrom(catalog, strangersAmong([outgoing, incoming], catalog));
    const asked = { ...profile, runsWith: mayRunWith(outgoing) };
    const pair = judgePair({ ...judging, outgoing, incoming, profile: asked, target, tellsKinds: true });
    const check = withComparedLayouts(pair, { outgoing, incoming });
    const isBad = isFailure([check], failOn);
    return {
      answer: answerOf(check, isBad),
      line: lineOf(check, isBad),
      running: running.told,
      staged: staged.told,
      notes: notesOf({ running, staged, pair }),
      check,
    };
  });
}

/** Both kernels, and the document of the running one as it was booted. */
async function sidesOf(options: PreflightOptions) {
  const { catalog, root } = options;
  const begun = begunWith(options.staged);
  // What is unpacked meanwhile has ended, too, where this fails.
  const ended = begun?.builds?.catch(() => {});
  try {
    // What reads builds is loaded by this question alone.
    const { asBooted, ...from } = await import('./host/kernels.ts');
    const host = await from.openRunning(root);
    const chosen = begun ?? stage([from.newestInstalled(root ?? '/', host.build?.unameRelease ?? '')]);
    const [running, staged] = await together([
      from.prepareBuilds([host], catalog),
      chosen.builds?.then((builds) => from.prepareBuilds(builds, catalog)) ??
        from.namedKernel(chosen.locators[0] ?? '', options),
    ] as const);
    const writing = host.build ? asBooted(running.document, host.build) : running.document;
    return { running, staged, writing };
  } finally {
    await ended;
  }
}

function begunWith(staged: PreflightOptions['staged'] = []): Staged | undefined {
  if ('builds' in staged) return staged;
  return staged.length > 0 ? stage(staged) : undefined;
}

function answerOf({ verdict }: PairVerdict, isBad: boolean): PreflightOutput['answer'] {
  if (!isBad) return 'yes';
  return verdict === 'unknown' ? 'unknown' : 'no';
}

function lineOf(pair: PairVerdict, isBad: boolean): string {
  const { verdict, effect, profile, target, summary } = pair;
  const effectText = effect === null ? '' : ` (${effect})`;
  const answer = answerOf(pair, isBad);
  const said = answer === verdict ? answer : `${answer}: ${verdict}${effectText}`;
  return `${said}: ${summary} [${profile}, ${target}]`;
}
