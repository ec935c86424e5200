import type { PairVerdict } from './finding.ts';
import type { MatrixPair } from './outputs.ts';
import type { Verdict } from './verdict-kind.ts';

// What `pairs`, `route` and `reach` print for other programs.

/** What a pair comes to: its verdict, what a refusal does, and what decided. */
export interface PairDecision {
  verdict: PairVerdict['verdict'];
  effect: PairVerdict['effect'];
  decidedBy: PairVerdict['decidedBy'];
  /** What the verdict depends on: `panics if 6.19.11 runs with liveupdate=on`. */
  conditions?: string[];
  /** The profile with this verdict, where several were asked for. */
  profile?: string;
}

/** What the incoming kernel of a hop would have to read beside its own: `luo-abi shim` writes what of it follows from the facts. */
export interface RouteShim {
  component: string;
  /** What the outgoing kernel writes: `kho-v3`; `nothing` where the reader demands what is not written. */
  marker: string;
  /** The outgoing kernel. */
  asOf: string;
  /** The converters are all that is needed beside the calls. */
  isGenerated: boolean;
  /** What is left to people; empty where nothing is. */
  words: string;
}

/** A hop that shims make possible. */
export interface ShimmedPair {
  outgoing: string;
  incoming: string;
  shims: RouteShim[];
  /** For the way back, in the outgoing kernel; only where it was demanded. */
  back?: RouteShim[];
  /** What it depends on even so. */
  conditions?: string[];
}

/** What `--shims` adds to a route. */
export interface RouteShims {
  /** How many were allowed. */
  most: number;
  /** The fewest with which a way leads to the goal; null where none does with any number. */
  least: number | null;
  /** Hops from the start, or from what safe pairs lead to, that so many shims make possible; fewest first. */
  possible: ShimmedPair[];
}

/** One live update on the way: into which kernel, and what the pair comes to. */
export interface RouteStep extends PairDecision {
  incoming: string;
  /** Other releases that would do as well in its place; none for the last step. */
  equivalents: string[];
  /** The way back of this step; only where it was demanded. */
  rollback?: PairDecision;
  /** Where the pair is safe only with them: for the way there and the way back. */
  shims?: RouteShim[];
}

export interface RouteHop extends RouteStep {
  outgoing: string;
}

/** Pairs that come to the same: each of `outgoing` with each of `incoming`. */
export interface PairBlock extends PairDecision {
  outgoing: string[];
  incoming: string[];
  /** True where the pair itself is safe and its way back, whose verdict this is, is not. */
  isRollback?: boolean;
}

/** Why there is no route: where each way ends, and what stands between. */
export interface RouteEnds {
  /** All that can be reached from the start by safe pairs, in order, without the start. */
  reached: string[];
  /** Of those the one that comes nearest to the goal; null where nothing can be reached. */
  farthest: string | null;
  /** All from which the goal can be reached by safe pairs, in order, without the goal. */
  reaching: string[];
  /** Of those the one that comes nearest to the start. */
  nearest: string | null;
  /** The number of hops of the shortest way, where there is one and it is longer than was asked for. */
  shortest: number | null;
  /** Every pair from the start, or what it reaches, to the goal, or what reaches it: none is safe. Worst first. */
  border: PairBlock[];
}

/** `route --format json`. */
export interface RouteOutput {
  from: string;
  to: string;
  profile: string;
  target: string;
  /** Every hop can be undone. */
  rollback: boolean;
  maxHops: number | null;
  /** The kernels that were looked at, in order; one that cannot carry the state only where it was named. */
  releases: string[];
  /** From the first live update to the last; null where there is no way. */
  hops: RouteHop[] | null;
  /** Only where there is no way. */
  ends: RouteEnds | null;
  /** Only where `--shims` allows some. */
  shims?: RouteShims;
}

/** A kernel that can be reached, or from which one can come. */
export interface ReachedRelease {
  release: string;
  /**
   * @minimum 1
   * @asType integer
   */
  hops: number;
  /** The worst on the way. */
  verdict: Verdict;
  /** What the hops of the way depend on. */
  conditions?: string[];
}

/** `reach --format json`. */
export interface ReachOutput {
  release: string;
  profile: string;
  target: string;
  maxHops: number | null;
  /** The kernels that were looked at, in order; one that cannot carry the state only where it was named. */
  releases: string[];
  /** What can be reached, in order. */
  reached: ReachedRelease[];
  /** From which it can be gone back to the release, in order. */
  rollback: ReachedRelease[];
}

/** `pairs --format json`. */
export interface PairsOutput {
  profile: string;
  target: string;
  /** Oldest first. */
  releases: string[];
  equivalents: string[][];
  /** How many pairs there are of each verdict, listed or not; a kernel with itself does not count. */
  counts: { [verdict: string]: number };
  /** How many of all are safe. */
  safe: number;
  total: number;
  /** Those of the verdicts that were asked for, worst first. */
  pairs: MatrixPair[];
}
