import { ToolError } from '../errors.ts';
import type { Agreement } from '../model/evidence.ts';
import type { ComponentVerdict, PairVerdict } from '../model/finding.ts';
import { nearest } from '../model/nearest.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf, DEFAULT_PROFILE, PROFILES } from '../model/profile.ts';
import type { Target } from '../model/target.ts';
import { isTarget, sharedTargets, TARGETS } from '../model/target.ts';
import type { Verdict } from '../model/verdict-kind.ts';
import { badness, VERDICTS } from '../model/verdict-kind.ts';
import { parseDocument, readTextFile } from '../schema/validate.ts';
import type { OptionValues } from './command.ts';

/** The target that --target names; x86_64-4k without it. */
export function targetOf({ target }: OptionValues): Target {
  if (target === undefined) return TARGETS[0];
  if (typeof target === 'string' && isTarget(target)) return target;
  throw new ToolError('TARGET_UNKNOWN', `${String(target)}: no such target; known: ${TARGETS.join(', ')}`);
}

/**
 * The target on which kernels are compared: the one that --target names, else the first that all of them were captured for.
 * Throws TARGET_UNKNOWN where there is none.
 */
export function sharedTarget(
  options: OptionValues,
  kernels: readonly { release: string; targets?: readonly Target[] }[],
): Target {
  const [shared] = sharedTargets(kernels);
  if (shared === undefined) {
    const sides = kernels.map(
      ({ release, targets = TARGETS }) => `${release} is built for ${targets.join(', ')}`,
    );
    throw new ToolError('TARGET_UNKNOWN', `${sides.join(', and ')}: nothing is carried between them`);
  }
  if (options.target === undefined) return shared;
  const target = targetOf(options);
  checkTarget(target, kernels);
  return target;
}

/** The target must be one that each of the kernels was captured for. */
export function checkTarget(
  target: Target,
  kernels: readonly { release: string; targets?: readonly Target[] }[],
): void {
  const without = kernels.find(({ targets }) => targets !== undefined && !targets.includes(target));
  if (without === undefined) return;
  const known = without.targets?.join(', ') ?? 'none';
  throw new ToolError('TARGET_UNKNOWN', `${target}: ${without.release} was captured for ${known} only`);
}

/** A profile by its name, or by the path of a document with one. */
export function profileNamed(name: string): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile) return profile;
  if (name.endsWith('.json')) return parseDocument<Profile>('profile', readTextFile(name), name);
  const known = PROFILES.map((candidate) => candidate.name).join(', ');
  throw new ToolError('PROFILE_UNKNOWN', `${name}: no such profile; known: ${known}`);
}

/** Every component that a user's own profile names must exist. */
export function checkProfile(profile: Profile, known: readonly string[]): void {
  const { name, ignored } = profile;
  const stranger = [...componentsOf(profile), ...ignored].find((id) => !known.includes(id));
  if (stranger === undefined || PROFILES.includes(profile)) return;
  const near = nearest(stranger, known).join(', ') || known.join(', ');
  throw new ToolError('COMPONENT_UNKNOWN', `profile ${name}: no component ${stranger}; nearest: ${near}`);
}

/** The profile that --profile names; all that is carried without it. */
export function profileOf({ profile }: OptionValues): Profile {
  return profileNamed(typeof profile === 'string' ? profile : DEFAULT_PROFILE);
}

/** An answer that recorded tests contradict counts as unknown as well, whatever it says. */
export function doubtOf({ tested }: { tested?: Agreement }): Pick<PairVerdict, 'effect' | 'verdict'>[] {
  return tested === 'disagrees' ? [{ verdict: 'unknown', effect: null }] : [];
}

/** An answer with what its components came to, where that is at hand: a matrix keeps only what decides. */
type Answer = Pick<PairVerdict, 'effect' | 'verdict'> & {
  components?: readonly Pick<ComponentVerdict, 'role' | 'verdict'>[];
};

/**
 * 1 when some answer is at or above --fail-on in the order of badness, else 0. `unsupported` decides before anything that it
 * rests on, and must not hide that the incoming kernel takes wrong values there: such a component counts by itself.
 */
export function exitCodeOf(answers: readonly Answer[], { failOn = 'unsupported' }: OptionValues): number {
  if (failOn === 'never') return 0;
  if (typeof failOn !== 'string' || !(VERDICTS as readonly string[]).includes(failOn)) {
    throw new ToolError('USAGE', `--fail-on ${String(failOn)}: give one of ${VERDICTS.join(', ')}, never`);
  }
  const limit = badness(failOn as Verdict, null);
  const isBad = (answer: Answer): boolean =>
    badness(answer.verdict, answer.effect) <= limit || restsOnMisread(answer);
  return answers.some(isBad) ? 1 : 0;
}

/** `misread` is the worst there is, so that it fails under every --fail-on but `never`. */
function restsOnMisread({ components = [] }: Answer): boolean {
  return components.some(
    ({ role, verdict }) => verdict === 'misread' && (role === 'required' || role === 'dependency'),
  );
}
