import type { ComponentVerdict } from './finding.ts';
import type { PairClass } from './outputs.ts';
import type { Target } from './target.ts';
import type { ComponentVerdictKind, Effect, Verdict } from './verdict-kind.ts';

// What `window` prints: which formats a kernel must still read, which it may drop, which were dropped too early.

/** When a format leaves the window: with the first series, or release, whose window does not reach back to a writer of it. */
export interface FallsOut {
  /** `7.4`, or a release in a window within one series; null where only the policy can say. */
  with: string | null;
  /** Whether a kernel of it is known. */
  isKnown: boolean;
  /** The oldest date that is known of it, YYYY-MM-DD. */
  date: string | null;
  /** A month, YYYY-MM, for a series to come: counted on from the newest one that is known. */
  expected: string | null;
  words: string;
}

/** One way of writing a component: a marker, and the layouts that stand under it. */
export interface WindowFormat {
  /** `kho kho-v3 as of 7.1.13`. */
  id: string;
  component: string;
  /** `kho-v3`, `pci 1`, `no marker`. */
  marker: string;
  /** The component whose marker it is, where that is another one. */
  guardedBy?: string;
  /** The newest known kernel that writes it: what `layoutOf` in an overlay may name. */
  asOf: string;
  /** The known kernels that write it, oldest first. */
  writers: string[];
  /** Machines of the fleet that run one of the writers; null without a fleet. */
  hosts: number | null;
  fallsOut: FallsOut;
}

/** A format that a writer inside the window has. */
export interface DemandedFormat extends WindowFormat {
  /** The part that the component has in the profile; `outside` where it only ends the boot. */
  role: ComponentVerdict['role'];
  /** Whether a pair fails for it; without it the loss is a note, with its condition. */
  counts: boolean;
  /** `unknown` where a needed fact is missing: never as good as `read`. */
  state: 'missing' | 'read' | 'unknown';
  /** Of the component by itself, with the newest writer inside the window. */
  verdict: ComponentVerdictKind;
  effect: Effect | null;
  /** What decided that, in a sentence; null where it is read without a note. */
  why: string | null;
  /** The first kernel that no longer read it although one before did; null where it is read, or never was. */
  droppedBy: string | null;
}

/** A format that is read, and that no kernel inside the window writes. */
export interface DroppableFormat extends WindowFormat {
  why: string;
}

/** A pair inside the window. */
export interface WindowPair {
  outgoing: string;
  incoming: string;
  class: PairClass[];
  direction: 'backward' | 'forward';
  profile: string;
  verdict: Verdict;
  effect: Effect | null;
  /** What the verdict depends on. */
  conditions?: string[];
  /** Ids of the formats that the incoming kernel would have to read for the pair to be safe. */
  missing: string[];
}

/** What one kernel has to read. */
export interface WindowRelease {
  release: string;
  date: string | null;
  /** The known release before it: what that one reads and this one does not, this one has dropped. */
  previous: string | null;
  /** How many kernels are inside its window. */
  demands: number;
  mustRead: DemandedFormat[];
  mayDrop: DroppableFormat[];
  /** Ids of those that it must read, does not, and a kernel before it did. */
  droppedTooEarly: string[];
  pairs: WindowPair[];
}

/** The window on one target. */
export interface TargetWindow {
  target: Target;
  releases: WindowRelease[];
}

/** `window --format json`. */
export interface WindowOutput {
  /** The class whose reach is the window; null where the pairs of a policy are. */
  class: PairClass | null;
  policy: string | null;
  /** Later kernels are written for as well: what a rollback needs. */
  both: boolean;
  profiles: string[];
  /** Machines of the fleet, and those with a release that is not known; null without a fleet. */
  fleet: { total: number; unknown: { release: string; hosts: number }[] } | null;
  windows: TargetWindow[];
}
