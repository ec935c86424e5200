import type { Erratum } from '../model/erratum.ts';
import type { ComponentVerdict, PairVerdict } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import { componentsOf } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import type { ClosureEntry } from '../verdict/closure.ts';
import { closureOf, unnamedOf } from '../verdict/closure.ts';
import { openConditions } from '../verdict/conditions.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { factsOf } from '../verdict/kernel.ts';
import { decision, judgePair } from '../verdict/pair.ts';
import type { Visit, WalkStep } from '../verdict/walk.ts';
import { COMPATIBLE, codeOf, isCounted, RANK, stepsOf, walk } from '../verdict/walk.ts';

// Judges pairs with all their findings. A component's verdict does not depend on the profile, only what it counts for does:
// so the components of all profiles are judged at once, and once for all pairs that follow from the same facts.

/** What verdicts rest on beside the kernels. */
export interface GateJudging {
  errata: readonly Erratum[];
  reviews: readonly ReviewDocument[];
  erratumApplies(erratum: Erratum, release: string): boolean;
  kernelNamed(release: string): Kernel | undefined;
}

/** Which pair, and which components are taken as passed so that what lies behind them is judged. */
export interface JudgeRequest {
  outgoing: Kernel;
  incoming: Kernel;
  profile: Profile;
  target: Target;
  passed: readonly string[];
}

/** A component with whether its answer is part of the pair's. */
export interface JudgedComponent extends ComponentVerdict {
  counts: boolean;
}

/** A pair under a profile. Releases in messages, and places, are those of the first pair with the same facts. */
export interface JudgedPair extends Pick<PairVerdict, 'decidedBy' | 'effect' | 'verdict'> {
  components: readonly JudgedComponent[];
  /** What the answer depends on, without the name of a kernel. */
  conditions: readonly string[];
  /** The profile's components with what they need, in the order in which they are reached. */
  closure: readonly ClosureEntry[];
}

/** All components on one target, those of `ignored` taken as passed. */
interface Bench {
  everything: Profile;
  components: Map<string, ReadonlyMap<string, ComponentVerdict>>;
  pairs: Map<string, JudgedPair>;
}

/** Judges pairs of some kernels under some profiles. */
export class GateJudge {
  readonly #judging: GateJudging;
  readonly #snapshots: ReadonlyMap<string, number>;
  /** What any of the profiles may count: those that they name, and those of the kernels that none can name. */
  readonly #ids: readonly string[];
  readonly #benches = new Map<string, Bench>();

  constructor(kernels: readonly Kernel[], profiles: readonly Profile[], judging: GateJudging) {
    this.#judging = judging;
    this.#snapshots = numberSnapshots(kernels, judging);
    const others = kernels.flatMap((kernel) => profiles.flatMap((profile) => unnamedOf(profile, kernel)));
    this.#ids = [...new Set([...profiles.flatMap(componentsOf), ...others])];
  }

  /** Kernels and profile are of those that the judge was made for. */
  judge({ outgoing, incoming, profile, target, passed }: JudgeRequest): JudgedPair {
    const ignored = passed.length === 0 ? profile.ignored : [...profile.ignored, ...passed];
    const bench = this.#bench(ignored, target);
    const facts = `${this.#snapshotOf(outgoing)} ${this.#snapshotOf(incoming)}`;
    const key = `${profile.name} ${facts}`;
    const known = bench.pairs.get(key);
    if (known) return known;
    let components = bench.components.get(facts);
    if (!components) {
      const judged = judgePair({ ...this.#judging, outgoing, incoming, profile: bench.everything, target });
      components = new Map(judged.components.map((component) => [component.id, component]));
      bench.components.set(facts, components);
    }
    const sides = { outgoing, incoming, profile: { ...profile, ignored: [...ignored] }, target };
    const pair = underProfile(sides, components);
    bench.pairs.set(key, pair);
    return pair;
  }

  #bench(ignored: readonly string[], target: Target): Bench {
    const key = [target, ...ignored].join(' ');
    const known = this.#benches.get(key);
    if (known) return known;
    // An ignored component counts as passed for what needs it. All others are optional, so that none ends the judging.
    const everything: Profile = {
      name: 'everything',
      summary: 'the components of all profiles of the gate',
      required: [],
      optional: [...this.#ids],
      ignored: [...ignored],
    };
    const bench: Bench = { everything, components: new Map(), pairs: new Map() };
    this.#benches.set(key, bench);
    return bench;
  }

  #snapshotOf({ release }: Kernel): number {
    const snapshot = this.#snapshots.get(release);
    if (snapshot === undefined) throw new RangeError(`${release} is not among the kernels of the gate`);
    return snapshot;
  }
}

/** By release: a number that kernels share of which every component has the same facts and the same errata. */
function numberSnapshots(
  kernels: readonly Kernel[],
  { errata, erratumApplies }: GateJudging,
): Map<string, number> {
  const ids = new Map<object, number>();
  const numbers = new Map<string, number>();
  const found = kernels.map(({ release, components }): [string, number] => {
    const facts = [...components].map(([id, component]) => {
      const number = ids.get(component.facts) ?? ids.size;
      ids.set(component.facts, number);
      return `${id} ${number}`;
    });
    const faults = errata.filter((erratum) => erratumApplies(erratum, release)).map(({ id }) => id);
    const key = [...facts, ...faults].join();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return [release, number];
  });
  return new Map(found);
}

/** What the judged components come to under one profile; equal to what `judgePair` says of it. */
function underProfile(
  sides: Omit<JudgeRequest, 'passed'>,
  components: ReadonlyMap<string, ComponentVerdict>,
): JudgedPair {
  const closure = closureOf(sides.profile, sides.outgoing, sides.incoming);
  const steps = stepsOf(closure, sides);
  const at = (step: number): ComponentVerdict | undefined => components.get(closure[step]?.id ?? '');
  const own: JudgedComponent[] = [];
  const visit: Visit = (step, code, isTold) => {
    const component = at(step);
    const { role } = steps[step] as WalkStep;
    if (!component || !isTold) return;
    own.push({ ...component, role, counts: isCounted(steps[step] as WalkStep, code & RANK) });
  };
  const { rank, by } = walk(
    steps,
    {
      isWritten: (step) => factsOf(sides.outgoing, closure[step]?.id ?? '').available !== 'no',
      code: (step) => {
        const component = at(step);
        return component ? codeOf(component.verdict, component.effect, component.findings) : COMPATIBLE;
      },
    },
    { visit, isWhole: true },
  );
  const decisive = own.find(({ id }) => id === closure[by]?.id);
  const answer = decision(decisive, rank);
  const conditions = openConditions({ ...answer, components: own });
  return { ...answer, components: own, closure, conditions };
}
