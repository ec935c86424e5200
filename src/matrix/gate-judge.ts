import type { Erratum } from '../model/erratum.ts';
import type { PairVerdict } from '../model/finding.ts';
import type { Profile } from '../model/profile.ts';
import type { ReviewDocument } from '../model/review.ts';
import type { Target } from '../model/target.ts';
import type { Kernel } from '../verdict/kernel.ts';
import { judgePair } from '../verdict/pair.ts';
import { VerdictTable } from './verdict-table.ts';

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

/** One profile, with some components taken as passed, on one target. */
interface Bench {
  profile: Profile;
  table: VerdictTable;
  answers: Map<string, PairVerdict>;
}

/**
 * Judges pairs in full, once for all pairs whose answers follow from the same facts. The releases, messages and places in an
 * answer are those of the first such pair.
 */
export class GateJudge {
  readonly #kernels: readonly Kernel[];
  readonly #judging: GateJudging;
  readonly #positions: ReadonlyMap<string, number>;
  readonly #benches = new Map<string, Bench>();

  constructor(kernels: readonly Kernel[], judging: GateJudging) {
    this.#kernels = kernels;
    this.#judging = judging;
    this.#positions = new Map(kernels.map(({ release }, position) => [release, position]));
  }

  /** Both kernels are of those that the judge was made for. */
  judge({ outgoing, incoming, profile, target, passed }: JudgeRequest): PairVerdict {
    const bench = this.#bench(profile, target, passed);
    const trace = bench.table.trace(0, this.#positionOf(outgoing), this.#positionOf(incoming));
    const known = bench.answers.get(trace);
    if (known) return known;
    const answer = judgePair({ ...this.#judging, outgoing, incoming, profile: bench.profile, target });
    bench.answers.set(trace, answer);
    return answer;
  }

  #bench(profile: Profile, target: Target, passed: readonly string[]): Bench {
    const key = [profile.name, target, ...passed].join(' ');
    const known = this.#benches.get(key);
    if (known) return known;
    // An ignored component counts as passed for what needs it, and is not looked at again.
    const lenient = { ...profile, ignored: [...profile.ignored, ...passed] };
    const table = new VerdictTable(this.#kernels, [lenient], { ...this.#judging, target });
    const bench = { profile: lenient, table, answers: new Map<string, PairVerdict>() };
    this.#benches.set(key, bench);
    return bench;
  }

  #positionOf({ release }: Kernel): number {
    const position = this.#positions.get(release);
    if (position === undefined) throw new RangeError(`${release} is not among the kernels of the gate`);
    return position;
  }
}
