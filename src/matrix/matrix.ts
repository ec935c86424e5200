import { namedConditions } from '../model/condition.ts';
import type { Erratum } from '../model/erratum.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { PairClass, ProfileMatrix } from '../model/outputs.ts';
import type { PairTable, TableAnswer } from '../model/pair-table.ts';
import type { Profile } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import { openConditions } from '../verdict/conditions.ts';
import type { Kernel } from '../verdict/kernel.ts';
import type { Judged } from '../verdict/pair.ts';
import { judgePair } from '../verdict/pair.ts';
import { equivalentReleases, groupByKey } from './equivalence.ts';
import { expandTable } from './expand-table.ts';
import { checkClasses } from './limits.ts';
import type { ClassOptions } from './pair-classes.ts';
import { PairClassifier, seriesOrder } from './pair-classes.ts';
import { classPairs } from './pair-units.ts';
import type { Steps } from './steps.ts';
import { atOnce } from './steps.ts';
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
  /** By kind of the outgoing kernel, then of the incoming one. */
  readonly #byKinds = new Map<number, Map<number, Decision>>();
  readonly #keys = new Map<number, string>();

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
    const kind = this.#kindOf(kernel);
    const known = this.#keys.get(kind) ?? this.#shared.table.key(this.#shared.profile, kind);
    this.#keys.set(kind, known);
    return known;
  }

  /** Both kernels are of those that the judge was made for. */
  judge(outgoing: Kernel, incoming: Kernel): Decision {
    const { conditions, ...decision } = this.shared(outgoing, incoming);
    return { ...decision, ...(conditions && { conditions: namedConditions(conditions, outgoing.release) }) };
  }

  /** The same without the name of a kernel in it, so that pairs may share it. */
  shared(outgoing: Kernel, incoming: Kernel): Decision {
    const [from, to] = [this.#kindOf(outgoing), this.#kindOf(incoming)];
    const own = this.#byKinds.get(from) ?? new Map<number, Decision>();
    this.#byKinds.set(from, own);
    const known = own.get(to);
    if (known) return known;
    const trace = this.#shared.table.trace(this.#shared.profile, from, to);
    const answer = this.#answers.get(trace) ?? this.#judgeOnce(outgoing, incoming);
    this.#answers.set(trace, answer);
    own.set(to, answer);
    return answer;
  }

  #judgeOnce(outgoing: Kernel, incoming: Kernel): Decision {
    const [from, to] = [this.#kindOf(outgoing), this.#kindOf(incoming)];
    const { table } = this.#shared;
    const known = { get: (id: string): Judged => table.judged(id, from, to), set: () => {} };
    const pair = judgePair({ ...this.#input, outgoing, incoming, known });
    const { verdict, effect, decidedBy } = pair;
    const conditions = openConditions(pair);
    return { verdict, effect, decidedBy, ...(conditions.length > 0 && { conditions }) };
  }

  #kindOf(kernel: Kernel): number {
    return this.#shared.table.kindOf(this.#positionOf(kernel));
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
  return kernels.filter((kernel) => judge.shared(kernel, kernel).verdict !== 'unsupported');
}

/** The matrix of a profile on one target: every ordered pair, or those of one class. */
export function computeMatrix(input: MatrixInput, judge?: PairJudge): ProfileMatrix {
  return expandTable(computeTable(input, judge));
}

/** The same by units: nothing of it is as large as the number of pairs of kernels. */
export function computeTable(input: MatrixInput, judge?: PairJudge): PairTable {
  return atOnce(tableSteps(input, judge));
}

/** The same in steps: each outgoing unit one, and about as many behind them. */
export function* tableSteps(
  input: MatrixInput,
  judge: PairJudge = new PairJudge(input.kernels, input),
): Steps<PairTable> {
  const { kernels, profile, target, only } = input;
  const releases = kernels.map(({ release }) => release);
  const classifier = new PairClassifier(releases, seriesOrder(releases), input);
  const units = groupByKey(kernels.map((kernel) => judge.keyOf(kernel)));
  checkClasses(units.length, 'name fewer with `releases`, or ask of one kernel with reach or check');
  const unitOf = new Uint32Array(kernels.length);
  for (const [number, members] of units.entries()) for (const at of members) unitOf[at] = number;
  const firsts = units.map(([first = 0]) => kernels[first] as Kernel);
  const answers: Decision[][] = [];
  for (const outgoing of firsts) {
    answers.push(firsts.map((incoming) => judge.shared(outgoing, incoming)));
    yield;
  }
  const answer = (outgoing: number, incoming: number): TableAnswer =>
    answers[outgoing]?.[incoming] as TableAnswer;
  return {
    profile: profile.name,
    target,
    releases,
    equivalents: yield* equivalentReleases(releases, units, answer),
    ...(only !== undefined && { only }),
    units,
    unitOf,
    answer,
    classOf: (outgoing, incoming) => classifier.classOf(outgoing, incoming),
    incomingOf: (name, outgoing) => classifier.incomingOf(name, outgoing),
    classPairs: (name) => classPairs(classifier, name, { unitOf, answer }),
    tested: [],
  };
}
