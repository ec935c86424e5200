import type { Erratum } from '../model/erratum.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { ClassCount, MatrixPair, PairClass, ProfileMatrix } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import type { ClassOptions } from './pair-classes.ts';
import { classifyPairs, PAIR_CLASSES, pairKey, seriesOrder } from './pair-classes.ts';

// The verdicts of many pairs. Kernels that say the same of every component, and are touched by the same errata, form
// one group; each pair of groups is judged once.

export interface MatrixInput extends ClassOptions {
  /** Oldest first. */
  kernels: readonly Kernel[];
  profile: Profile;
  target: Target;
  errata: readonly Erratum[];
  reviews?: readonly ReviewDocument[];
  erratumApplies(erratum: Erratum, release: string): boolean;
  kernelNamed?(release: string): Kernel | undefined;
  /** Only pairs of this class. */
  only?: PairClass;
}

type Decision = Pick<PairVerdict, 'decidedBy' | 'effect' | 'verdict'>;

/** Judges pairs of kernels and remembers every answer by what the two kernels say, not by their names. */
export class PairJudge {
  readonly #input: Omit<MatrixInput, 'kernels'>;
  readonly #factIds = new Map<object, number>();
  readonly #groups = new Map<Kernel, string>();
  readonly #answers = new Map<string, Decision>();

  constructor(input: Omit<MatrixInput, 'kernels'>) {
    this.#input = input;
  }

  judge(outgoing: Kernel, incoming: Kernel): Decision {
    const key = `${this.groupOf(outgoing)}>${this.groupOf(incoming)}`;
    const known = this.#answers.get(key);
    if (known) return known;
    const { verdict, effect, decidedBy } = judgePair({ ...this.#input, outgoing, incoming });
    const answer = { verdict, effect, decidedBy };
    this.#answers.set(key, answer);
    return answer;
  }

  /** Equal for two kernels that write and read the same under every component and erratum. */
  groupOf(kernel: Kernel): string {
    const known = this.#groups.get(kernel);
    if (known !== undefined) return known;
    const facts = [...kernel.components].map(([id, component]) => `${id}:${this.#idOf(component.facts)}`);
    const { errata, erratumApplies } = this.#input;
    const faults = errata.filter((erratum) => erratumApplies(erratum, kernel.release)).map(({ id }) => id);
    const group = [...facts, ...faults].join(',');
    this.#groups.set(kernel, group);
    return group;
  }

  #idOf(facts: object): number {
    const known = this.#factIds.get(facts);
    if (known !== undefined) return known;
    this.#factIds.set(facts, this.#factIds.size);
    return this.#factIds.size - 1;
  }
}

/** Kernels that can preserve the state of a profile at all. */
export function carriersOf(judge: PairJudge, kernels: readonly Kernel[]): Kernel[] {
  return kernels.filter((kernel) => judge.judge(kernel, kernel).verdict !== 'unsupported');
}

/** The matrix of a profile on one target: every ordered pair, or those of one class. */
export function computeMatrix(input: MatrixInput, judge: PairJudge = new PairJudge(input)): ProfileMatrix {
  const { kernels, profile, target, only } = input;
  const releases = kernels.map(({ release }) => release);
  const classes = classifyPairs(releases, seriesOrder(releases), input);
  const pairs: MatrixPair[] = [];
  for (const outgoing of kernels) {
    for (const incoming of kernels) {
      const pairClasses = classes.get(pairKey(outgoing.release, incoming.release)) ?? [];
      if (only !== undefined && !pairClasses.includes(only)) continue;
      const answer = judge.judge(outgoing, incoming);
      pairs.push({
        outgoing: outgoing.release,
        incoming: incoming.release,
        class: [...pairClasses],
        verdict: answer.verdict,
        effect: answer.effect,
        decidedBy: answer.decidedBy,
      });
    }
  }
  return { profile: profile.name, target, releases, pairs, classes: countClasses(pairs, only) };
}

function countClasses(pairs: readonly MatrixPair[], only?: PairClass): ProfileMatrix['classes'] {
  const counts: ProfileMatrix['classes'] = {};
  for (const name of only === undefined ? PAIR_CLASSES : [only]) {
    counts[name] = countPairs(pairs.filter((pair) => pair.class.includes(name)));
  }
  return counts;
}

function countPairs(pairs: readonly MatrixPair[]): ClassCount {
  const verdicts: ClassCount['verdicts'] = {};
  for (const { verdict } of pairs) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const safe = (verdicts.compatible ?? 0) + (verdicts['compatible-with-notes'] ?? 0);
  return { pairs: pairs.length, safe, verdicts };
}
