import type { Catalog } from '../catalog/catalog.ts';
import type { Judging } from '../catalog/judging.ts';
import { judgingFrom } from '../catalog/judging.ts';
import { evidenceAbout } from '../catalog/own-kernel.ts';
import { ToolError } from '../errors.ts';
import type { EvidenceDocument } from '../model/evidence.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { CheckOutput } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf } from '../model/profile.ts';
import type { DeviceState, StateAnswer } from '../model/state.ts';
import type { Target } from '../model/target.ts';
import type { Detour } from '../report/check-advice.ts';
import type { AssertedSide } from '../report/check-static-assert.ts';
import { agreementOf } from '../verdict/agreement.ts';
import { withComparedLayouts } from '../verdict/compared-layouts.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { KnownComponents } from '../verdict/pair.ts';
import { judgePair } from '../verdict/pair.ts';
import { working } from '../work.ts';
import type { Asking } from './asking.ts';
import type { FailingAnswer } from './fail-on.ts';
import { doubtOf } from './fail-on.ts';
import { assertedSide } from './kernels/asserted-side.ts';
import { resolvePair } from './kernels/pair.ts';
import { checkProfile, profileFrom } from './kernels/profiles.ts';
import type { KernelInput } from './kernels/resolve.ts';
import { strangersAmong } from './kernels/resolve.ts';
import { sharedTarget } from './kernels/targets.ts';

export interface CheckOptions extends Asking {
  catalog: Catalog;
  /** The name of a shipped profile, or your own (default: `carried`; `pci` where devices are given). */
  profile?: Profile | string | undefined;
  /** Default: the first that both kernels were captured for, `x86_64-4k` where they are for all. */
  target?: Target | undefined;
  /** Judge the rollback as well. */
  both?: boolean;
  /** Further kernels, known by their releases; an overlay of `incoming` stands in its place. */
  with?: readonly KernelInput[];
  /** PCI devices: `state` of the answer says which of them survive. */
  devices?: readonly DeviceState[] | undefined;
}

/** A verdict with what can be told of it beyond its document. */
export interface CheckedPair {
  output: CheckOutput;
  /** All that counts where something is to fail: the verdicts, the devices, tests that contradict. */
  answers: FailingAnswer[];
  /** The way around one of the two directions, looked for now. */
  detourOf(told: PairVerdict): Detour;
  /** What each side declares of what the verdict rests on. */
  declared(): { outgoing: AssertedSide; incoming: AssertedSide };
}

/**
 * The verdict of an ordered pair: can a machine that runs `outgoing` be live-updated to `incoming` without losing or corrupting
 * the state of the profile? What `luo-abi check --format json` prints.
 * @throws ToolError RELEASE_UNKNOWN, RELEASE_AMBIGUOUS, PROFILE_UNKNOWN, COMPONENT_UNKNOWN, TARGET_UNKNOWN,
 *   OVERLAY_BASE_UNKNOWN; USAGE for devices of a profile without PCI, and for a further kernel that has no part in the pair
 */
export async function check(
  outgoing: KernelInput,
  incoming: KernelInput,
  options: CheckOptions,
): Promise<CheckOutput> {
  return (await checkPair(outgoing, incoming, options)).output;
}

