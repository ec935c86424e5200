import type { PairClass } from './outputs.ts';
import type { Effect, Verdict } from './verdict-kind.ts';

/** What a pair comes to for one kind of state. */
export interface OverviewAnswer {
  profile: string;
  verdict: Verdict;
  effect: Effect | null;
  /** What the verdict depends on: `panics if 6.19.11 runs with liveupdate=on`. */
  conditions: string[];
}

/** A series and the next one, by the newest release of each. */
export interface OverviewPair {
  outgoing: string;
  incoming: string;
  /** One for each profile of the overview, in its order. */
  answers: OverviewAnswer[];
}

/** How many pairs of a class are safe for a profile, of those whose outgoing kernel can carry the state. */
export interface OverviewCount {
  class: PairClass;
  profile: string;
  pairs: number;
  safe: number;
}

/** `overview --format json`. */
export interface OverviewOutput {
  target: string;
  /** Kinds of state that some upstream release carries. */
  profiles: string[];
  /** Those that none does. */
  notCarried: string[];
  pairs: OverviewPair[];
  classes: OverviewCount[];
}
