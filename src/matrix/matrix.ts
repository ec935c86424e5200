import { namedConditions } from '../model/condition.ts';
import type { Erratum } from '../model/erratum.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { ClassCount, MatrixPair, PairClass, ProfileMatrix } from '../model/outputs.ts';
import type { Profile } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import { openConditions } from '../verdict/conditions.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import { equivalentReleases } from './equivalence.ts';
import type { ClassOptions } from './pair-classes.ts';
import { classifyPairs, PAIR_CLASSES, pairKey, seriesOrder } from './pair-classes.ts';
import { VerdictTable } from './verdict-table.ts';

// The verdicts of many pairs: each distinct way to an answer is judged once (verdict-table.ts).

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
  /** Hears how many of the outgoing kernels are done. */
  onRow?(done: number): void;
}

/** What a pair comes to, and what that depends on. */
export type Decision = Pick<PairVerdict, 'conditions' | 'decidedBy' | 'effect' | 'verdict'>;

/** A table that several judges share, and which of its profiles is the judge's. */
export interface SharedTable {
  table: VerdictTable;
  profile: number;
}

/** Judges pairs of some kernels. What leads to an answer is looked at once, however many pairs share it. */
export class PairJudge {
  /** As given; `ranks` counts by their positions. */
  readonly kernels: readonly Kernel[];
  readonly profile: Profile;
  readonly #input: Omit<MatrixInput, 'kernels'>;
  readonly #positions: ReadonlyMap<Kernel, number>;
  readonly #shared: SharedTable;
  readonly #answers = new Map<string, Decision>();

  /** A shared table must be one of the same kernels, in the same order. */
  constructor(
    kernels: readonly Kernel[],
    input: Omit<MatrixInput, 'kernels'>,
    shared: SharedTable = { table: new VerdictTable(kernels, [input.profile], input), profile: 0 },
  ) {
    this.kernels = kernels;
    this.profile = input.profile;
    this.#input = input;
    this.#positions = new Map(kernels.map((kernel, position) => [kernel, position]));
    this.#shared = shared;
  }

  /** The ranks (`RANKS`) of every pair with this outgoing kernel, in the order of the kernels. */
  ranks(outgoing: Kernel): Uint8Array {
    return this.#shared.table.row(this.#shared.profile, this.#positionOf(outgoing));
  }

  /** No pair tells kernels with an equal key apart. */
  keyOf(kernel: Kernel): string {
    return this.#shared.table.key(this.#shared.profile, this.#positionOf(kernel));
  }

  /** Both kernels are of those that the judge was made for. */
  judge(outgoing: Kernel, incoming: Kernel): Decision {
    const { conditions, ...decision } = this.shared(outgoing, incoming);
    return { ...decision, ...(conditions && { conditions: namedConditions(conditions, outgoing.release) }) };
  }

  /** The same without the name of a kernel in it, so that pairs may share it. */
  shared(outgoing: Kernel, incoming: Kernel): Decision {
    const { table, profile } = this.#shared;
    const trace = table.trace(profile, this.#positionOf(outgoing), this.#positionOf(incoming));
    const answer = this.#answers.get(trace) ?? this.#judgeOnce(outgoing, incoming);
    this.#answers.set(trace, answer);
    return answer;
  }

  #judgeOnce(outgoing: Kernel, incoming: Kernel): Decision {
    const pair = judgePair({ ...this.#input, outgoing, incoming });
    const { verdict, effect, decidedBy } = pair;
    const conditions = openConditions(pair);
    return { verdict, effect, decidedBy, ...(conditions.length > 0 && { conditions }) };
  }

  #positionOf(kernel: Kernel): number {
    const position = this.#positions.get(kernel);
    if (position === undefined)
      throw new RangeError(`${kernel.release} is not among the kernels of the matrix`);
    return position;
  }
}

/** Kernels that can preserve the state of a profile at all. */
export function carriersOf(judge: PairJudge, kernels: readonly Kernel[]): Kernel[] {
  return kernels.filter((kernel) => judge.judge(kernel, kernel).verdict !== 'unsupported');
}

/** The matrix of a profile on one target: every ordered pair, or those of one class. */
export function computeMatrix(
  input: MatrixInput,
  judge: PairJudge = new PairJudge(input.kernels, input),
): ProfileMatrix {
  const { kernels, profile, target, only } = input;
  const releases = kernels.map(({ release }) => release);
  const classes = classifyPairs(releases, seriesOrder(releases), input);
  const pairs: MatrixPair[] = [];
  for (const [row, outgoing] of kernels.entries()) {
    input.onRow?.(row);
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
        ...(answer.conditions && { conditions: answer.conditions }),
      });
    }
  }
  const equivalents = equivalentReleases(kernels, judge);
  return { profile: profile.name, target, releases, equivalents, pairs, classes: countClasses(pairs, only) };
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