/** The same, with what else can be told of the pair. */
export function checkPair(
  outgoing: KernelInput,
  incoming: KernelInput,
  options: CheckOptions,
): Promise<CheckedPair> {
  return working(options, async () => {
    const { catalog, devices, both = false, with: guests = [] } = options;
    const profile = profileFrom(options.profile ?? (devices && 'pci'));
    checkDevices(profile, devices);
    const { from, to, named } = await resolvePair({ outgoing, incoming, guests }, options);
    const target = sharedTarget(options.target, [from, to]);
    checkProfile(profile, [...from.components.keys(), ...to.components.keys()]);
    const shared = await judgingFrom(catalog, strangersAmong([from, to], catalog));
    const judging = {
      ...shared,
      kernelNamed: (release: string) => named(release) ?? shared.kernelNamed(release),
    };
    const evidenceOf = (sides: Sides): EvidenceDocument[] => evidenceAbout(sides, catalog);
    const stateOf = await stateJudge(devices, judging);
    const output = judgeBothWays({ from, to, both, profile, target, judging, evidenceOf, stateOf });
    const detours = needsDetour(output) ? await import('./ways/detour.ts') : undefined;
    return {
      output,
      answers: answersIn(output),
      detourOf: (told) => {
        const [writer, reader] = told.outgoing === from.release ? [from, to] : [to, from];
        return detours?.detourOf({ outgoing: writer, incoming: reader, profile, target, catalog, judging });
      },
      declared: () => {
        const ids = output.components.map(({ id }) => id);
        return { outgoing: assertedSide(from, ids, target), incoming: assertedSide(to, ids, target) };
      },
    };
  });
}

interface Sides {
  outgoing: Kernel;
  incoming: Kernel;
}

/** Two kernels that were found, and all by which they are judged. */
export interface KnownPair {
  from: Kernel;
  to: Kernel;
  both: boolean;
  profile: Profile;
  target: Target;
  judging: Judging;
  evidenceOf(sides: Sides): readonly EvidenceDocument[];
  /** What becomes of the devices of a machine. */
  stateOf?: StateJudge | undefined;
  /** What is known of their components already. */
  knownOf?(sides: Sides): KnownComponents;
}

/** The verdict of a pair and, where it is wanted, of the way back. */
export function judgeBothWays({ from, to, both, ...asked }: KnownPair): CheckOutput {
  const forward = judgeOne({ outgoing: from, incoming: to }, asked);
  return both ? { ...forward, rollback: judgeOne({ outgoing: to, incoming: from }, asked) } : forward;
}

function judgeOne(sides: Sides, asked: Omit<KnownPair, 'both' | 'from' | 'to'>): CheckOutput {
  const { profile, target, judging, evidenceOf, stateOf, knownOf } = asked;
  const pair = judgePair({
    ...judging,
    ...sides,
    acrossTargets: true,
    tellsKinds: true,
    profile,
    target,
    ...(knownOf && { known: knownOf(sides) }),
  });
  const evidence = agreementOf(pair, evidenceOf(sides));
  const compared = { ...withComparedLayouts(pair, sides), evidence };
  return stateOf ? { ...compared, state: stateOf(sides, pair) } : compared;
}

type StateJudge = (sides: Sides, pair: PairVerdict) => StateAnswer;

async function stateJudge(
  devices: readonly DeviceState[] | undefined,
  judging: Judging,
): Promise<StateJudge | undefined> {
  if (!devices) return undefined;
  const { judgeState } = await import('../verdict/state.ts');
  return (sides, pair) => judgeState({ ...judging, ...sides, pair, devices });
}

/** Ways around a pair are told of those that must not be gone. */
function needsDetour({ verdict, rollback }: CheckOutput): boolean {
  return verdict === 'misread' || verdict === 'refused' || (rollback !== undefined && needsDetour(rollback));
}

/** Only a profile with PCI devices can answer for them. */
function checkDevices(profile: Profile, devices: readonly DeviceState[] | undefined): void {
  if (devices === undefined || componentsOf(profile).includes('pci')) return;
  const message = `\`devices\` names PCI devices, and the profile ${profile.name} does not look at pci`;
  throw new ToolError('USAGE', message);
}

function answersIn(output: CheckOutput): FailingAnswer[] {
  const ways = output.rollback ? [output, output.rollback] : [output];
  return [
    ...ways,
    ...ways.flatMap(({ state, evidence }) => [
      ...(state?.devices ?? []),
      ...(evidence ? doubtOf({ tested: evidence.agreement }) : []),
    ]),
  ];
}
