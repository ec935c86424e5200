import type { Finding, Level } from './finding.ts';
import type { PairClass } from './outputs.ts';
import type { Target } from './target.ts';
import type { Effect, Verdict } from './verdict-kind.ts';

/** A verdict with its effect. */
export interface Answer {
  verdict: Verdict;
  effect: Effect | null;
}

/** What became of one judged pair. `waived`: it passes only because of a waiver. */
export type GateStatus = 'failed' | 'passed' | 'waived';

/** An ordered pair under one profile on one target. */
export interface GatePair {
  outgoing: string;
  incoming: string;
  class: PairClass[];
  direction: 'backward' | 'forward';
  profile: string;
  target: Target;
  /** As `check` gives it, whatever the policy says. */
  verdict: Verdict;
  effect: Effect | null;
  status: GateStatus;
  /** The verdict of what no waiver accepts; null where the loss of all state is accepted, so that nothing is left to judge. */
  remaining: Answer | null;
  /** Why it fails, one sentence each. */
  reasons: string[];
  evidence: 'agrees' | 'disagrees' | 'untested';
  /** What the verdict depends on: `panics if 6.19.11 runs with liveupdate=on`. */
  conditions?: string[];
  /** Fingerprints of the findings that fail it or would without a waiver. */
  findings: string[];
}

/** Pairs in which a finding was seen. */
export interface GateFindingPair {
  outgoing: string;
  incoming: string;
  profiles: string[];
  targets: Target[];
}

/** A finding once for all pairs that it is in. Message, facts and places are those of the first of them. */
export interface GateFinding extends Finding {
  fingerprint: string;
  component: string;
  /**
   * `failing`: it fails its pairs. `waived`: a waiver covers it. `allowed`: the policy lets its verdict pass. `noted`: to be
   * known, nothing more.
   */
  status: 'allowed' | 'failing' | 'noted' | 'waived';
  /** Position in `waivers` of the one that covers it. */
  waiver: number | null;
  pairs: GateFindingPair[];
}

/** A waiver of the policy, and what it did in this run. */
export interface GateWaiver {
  fingerprint?: string;
  rule?: string;
  component?: string;
  subject?: string;
  outgoing?: string;
  incoming?: string;
  reason: string;
  owner: string;
  expires?: string;
  acceptsCorruption: boolean;
  /** Line of the policy where it begins, from 1. */
  line: number | null;
  /** `powerless`: it matches corruption and does not accept it. Only `used` and `too-broad` cover anything. */
  status: 'expired' | 'powerless' | 'too-broad' | 'unused' | 'used';
  /** Fingerprints of the findings that it names, sorted. */
  matches: string[];
}

/** Something that is wrong with the run itself: rules of the gate, not of the kernels. */
export interface GateProblem {
  rule: string;
  level: Level;
  message: string;
  /** Line of the policy that it is about. */
  line: number | null;
}

/** How many judged pairs there are of each kind. */
export interface GateCounts {
  pairs: number;
  passed: number;
  waived: number;
  failed: number;
}

/** `gate --format json`. */
export interface GateReport {
  outcome: 'failed' | 'passed';
  /** One line in words. */
  summary: string;
  /** Path of the policy as it was given. */
  policy: string;
  /** The day against which waivers were held: YYYY-MM-DD. */
  today: string;
  counts: GateCounts;
  /** Failed first, then waived, then passed; each in the order of the policy. */
  pairs: GatePair[];
  /** Failing first, then waived, allowed, noted. */
  findings: GateFinding[];
  /** In the order of the policy. */
  waivers: GateWaiver[];
  problems: GateProblem[];
}
